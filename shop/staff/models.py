"""Staff: accounts, sign-ins, tokens, and who changed a row."""

from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.money.fields import AmountField, PercentField
from shop.search import text


class User(AbstractUser):
    """A member of staff."""

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Also refuses invisible names: Django's pattern accepts a Hangul filler as a letter."""
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for name in {"username", "first_name", "last_name"} - set(exclude or ()) - set(errors):
            if problem := text.find_problem(getattr(self, name)):
                errors[name] = [ValidationError(problem)]
        if errors:
            raise ValidationError(errors)


class Session(AbstractBaseSession):
    """A sign-in. It refers to its user, so that one statement reads both (shop/staff/sessions.py)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", db_index=False)

    class Meta:
        # For deleting all sessions of a user.
        indexes: ClassVar = [models.Index(fields=["user"], name="session_by_user")]


class FailedSignIn(models.Model):
    """Counts failed sign-ins of an account, an address or both, or notes that the account knows the address.

    `key` is a hash, so that nobody can read here who works where.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        # `clean_up` deletes old rows by it.
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="failed_sign_in_by_age")]

    def __str__(self) -> str:
        return f"{self.failures} failures"


class RoleLimit(models.Model):
    """How far the members of a role may go without a manager."""

    role = models.OneToOneField(Group, models.CASCADE, primary_key=True, related_name="limit")
    #: The largest discount on a line or an order, in percent.
    discount_percent = PercentField()
    #: The most cash that goes back for an order; None for any amount.
    cash_refund = AmountField(
        null=True, blank=True, help_text="The most cash that goes back for an order. Empty: any amount."
    )

    class Meta:
        default_permissions = ("view", "change")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100), name="role_limit_in_range"
            ),
            models.CheckConstraint(
                condition=Q(cash_refund=None) | Q(cash_refund__gte=0), name="role_limit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        cash = "any amount" if self.cash_refund is None else str(self.cash_refund)
        return f"{self.role}: discounts to {self.discount_percent} %, cash refunds to {cash}"


class Versioned(models.Model):
    """A row that counts its changes, and stores who made the last one and when.

    `changed_by` is None where a program made the change, or where nobody recorded it.
    """

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Does nothing: the services check inside the transaction, and the database checks too."""


class Retirable(Versioned):
    """A row that is retired instead of deleted when other rows refer to it."""

    active = models.BooleanField(default=True)

    class Meta:
        abstract = True


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of_user(self, user_id: int | None) -> Self:
        """Returns the valid tokens of an account, newest first."""
        return self.live().filter(user=user_id).order_by("-pk")

    def live(self) -> Self:
        """Leaves out tokens that were revoked or have expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """A bearer token of the JSON API; only its SHA-256 is stored."""

    USE_STEP = timedelta(hours=1)

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", db_index=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    #: Stored at most once in USE_STEP, so most requests write nothing.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        # For the tokens on the account page.
        indexes: ClassVar = [models.Index(fields=["user"], name="token_by_user")]

    def __str__(self) -> str:
        return f"{self.user}'s token of {self.created_at:%Y-%m-%d}"

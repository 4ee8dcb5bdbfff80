"""The tables of tills: registers, their sessions, counts, and cash movements (cash without a sale)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.db.constraints import is_zero
from shop.money.fields import AmountField
from shop.staff.models import User
from shop.till.queries import RegisterQuerySet, TillSessionQuerySet


class Register(models.Model):
    """A drawer of cash with its own numbers of documents.

    Every payment at it and every document of it locks its row, so only the sales of one register wait for
    one another.
    """

    class Purpose(models.TextChoices):
        COUNTER = "counter"
        API = "api", "JSON API"

    name = models.CharField(max_length=60)
    #: Begins the numbers of its documents, as in "A-000123".
    prefix = models.CharField(max_length=8)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.COUNTER)
    #: Whether a payment opens it when it is closed; no longer once somebody has opened it by hand.
    opens_itself = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    open_session = models.ForeignKey(
        "shop.TillSession", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    next_number = models.PositiveIntegerField(default=1, editable=False)
    #: The hash of its last document; empty before the first.
    chain = models.CharField(max_length=64, blank=True, editable=False)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["prefix"], name="register_prefix_once"),
            models.UniqueConstraint(fields=["name"], name="register_name_once"),
            models.CheckConstraint(
                condition=~Q(prefix="") & ~Q(name=""), name="register_has_name_and_prefix"
            ),
            models.CheckConstraint(condition=Q(next_number__gte=1), name="register_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.name


class TillSession(models.Model):
    """The time of a register from its opening to its closing. `number` counts its sessions: Z1, Z2."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="sessions", db_index=False)
    number = models.PositiveIntegerField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField(default=timezone.now)
    #: What the session before left in the drawer, and what was counted when this one was opened.
    float_expected = AmountField(default=0)
    opening_float = AmountField(default=0)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    expected = AmountField(null=True, blank=True)
    counted = AmountField(null=True, blank=True)
    difference = AmountField(null=True, blank=True)
    #: What went to the bank; the rest of the count is the next float.
    banked = AmountField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    #: How often the drawer was opened without a sale.
    drawer_openings = models.PositiveIntegerField(default=0)

    objects = TillSessionQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("view_expected_cash", "Can see the expected cash before counting"),
            ("operate_till", "Can open and close a till, and move cash"),
        ]
        constraints: ClassVar = [
            # The last session of a register, and its sessions by number.
            models.UniqueConstraint(fields=["register", "number"], name="session_number_once"),
            models.UniqueConstraint(
                fields=["register"], condition=Q(closed_at=None), name="register_open_once"
            ),
            models.CheckConstraint(
                condition=Q(opening_float__gte=0, float_expected__gte=0), name="session_float_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, expected=None, counted=None, difference=None, banked=None)
                | (
                    Q(closed_at__isnull=False, expected__isnull=False, counted__isnull=False)
                    & Q(difference__isnull=False, banked__isnull=False)
                    & Q(closed_at__gte=models.F("opened_at"), counted__gte=0, banked__gte=0)
                    & Q(banked__lte=models.F("counted"))
                    & is_zero(models.F("counted") - models.F("expected") - models.F("difference"))
                ),
                name="session_close_adds_up",
            ),
        ]
        # Sessions by day, for the list of differences.
        indexes: ClassVar = [models.Index(fields=["opened_at", "id"], name="session_by_date")]

    def __str__(self) -> str:
        return f"{self.register_id} Z{self.number}"


class TillCount(models.Model):
    """How many pieces of one note or coin were counted when a session was opened or closed."""

    class Moment(models.TextChoices):
        OPEN = "open"
        CLOSE = "close"

    session = models.ForeignKey(TillSession, models.PROTECT, related_name="counts", db_index=False)
    moment = models.CharField(max_length=5, choices=Moment.choices)
    denomination = AmountField()
    pieces = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "moment", "denomination"], name="count_once"),
            models.CheckConstraint(condition=Q(denomination__gt=0, pieces__gte=0), name="count_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.denomination}"


class CashMovement(models.Model):
    """Cash that came into a drawer or went out of it without a sale."""

    class Kind(models.TextChoices):
        FLOAT = "float", "More change"
        DROP = "drop", "To the safe"
        PAYOUT = "payout", "Paid out"
        FOUND = "found", "Found"

    session = models.ForeignKey(TillSession, models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = AmountField(help_text="Positive: came in. Negative: went out.")
    reason = models.CharField(max_length=200)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="cash_movement_has_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["float", "found"], amount__gt=0)
                | Q(kind__in=["drop", "payout"], amount__lt=0),
                name="cash_movement_has_direction",
            ),
        ]
        # The movements of a session.
        indexes: ClassVar = [models.Index(fields=["session", "id"], name="cash_movement_by_session")]

    def __str__(self) -> str:
        return f"{self.amount} {self.kind}"

"""Changes accounts, and checks who may: nobody gives a right that they do not have."""

from decimal import Decimal

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.money.errors import NegativeAmount
from shop.staff.errors import PercentOutOfRange
from shop.staff.models import RoleLimit, User
from shop.staff.tokens import end_tokens

#: The role whose members use the admin.
ADMIN_GROUP = "admin"


@retried_transaction
def change_password(*, user_id: int, password_hash: str) -> User:
    """Stores a new password, hashed by the caller because that is slow. The account's API tokens end.

    Its sessions end too, since each holds a fingerprint of the password. Raises NotFound.
    """
    user = lock_or_raise(User, user_id)
    user.password = password_hash
    user.save(update_fields=["password"])
    end_tokens(user_id=user.pk)
    return user


@retried_transaction
def update_admin_access(*, user_id: int) -> User:
    """Lets superusers and members of the admin role into the admin, and nobody else. Raises NotFound."""
    user = lock_or_raise(User, user_id)
    may_enter = user.is_superuser or user.groups.filter(name=ADMIN_GROUP).exists()
    if user.is_staff != may_enter:
        user.is_staff = may_enter
        user.save(update_fields=["is_staff"])
    return user


@retried_transaction
def set_role_limits(*, role_id: int, discount_percent: Decimal, cash_refund: Decimal | None) -> RoleLimit:
    """Sets the largest discount that members of a role may give, and the most cash they may give back.

    Raises NotFound, PercentOutOfRange, NegativeAmount.
    """
    limit = lock_or_raise(RoleLimit, role_id)
    if not 0 <= discount_percent <= 100:
        raise PercentOutOfRange(discount_percent)
    if cash_refund is not None and cash_refund < 0:
        raise NegativeAmount(amount=cash_refund)
    if (limit.discount_percent, limit.cash_refund) != (discount_percent, cash_refund):
        limit.discount_percent, limit.cash_refund = discount_percent, cash_refund
        limit.save(update_fields=["discount_percent", "cash_refund"])
    return limit


def may_act_for(actor: User, other: User) -> bool:
    """Whether `actor` has every right of `other`, active or not."""
    if actor.is_superuser:
        return True
    if other.is_superuser:
        return False
    return _has_all(actor, Permission.objects.filter(Q(user=other) | Q(group__user=other)))


def may_give(actor: User, role: Group) -> bool:
    """Whether `actor` has every right of a role."""
    return actor.is_superuser or _has_all(actor, role.permissions.all())


def _has_all(actor: User, rights: QuerySet[Permission]) -> bool:
    names = rights.order_by().values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names} <= actor.get_all_permissions()

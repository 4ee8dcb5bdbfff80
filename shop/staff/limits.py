"""Reads the limits of members of staff."""

from decimal import Decimal
from typing import Any

from shop.staff.models import User

NO_LIMIT = Decimal(100)


def read_discount_limit(staff_id: int | None) -> Decimal:
    """Returns the largest discount, in percent, that this member of staff may give: that of their best role.

    A role without a limit allows no discount. Superusers and programs (None) have no limit.
    """
    limits = _read_limits(staff_id, "discount_percent")
    return NO_LIMIT if limits is None else max(limits, default=Decimal(0))


def read_cash_refund_limit(staff_id: int | None) -> Decimal | None:
    """Returns how much cash this member of staff may give back for an order; None for any amount.

    Their best role decides. A role without limits allows none; superusers and programs (None) have no limit.
    """
    limits = _read_limits(staff_id, "cash_refund")
    if limits is None or None in limits:
        return None
    return max(limits, default=Decimal(0))


def _read_limits(staff_id: int | None, column: str) -> list[Any] | None:
    """Returns this column of the limits of each role of a person; None for whoever has no limit."""
    if staff_id is None:
        return None
    columns = "is_superuser", "groups__limit", f"groups__limit__{column}"
    rows = list(User.objects.filter(pk=staff_id).values_list(*columns))
    if any(is_superuser for is_superuser, _, _ in rows):
        return None
    return [value for _, role_id, value in rows if role_id is not None]

"""Reads the limits of members of staff."""

from decimal import Decimal

from shop.staff.models import User

NO_LIMIT = Decimal(100)


def read_discount_limit(staff_id: int | None) -> Decimal:
    """Returns the largest discount, in percent, that this member of staff may give: that of their best role.

    A role without a limit allows no discount. Superusers and programs (None) have no limit.
    """
    if staff_id is None:
        return NO_LIMIT
    columns = "is_superuser", "groups__limit__discount_percent"
    rows = list(User.objects.filter(pk=staff_id).values_list(*columns))
    if any(is_superuser for is_superuser, _ in rows):
        return NO_LIMIT
    return max((limit for _, limit in rows if limit is not None), default=Decimal(0))

"""How much cash a member of staff may give back alone. More needs a manager, who confirms it in place."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from shop.payments.errors import CashRefundAboveLimit
from shop.payments.models import Payment
from shop.payments.refunds import drop_reversed
from shop.staff.limits import read_cash_refund_limit


def allow_cash_refunds(
    refunds: Sequence[Payment],
    payments: Iterable[Payment],
    *,
    staff_id: int | None,
    confirmed_by_id: int | None,
) -> None:
    """Checks cash refunds against the limit of whoever gives or confirms them, and sets `confirmed_by`.

    Stores nothing. The limit is for an order: what went back in cash before, among its stored `payments`,
    counts too, or somebody could give back a large amount in small ones. Raises CashRefundAboveLimit.
    """
    in_cash = [row for row in refunds if row.method == "cash"]
    if not in_cash:
        return
    before = _sum_cash_back(drop_reversed(payments))
    given = before + _sum_cash_back(in_cash)
    limit = read_cash_refund_limit(confirmed_by_id or staff_id)
    if limit is not None and given > limit:
        raise CashRefundAboveLimit(limit=limit, before=before, asked=given - before)
    for row in in_cash:
        row.confirmed_by_id = confirmed_by_id


def _sum_cash_back(payments: Iterable[Payment]) -> Decimal:
    amounts = (-row.amount for row in payments if row.method == "cash" and row.amount < 0)
    return sum(amounts, Decimal("0.00"))

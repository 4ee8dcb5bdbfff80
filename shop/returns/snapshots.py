"""Snapshots of returns: what comes back, as a page showed it to the clerk who confirms it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.db.ids import MAX_ID
from shop.money.amounts import MAX_QUANTITY
from shop.orders.views.snapshots import decode_amount
from shop.web.snapshots import LOAD_PAGE_ANEW, Snapshot, check_text, check_whole

#: A sale from a file may have many lines, but nobody takes back so many at once.
MAX_RETURN_LINES = 5_000


@dataclass(frozen=True)
class SeenReturn:
    """Pairs of a line's id and its units, and what they give back."""

    lines: tuple[tuple[int, int], ...]
    reason: str
    restock: bool
    gross: Decimal


@dataclass(frozen=True)
class SeenAllowance:
    """An amount off a line, and what was left of the line before it."""

    line_id: int
    amount: Decimal
    reason: str
    left: Decimal


def _decode_return(value: Any) -> SeenReturn:
    rows, reason, restock, gross = value
    if len(rows) > MAX_RETURN_LINES:
        raise ValueError("more lines than a return has")
    lines = tuple(
        (check_whole(line_id, 1, MAX_ID), check_whole(units, 1, MAX_QUANTITY)) for line_id, units in rows
    )
    if not isinstance(restock, bool):
        raise TypeError("neither true nor false")
    return SeenReturn(lines, check_text(reason), restock, decode_amount(gross))


def _decode_allowance(value: Any) -> SeenAllowance:
    line_id, amount, reason, left = value
    return SeenAllowance(
        check_whole(line_id, 1, MAX_ID), decode_amount(amount), check_text(reason), decode_amount(left)
    )


#: The units that a page was about to take back; its row is the order's reference.
RETURN = Snapshot[SeenReturn](
    "return",
    LOAD_PAGE_ANEW,
    lambda seen: [seen.lines, seen.reason, seen.restock, str(seen.gross)],
    _decode_return,
)

#: The amount that a page was about to take off; its row is the order's reference.
ALLOWANCE = Snapshot[SeenAllowance](
    "allowance",
    LOAD_PAGE_ANEW,
    lambda seen: [seen.line_id, str(seen.amount), seen.reason, str(seen.left)],
    _decode_allowance,
)

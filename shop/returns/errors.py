"""What the services of returns raise, besides the errors of the arithmetic (shop/money/errors.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidValue
from shop.orders.errors import OrderError


class NothingToReturn(InvalidValue):
    """A return names no line."""

    code = "nothing_to_return"


@dataclass(eq=False)
class UnknownLines(InvalidValue):
    """Lines that are not on the order; `lines` are their ids."""

    code = "unknown_lines"

    lines: Sequence[int]


class ReasonMissing(InvalidValue):
    """A return needs a reason."""

    code = "reason_missing"


@dataclass(eq=False)
class ReturnChanged(OrderError):
    """The return comes to another amount than the clerk saw: somebody took something back meanwhile."""

    code = "return_changed"

    reference: str
    seen: Decimal
    now: Decimal

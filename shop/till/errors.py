"""What the services of tills raise."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.db.errors import InvalidValue, ShopError


@dataclass(eq=False)
class TillClosed(ShopError):
    """The register has no open session, and does not open itself."""

    code = "till_closed"

    register: str
    register_id: int

    def values(self) -> dict[str, Any]:
        return {"register": self.register}


@dataclass(eq=False)
class RegisterNameTaken(InvalidValue):
    """Another register has this name."""

    code = "register_name_taken"

    name: str


@dataclass(eq=False)
class PrefixTaken(InvalidValue):
    """Another register has this prefix."""

    code = "prefix_taken"

    prefix: str
    name: str


@dataclass(eq=False)
class InvalidPrefix(InvalidValue):
    """A prefix is one to `most` capital letters and digits, since it begins the numbers of documents."""

    code = "invalid_prefix"

    prefix: str
    most: int


@dataclass(eq=False)
class TillOpen(ShopError):
    """The register has an open session already."""

    code = "till_open"

    register: str


@dataclass(frozen=True)
class NewEntry:
    """A payment, or a movement of cash, as a message names it: by its method or kind."""

    kind: str
    amount: Decimal
    by: str
    at: datetime.datetime


@dataclass(eq=False)
class TillChanged(ShopError):
    """Money went through the till after it was counted. `entries` is how many entries it has now.

    `newest` are those that came in between, the latest first, as far as there is room to name them.
    """

    code = "till_changed"

    seen: int
    entries: int
    newest: tuple[NewEntry, ...] = ()

    def values(self) -> dict[str, Any]:
        return {"seen": self.seen, "entries": self.entries}


class NotCounted(InvalidValue):
    """Nothing was counted; an empty drawer is counted with a zero."""

    code = "not_counted"


@dataclass(eq=False)
class CountsDiffer(InvalidValue):
    """The pieces add up to another amount than was typed as their sum."""

    code = "counts_differ"

    pieces: Decimal
    amount: Decimal


@dataclass(eq=False)
class ClosedOtherwise(ShopError):
    """The session was closed before, with other figures."""

    code = "closed_otherwise"

    counted: Decimal
    banked: Decimal


class CashReasonMissing(InvalidValue):
    """Cash that moves without a sale needs a reason."""

    code = "cash_reason_missing"


@dataclass(eq=False)
class UnknownCashKind(InvalidValue):
    """Cash moves as more change, to the safe, as a payout, or because it was found."""

    code = "unknown_cash_kind"

    kind: str

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
    """The register `name` has this prefix; or, if `is_old`, documents of it begin with this prefix."""

    code = "prefix_taken"

    prefix: str
    name: str
    is_old: bool = False


@dataclass(eq=False)
class InvalidPrefix(InvalidValue):
    """The prefix of document numbers is not 1 to `most` capital letters and digits."""

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
    """A payment or a cash movement, as a message names it. `kind` is its method or its kind."""

    kind: str
    amount: Decimal
    by: str
    at: datetime.datetime


@dataclass(eq=False)
class TillChanged(ShopError):
    """Entries were added to the session while it was counted.

    `seen` is the number of entries that the page of the count knew, `entries` the present one. `newest` are
    some of those that were added, the latest first.
    """

    code = "till_changed"

    seen: int
    entries: int
    newest: tuple[NewEntry, ...] = ()

    def values(self) -> dict[str, Any]:
        return {"seen": self.seen, "entries": self.entries}


class NotCounted(InvalidValue):
    """No number was typed for any note or coin. For an empty drawer, somebody types a 0."""

    code = "not_counted"


@dataclass(eq=False)
class CountsDiffer(InvalidValue):
    """The pieces add up to `pieces`, but `amount` was typed as their sum."""

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
    """A cash movement needs a reason."""

    code = "cash_reason_missing"


@dataclass(eq=False)
class UnknownCashKind(InvalidValue):
    """There is no such kind of cash movement; see CashMovement.Kind."""

    code = "unknown_cash_kind"

    kind: str

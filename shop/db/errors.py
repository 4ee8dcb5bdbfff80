"""What services raise: a code and values. Each reader's side words them (shop/web/wording.py)."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


class ShopError(Exception):
    """A write that was refused. Nothing was changed. The fields of a subclass are its values."""

    code: ClassVar[str] = "refused"
    http_status: ClassVar[int] = 409

    def values(self) -> dict[str, Any]:
        """Returns what a program is told besides the code: numbers, texts, and lists of such values."""
        return {name: getattr(self, name) for name in getattr(self, "__dataclass_fields__", ())}

    def __str__(self) -> str:
        """For logs only: readers get what `word_error` makes of it."""
        values = self.values()
        return f"{self.code} {values}" if values else super().__str__() or self.code


@dataclass(eq=False)
class NotFound(ShopError):
    """The row that the write is about does not exist (any more). `kind` is what people call such a row."""

    code = "not_found"
    http_status = 404

    kind: str = "row"


class MadeAndDeleted(NotFound):
    """A key was used before, and what it made has since been deleted."""


class InvalidValue(ShopError):
    """A value that cannot be accepted. Each form knows which of its fields it is about."""

    code = "invalid"
    http_status = 422


@dataclass(eq=False)
class InvalidFields(InvalidValue):
    """What a form or the API found wrong: the sentence for each of its fields. No service raises it."""

    fields: Mapping[str, str]

    def values(self) -> dict[str, Any]:
        """Returns nothing: the API sends the fields in any case."""
        return {}


@dataclass(eq=False)
class SeveralErrors(InvalidValue):
    """Several values that cannot be accepted at once."""

    errors: Sequence[InvalidValue]

    def values(self) -> dict[str, Any]:
        return {"errors": [{"error": error.code, **error.values()} for error in self.errors]}


def list_errors(error: ShopError) -> Sequence[ShopError]:
    """Returns the errors that this one stands for."""
    return [*error.errors] if isinstance(error, SeveralErrors) else [error]


def raise_all(errors: Sequence[InvalidValue]) -> None:
    """Raises the one error, or SeveralErrors; nothing where there is none."""
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


@dataclass(eq=False)
class InUse(ShopError):
    """A row that others refer to cannot be deleted."""

    code = "in_use"

    name: str


@dataclass(frozen=True)
class Change:
    """Who changed a row last, and when, as far as that is recorded. `by` is read where it is shown."""

    by_id: int | None
    at: datetime | None
    by: str = ""


@dataclass(frozen=True)
class Difference:
    """One value that is not what the clerk saw; `wanted` is the one that they sent; JSON calls it `mine`.

    A value that is not known, or not wanted, is left out (`UNKNOWN`).
    """

    UNKNOWN: ClassVar[Any] = ...

    field: str
    was: Any = UNKNOWN
    now: Any = UNKNOWN
    wanted: Any = UNKNOWN
    #: What the field is one of, where that is not plain: the product of a line.
    name: str = ""
    change: Change | None = dataclasses.field(default=None, compare=False)

    def values(self) -> dict[str, Any]:
        """Returns what a program is told."""
        known = {"was": self.was, "now": self.now, "mine": self.wanted}
        named = {"field": self.field} | ({"name": self.name} if self.name else {})
        return named | {name: value for name, value in known.items() if value is not self.UNKNOWN}


@dataclass(eq=False)
class Stale(ShopError):
    """The row changed since the page was made.

    `now` is what is there: the row, or the value in question. `is_own` says that the last change
    is one's own; an earlier one may be another's, or another window's.
    """

    code = "stale"

    differences: Sequence[Difference] = ()
    now: Any = None
    is_own: bool = False

    def values(self) -> dict[str, Any]:
        return {"differences": [difference.values() for difference in self.differences]}


class KeyReused(ShopError):
    """An idempotency key that its user sent before with another payload."""

    code = "idempotency_key_reused"
    http_status = 422


class NotTried(ShopError):
    """One of several rows, left as it is because those before it took too long."""

    code = "not_tried"


@dataclass(eq=False)
class ExportUnderWay(ShopError):
    """Another export is being written: one's own (`is_own`), or too many of others."""

    code = "export_under_way"
    http_status = 429

    is_own: bool


class Busy(Exception):
    """The database refused again and again; nothing was changed. Try again with the same key."""

    code = "busy"
    http_status = 503
    retry_after = 2
    detail = "The database is busy or away. Nothing was changed. Please try again."


class UnknownOutcome(Busy):
    """The connection was lost at COMMIT: the change may or may not have happened."""

    code = "unknown_outcome"
    detail = (
        "The connection was lost while saving, and we do not know yet whether it was saved. "
        "Please send it again: if it was saved, it will not be saved twice."
    )

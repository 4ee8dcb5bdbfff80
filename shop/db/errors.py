"""The errors that services raise: a code and values. Pages, JSON and the admin word them."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


class ShopError(Exception):
    """A write was refused and nothing was changed. The fields of a subclass are its values."""

    code: ClassVar[str] = "refused"
    http_status: ClassVar[int] = 409

    def values(self) -> dict[str, Any]:
        """Returns the values that JSON sends with the code: numbers, texts, and lists of them."""
        return {name: getattr(self, name) for name in getattr(self, "__dataclass_fields__", ())}

    def __str__(self) -> str:
        """For logs only: people read the result of `word_error`."""
        values = self.values()
        return f"{self.code} {values}" if values else super().__str__() or self.code


@dataclass(eq=False)
class NotFound(ShopError):
    """The row does not exist, or no longer. `kind` is the word for such a row: "customer"."""

    code = "not_found"
    http_status = 404

    kind: str = "row"


class MadeAndDeleted(NotFound):
    """The idempotency key made a row before, which has since been deleted."""


class InvalidValue(ShopError):
    """A value is not accepted. Each form knows which of its fields an error is about."""

    code = "invalid"
    http_status = 422


@dataclass(eq=False)
class InvalidFields(InvalidValue):
    """A sentence for each field that a form or the API does not accept. No service raises it."""

    fields: Mapping[str, str]

    def values(self) -> dict[str, Any]:
        """Returns nothing: the API sends the fields in any case."""
        return {}


@dataclass(eq=False)
class SeveralErrors(InvalidValue):
    """Several values are not accepted."""

    errors: Sequence[InvalidValue]

    def values(self) -> dict[str, Any]:
        return {"errors": [{"error": error.code, **error.values()} for error in self.errors]}


def list_errors(error: ShopError) -> Sequence[ShopError]:
    """Returns the parts of SeveralErrors, or the one error."""
    return [*error.errors] if isinstance(error, SeveralErrors) else [error]


def raise_all(errors: Sequence[InvalidValue]) -> None:
    """Raises the error, or SeveralErrors for more than one. Without errors it returns."""
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


@dataclass(eq=False)
class InUse(ShopError):
    """A row cannot be deleted, because other rows refer to it."""

    code = "in_use"

    name: str


@dataclass(frozen=True)
class Change:
    """Who changed a row last, and when, if recorded. `by` is the name, which `name_changers` reads."""

    by_id: int | None
    at: datetime | None
    by: str = ""


@dataclass(frozen=True)
class Difference:
    """A value that is not the one that the clerk saw. They sent `wanted`; JSON calls it `mine`.

    `UNKNOWN` stands for a value that is not known.
    """

    UNKNOWN: ClassVar[Any] = ...

    field: str
    was: Any = UNKNOWN
    now: Any = UNKNOWN
    wanted: Any = UNKNOWN
    #: The name of the row that the field belongs to, such as the product of a line.
    name: str = ""
    change: Change | None = dataclasses.field(default=None, compare=False)

    def values(self) -> dict[str, Any]:
        known = {"was": self.was, "now": self.now, "mine": self.wanted}
        named = {"field": self.field} | ({"name": self.name} if self.name else {})
        return named | {name: value for name, value in known.items() if value is not self.UNKNOWN}


@dataclass(eq=False)
class Stale(ShopError):
    """The row changed since the page was made.

    `now` is the stored row or value. `is_own` says that the same person made the last change, perhaps in
    another window.
    """

    code = "stale"

    differences: Sequence[Difference] = ()
    now: Any = None
    is_own: bool = False

    def values(self) -> dict[str, Any]:
        return {"differences": [difference.values() for difference in self.differences]}


class KeyReused(ShopError):
    """The user sent this idempotency key before with another payload."""

    code = "idempotency_key_reused"
    http_status = 422


class NotTried(ShopError):
    """One of several rows was not written, because the rows before it took too long."""

    code = "not_tried"


@dataclass(eq=False)
class ExportUnderWay(ShopError):
    """Another export of this person is running (`is_own`), or too many of other people."""

    code = "export_under_way"
    http_status = 429

    is_own: bool


class Busy(Exception):
    """The database refused every attempt; nothing was changed. The client may send the same key again."""

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

"""What services raise. Each carries a sentence for the person at the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class ShopError(Exception):
    """A write that was refused. Nothing was changed.

    `code` is the JSON API's `error`, `status` the HTTP status.
    """

    code = "refused"
    status = 409

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(ShopError):
    """The row that the write is about does not exist (any more)."""

    code = "not_found"
    status = 404


class InvalidFields(ShopError):
    """Values that cannot be accepted; `fields` maps each field to its sentence."""

    code = "invalid"
    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class InUse(ShopError):
    """A customer or product that orders refer to cannot be deleted."""

    code = "in_use"


@dataclass(frozen=True)
class Change:
    """Who changed a row last, and when, as far as that is recorded. `by` is read where it is shown."""

    by_id: int | None
    at: datetime | None
    by: str = ""


@dataclass(frozen=True)
class Difference:
    """One thing that differs between what the clerk saw and what is true now; `mine` is what they want."""

    what: str
    was: str
    now: str
    mine: str = ""
    change: Change | None = field(default=None, compare=False)
    #: The product whose stock this is about: who moved it last is read where it is shown.
    stock_of: int | None = field(default=None, compare=False)


class Stale(ShopError):
    """The row changed since the page was made. `now` is what is there: the row, or the value in question."""

    code = "stale"

    def __init__(self, detail: str, differences: Sequence[Difference] = (), now: Any = None) -> None:
        super().__init__(detail)
        self.differences = list(differences)
        self.now = now


class KeyReused(ShopError):
    """An idempotency key that its user sent before with another payload."""

    code = "idempotency_key_reused"
    status = 422


class ExportUnderWay(ShopError):
    """Another export is being written: the same person's, or too many of others."""

    code = "export_under_way"
    status = 429


class Busy(Exception):
    """The database refused again and again; nothing was changed. Try again with the same key."""

    code = "busy"
    status = 503
    retry_after = 2
    detail = "The database is busy or away. Nothing was changed. Please try again."


class UnknownOutcome(Busy):
    """The connection was lost at COMMIT: the change may or may not have happened."""

    code = "unknown_outcome"
    detail = (
        "The connection was lost while saving, and we do not know yet whether it was saved. "
        "Please send it again: if it was saved, it will not be saved twice."
    )

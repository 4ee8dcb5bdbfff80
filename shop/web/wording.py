"""Words errors and differences for people.

Each feature words its own in its `wording.py`, which shop/apps.py loads.
"""

from dataclasses import dataclass, field
from functools import singledispatch

from shop.db import errors
from shop.db.errors import Change, Difference
from shop.staff.changes import format_value


@dataclass(frozen=True)
class WordedDifference:
    """A row of the panel about what changed meanwhile, as people read it."""

    what: str
    was: str
    now: str
    wanted: str = ""
    change: Change | None = field(default=None, compare=False)


@singledispatch
def word_error(error: Exception) -> str:
    """Returns the sentence that tells people of an error."""
    return "This could not be done."


@dataclass(frozen=True)
class Remedy:
    """A page on which people can do something about an error."""

    label: str
    url: str


@singledispatch
def find_remedy(error: Exception) -> Remedy | None:
    """Returns where people can do something about an error."""
    return None


@singledispatch
def word_difference(difference: Difference) -> WordedDifference:
    """Returns a difference in words."""
    values = (difference.was, difference.now, difference.wanted)
    was, now, wanted = ("" if value is Difference.UNKNOWN else format_value(value) for value in values)
    return WordedDifference(difference.field.replace("_", " "), was, now, wanted, difference.change)


def name_somebody(stale: errors.Stale) -> str:
    """Returns who is said to have made a change; see `Stale`."""
    return "Somebody" if stale.is_own else "Somebody else"


@word_error.register
def _(error: errors.Busy) -> str:
    return error.detail


@word_error.register
def _(error: errors.NotFound) -> str:
    return f"This {error.kind} does not exist any more."


@word_error.register
def _(error: errors.MadeAndDeleted) -> str:
    return "This was done before, and what it made has since been deleted."


@word_error.register
def _(error: errors.InvalidFields) -> str:
    return " ".join(error.fields.values())


@word_error.register
def _(error: errors.SeveralErrors) -> str:
    return " ".join(map(word_error, error.errors))


@word_error.register
def _(error: errors.InUse) -> str:
    return f"{error.name} is in use and cannot be deleted."


@word_error.register
def _(error: errors.Stale) -> str:
    return f"{name_somebody(error)} changed this while you were editing. Nothing of yours was saved yet."


@word_error.register
def _(error: errors.KeyReused) -> str:
    return (
        "This was sent before, with other values. Load the page again; a program sends a new Idempotency-Key."
    )


@word_error.register
def _(error: errors.ExportUnderWay) -> str:
    if error.is_own:
        return "Your last export is still being written. Wait for it to end, or stop it, then ask again."
    return "Others are exporting at this moment. Wait until one of them has ended, then ask again."


@word_error.register
def _(error: errors.NotTried) -> str:
    return "Not tried: it took too long. Do it again for what is left."

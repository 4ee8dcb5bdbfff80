"""Notes who changed a row, and describes changes. Names are read only when they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from shop.db.errors import Change, Difference, Stale
from shop.db.rows import lock_or_raise
from shop.money.amounts import format_money
from shop.staff.models import Retirable, User, Versioned
from shop.web.times import format_time

#: The fields that `stamp_change` sets, for `update_fields`.
STAMP_FIELDS = ("version", "changed_by", "changed_at")


def make_stamp(staff_id: int | None) -> dict[str, Any]:
    """Returns the fields that note who made a row, now; None for a program."""
    return {"changed_by_id": staff_id, "changed_at": timezone.now()}


def stamp_change(row: Versioned, staff_id: int | None) -> None:
    """Notes on a row who changes it, now, and raises its version. The caller saves it."""
    row.version += 1
    row.changed_by_id, row.changed_at = staff_id, timezone.now()


def get_last_change(row: Versioned) -> Change:
    """Returns the last change of a row, without reading the name."""
    return Change(row.changed_by_id, row.changed_at)


def is_own_change(row: Versioned, staff_id: int | None) -> bool:
    """Returns whether this member of staff changed the row last."""
    return staff_id is not None and row.changed_by_id == staff_id


def name_changers(differences: Iterable[Difference]) -> list[Difference]:
    """Adds the names of those who made the changes. Reads them in one statement."""
    differences = list(differences)
    changes = [difference.change for difference in differences]
    names = User.objects.in_bulk({change.by_id for change in changes if change and change.by_id})
    return [
        replace(difference, change=change and replace(change, by=_get_name(names.get(change.by_id or 0))))
        for difference, change in zip(differences, changes, strict=True)
    ]


def _get_name(user: User | None) -> str:
    return user.get_username() if user else ""


def find_common_change(differences: Sequence[Difference]) -> Change | None:
    """Returns the change that all differences share, as people read it; None for several changes."""
    changes = {write_change_sentence(part.change): part.change for part in differences}
    return next(iter(changes.values())) if len(changes) == 1 else None


def describe_change(change: Change | None) -> str:
    """Describes a change, as in "clerk, 14:03"."""
    if change is None or (change.at is None and not change.by):
        return "not recorded"
    name = change.by or "an import or a program"
    return f"{name}, {format_time(change.at)}" if change.at else name


def write_change_sentence(change: Change | None) -> str:
    """Describes a change in a sentence: "Last changed by clerk, 14:03."."""
    known = describe_change(change)
    return "Who changed it is not recorded." if known == "not recorded" else f"Last changed by {known}."


RetirableT = TypeVar("RetirableT", bound=Retirable)


def find_differences(row: Versioned, wanted: Mapping[str, Any]) -> list[Difference]:
    """Finds the fields whose value in `row` is not the wanted one."""
    return compare_fields(row, wanted, get_last_change(row))


def compare_fields(row: Model, wanted: Mapping[str, Any], change: Change) -> list[Difference]:
    """Finds the fields whose value in `row` is not the wanted one, for a row whose last change is known.

    Rows that it refers to are compared by their keys: these are there without a read, and JSON holds them.
    """
    keys = {field: value.pk if isinstance(value, Model) else value for field, value in wanted.items()}
    return [
        Difference(field, now=row.serializable_value(field), wanted=value, change=change)
        for field, value in keys.items()
        if row.serializable_value(field) != value
    ]


def raise_if_stale(
    row: Versioned, differences: Sequence[Difference], *, seen_version: int, staff_id: int | None
) -> None:
    """Raises Stale with `differences` when `row` was changed after `seen_version`."""
    if seen_version != row.version:
        raise Stale(differences, row, is_own_change(row, staff_id))


def format_value(value: Any) -> str:
    """Formats the value of a field for people."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format_money(value)
    return "–" if value in (None, "") else str(value)


def set_active(model: type[RetirableT], pk: int, *, active: bool, staff_id: int | None) -> RetirableT:
    """Retires a customer or product, or brings it back. Raises NotFound."""
    row = lock_or_raise(model, pk)
    if row.active != active:
        row.active = active
        stamp_change(row, staff_id)
        row.save(update_fields=["active", *STAMP_FIELDS])
    return row

"""Who changed what. Names are read only where they are shown: beside something that differs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from shop.errors import Change, Difference
from shop.models import Customer, Order, Product, StockMovement, User
from shop.moments import format_moment

#: What `sign` sets, for `update_fields`.
SIGNED = ("version", "changed_by", "changed_at")


def signature(staff_id: int | None) -> dict[str, Any]:
    """The fields that say who makes a row, now; None is a program."""
    return {"changed_by_id": staff_id, "changed_at": timezone.now()}


def sign(row: Customer | Product | Order, staff_id: int | None) -> None:
    """Notes on a row that is about to be stored who changes it, now, and raises its version."""
    row.version += 1
    row.changed_by_id, row.changed_at = staff_id, timezone.now()


def last_change(row: Customer | Product | Order) -> Change:
    """Who changed this row last; the name is not read."""
    return Change(row.changed_by_id, row.changed_at)


def somebody(row: Customer | Product | Order, staff_id: int | None) -> str:
    """Who is said to have changed a row.

    Where the last change is one's own, an earlier one may be another's, or another window's.
    """
    is_own = staff_id is not None and row.changed_by_id == staff_id
    return "Somebody" if is_own else "Somebody else"


def named(differences: Iterable[Difference]) -> list[Difference]:
    """These differences with the names of those who made them: two statements, however many they are."""
    differences = list(differences)
    moves = _last_moves({each.stock_of for each in differences if each.stock_of})
    changes = [moves.get(each.stock_of or 0, each.change) for each in differences]
    names = User.objects.in_bulk({change.by_id for change in changes if change and change.by_id})
    return [
        replace(each, change=change and replace(change, by=_name(names.get(change.by_id or 0))))
        for each, change in zip(differences, changes, strict=True)
    ]


def _name(user: User | None) -> str:
    return user.get_username() if user else ""


def _last_moves(product_ids: Iterable[int]) -> dict[int, Change]:
    """Who moved the stock of each of these products last."""
    moves = StockMovement.objects.filter(product=OuterRef("pk")).order_by("-created_at", "-id")
    last = Product.objects.filter(pk__in=product_ids).annotate(last=Subquery(moves.values("pk")[:1]))
    found = StockMovement.objects.filter(pk__in=last.values("last")) if product_ids else ()
    return {move.product_id: Change(move.author_id, move.created_at) for move in found}


def common_change(differences: Sequence[Difference]) -> Change | None:
    """The one change that all of these come from, as far as people can tell; None when there are several."""
    changes = {sentence(each.change): each.change for each in differences}
    return next(iter(changes.values())) if len(changes) == 1 else None


def who(change: Change | None) -> str:
    """As in "clerk, 14:03"."""
    if change is None or (change.at is None and not change.by):
        return "not recorded"
    name = change.by or "an import or a program"
    return f"{name}, {format_moment(change.at)}" if change.at else name


def sentence(change: Change | None) -> str:
    """As in "Last changed by clerk, 14:03."."""
    known = who(change)
    return "Who changed it is not recorded." if known == "not recorded" else f"Last changed by {known}."

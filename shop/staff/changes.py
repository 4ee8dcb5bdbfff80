"""Who changed what. Names are read only where they are shown: beside something that differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from shop.customers.models import Customer
from shop.db.errors import Change, Difference, Stale
from shop.db.rows import locked
from shop.money.amounts import format_money
from shop.orders.models import Order
from shop.products.models import Product, StockMovement
from shop.staff.models import User
from shop.web.times import format_moment

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


def is_own_change(row: Customer | Product | Order, staff_id: int | None) -> bool:
    """Returns whether this member of staff changed the row last."""
    return staff_id is not None and row.changed_by_id == staff_id


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


RetirableT = TypeVar("RetirableT", Customer, Product)


def refuse_stale(
    row: Customer | Product, wanted: Mapping[str, Any], seen_version: int | None, staff_id: int | None
) -> bool:
    """Whether there is anything to change. A row that already holds `wanted` is fine at any version.

    Raises Stale, with the fields in which `row` differs from `wanted`, when `row` changed
    after `seen_version`; None stands for "overwrite".
    """
    change = last_change(row)
    differences = [
        Difference(field, now=getattr(row, field), mine=value, change=change)
        for field, value in wanted.items()
        if getattr(row, field) != value
    ]
    if differences and seen_version not in (None, row.version):
        raise Stale(differences, row, is_own_change(row, staff_id))
    return bool(differences)


def shown(value: Any) -> str:
    """A field's value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format_money(value)
    return "–" if value in (None, "") else str(value)


def set_active(model: type[RetirableT], pk: int, *, active: bool, staff_id: int | None) -> RetirableT:
    """Retires a customer or product, or brings it back. Raises NotFound."""
    row = locked(model, pk)
    if row.active != active:
        row.active = active
        sign(row, staff_id)
        row.save(update_fields=["active", *SIGNED])
    return row

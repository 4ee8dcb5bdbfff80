"""What services do with the one row that they are about."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models

from shop.errors import Difference, NotFound, Stale
from shop.models import Customer, Order, Product
from shop.money import format_money
from shop.queries import OrderQuerySet
from shop.services.authors import SIGNED, last_change, sign, somebody

ModelT = TypeVar("ModelT", bound=models.Model)
RetirableT = TypeVar("RetirableT", Customer, Product)


def locked(model: type[ModelT], pk: int, rows: models.QuerySet[ModelT] | None = None) -> ModelT:
    """The row (one of `rows`), locked until the transaction ends. Raises NotFound."""
    among = model._default_manager.all() if rows is None else rows
    return found(model, pk, among.select_for_update())


def locked_order(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """The order, locked until the transaction ends, and with it its lines. Raises NotFound."""
    return found_order(reference, (Order.objects.all() if rows is None else rows).select_for_update())


def locked_order_of(line_id: int) -> Order:
    """The order of a line, locked as by `locked_order`. Raises NotFound."""
    return _present(Order.objects.select_for_update(of=("self",)).filter(lines=line_id).first())


def found_order(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """The order, read without a lock (for what is only looked at). Raises NotFound."""
    return _present((Order.objects.all() if rows is None else rows).filter(reference=reference).first())


def _present(order: Order | None) -> Order:
    if order is None:
        raise NotFound("This order does not exist any more.")
    return order


def found(model: type[ModelT], pk: int, rows: models.QuerySet[ModelT] | None = None) -> ModelT:
    """The row, read without a lock (for what is only looked at). Raises NotFound."""
    row = (model._default_manager.all() if rows is None else rows).filter(pk=pk).first()
    if row is None:
        raise NotFound(f"This {model._meta.verbose_name} does not exist any more.")
    return row


def refuse_stale(
    row: Customer | Product, wanted: Mapping[str, Any], seen_version: int | None, staff_id: int | None
) -> bool:
    """Whether there is anything to change. A row that already holds `wanted` is fine at any version.

    Raises Stale, with the fields in which `row` differs from `wanted`, when `row` changed
    after `seen_version`; None stands for "overwrite".
    """
    change = last_change(row)
    differences = [
        Difference(field.replace("_", " "), "", shown(getattr(row, field)), shown(value), change)
        for field, value in wanted.items()
        if getattr(row, field) != value
    ]
    if differences and seen_version not in (None, row.version):
        raise Stale(
            f"{somebody(row, staff_id)} changed this while you were editing. Nothing of yours was saved yet.",
            differences,
            row,
        )
    return bool(differences)


def shown(value: Any) -> str:
    """A field's value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format_money(value)
    return "–" if value in (None, "") else str(value)


def set_active(model: type[RetirableT], pk: int, *, active: bool, staff_id: int | None = None) -> RetirableT:
    """Retires a customer or product, or brings it back. Raises NotFound."""
    row = locked(model, pk)
    if row.active != active:
        row.active = active
        sign(row, staff_id)
        row.save(update_fields=["active", *SIGNED])
    return row

"""What services do with the one row that they are about."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from shop.errors import NotFound, Stale
from shop.models import Customer, Order, Product
from shop.queries import OrderQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)
RetirableT = TypeVar("RetirableT", Customer, Product)


def locked(model: type[ModelT], pk: int) -> ModelT:
    """The row, locked until the transaction ends. Raises NotFound."""
    return found(model, pk, model._default_manager.select_for_update())


def locked_order(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """The order, locked until the transaction ends. Raises NotFound."""
    order = (
        (Order.objects.all() if rows is None else rows)
        .select_for_update()
        .filter(reference=reference)
        .first()
    )
    if order is None:
        raise NotFound("This order does not exist any more.")
    return order


def found(model: type[ModelT], pk: int, rows: models.QuerySet[ModelT] | None = None) -> ModelT:
    """The row, read without a lock (for what is only looked at). Raises NotFound."""
    row = (model._default_manager.all() if rows is None else rows).filter(pk=pk).first()
    if row is None:
        raise NotFound(f"This {model._meta.verbose_name} does not exist any more.")
    return row


def refuse_stale(row: Customer | Product, wanted: Mapping[str, Any], seen_version: int | None) -> bool:
    """Whether there is anything to change. A row that already holds `wanted` is fine at any version.

    Raises Stale, with the fields in which `row` differs from `wanted`, when `row` changed
    after `seen_version`; None stands for "overwrite".
    """
    changes = [
        (field.replace("_", " "), _shown(value), _shown(getattr(row, field)))
        for field, value in wanted.items()
        if getattr(row, field) != value
    ]
    if changes and seen_version not in (None, row.version):
        raise Stale(
            "Somebody else changed this while you were editing. Nothing of yours was saved yet.",
            changes,
            row.version,
        )
    return bool(changes)


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


def set_active(model: type[RetirableT], pk: int, *, active: bool) -> RetirableT:
    """Retires a customer or product, or brings it back. Raises NotFound."""
    row = locked(model, pk)
    if row.active != active:
        row.active = active
        row.version += 1
        row.save(update_fields=["active", "version"])
    return row

"""Reads one row, with or without a lock, and writes several rows at once."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from django.db import models

from shop.db.errors import NotFound

ModelT = TypeVar("ModelT", bound=models.Model)


def lock_or_raise(model: type[ModelT], pk: int, rows: models.QuerySet[ModelT] | None = None) -> ModelT:
    """Returns the row, locked until the transaction ends. Raises NotFound, also when it is not in `rows`."""
    among = model._default_manager.all() if rows is None else rows
    return get_or_raise(model, pk, among.select_for_update())


def get_or_raise(model: type[ModelT], pk: int, rows: models.QuerySet[ModelT] | None = None) -> ModelT:
    """Returns the row without a lock. Raises NotFound, also when it is not in `rows`."""
    row = (model._default_manager.all() if rows is None else rows).filter(pk=pk).first()
    if row is None:
        raise NotFound(str(model._meta.verbose_name))
    return row


def update_rows(rows: Sequence[ModelT], fields: Collection[str]) -> None:
    """Stores these fields of rows that exist, in one statement (more where the database limits its size).

    It is an upsert: `bulk_update` builds a CASE for each value, and takes 17 ms for five order lines where
    this takes 1 ms (bench/BEFORE_AFTER.md, "rows are upserted").
    """
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )

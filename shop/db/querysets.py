"""The base class of all QuerySets."""

from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Q

ModelT = TypeVar("ModelT", bound=models.Model)


class ShopQuerySet(models.QuerySet[ModelT], Generic[ModelT]):
    """Reads a list page by page."""

    def after(self, order_by: tuple[str, ...], values: tuple[Any, ...] | None) -> Self:
        """Returns the rows after a cursor, sorted by `order_by`.

        `order_by` names two fields, both ascending or both descending ("-" before them); the second is
        unique. `values` are those of the last row of the page before, or None for the first page.
        """
        rows = self.order_by(*order_by)
        if values is None:
            return rows
        (key, tie), (last_key, last_tie) = (name.lstrip("-") for name in order_by), values
        beyond = "lt" if order_by[0].startswith("-") else "gt"
        return rows.filter(
            # The second condition implies the first, but only the first limits the range of the index.
            Q(**{f"{key}__{beyond}e": last_key}),
            Q(**{f"{key}__{beyond}": last_key}) | Q(**{f"{tie}__{beyond}": last_tie}),
        )

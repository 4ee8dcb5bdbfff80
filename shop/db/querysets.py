"""What the lists of all nouns share."""

from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Q

ModelT = TypeVar("ModelT", bound=models.Model)


class ShopQuerySet(models.QuerySet[ModelT], Generic[ModelT]):
    """What all lists share."""

    def after(self, order_by: tuple[str, ...], values: tuple[Any, ...] | None) -> Self:
        """Rows behind a cursor: sorted by `order_by`, beyond `values` of the last row seen.

        `order_by` names two fields, both rising or both falling ("-" before them), the second
        unique; `values` are theirs on that row, or None for the first page.
        """
        rows = self.order_by(*order_by)
        if values is None:
            return rows
        (key, tie), (last_key, last_tie) = (name.lstrip("-") for name in order_by), values
        beyond = "lt" if order_by[0].startswith("-") else "gt"
        return rows.filter(
            # The first condition repeats what the second implies, so that it can bound the index.
            Q(**{f"{key}__{beyond}e": last_key}),
            Q(**{f"{key}__{beyond}": last_key}) | Q(**{f"{tie}__{beyond}": last_tie}),
        )

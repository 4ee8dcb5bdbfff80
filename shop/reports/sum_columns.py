"""The columns and indexes that tables of stored sums share."""

from typing import Any

from django.db import models
from django.db.models.expressions import CombinedExpression


class SumField(models.BigIntegerField):  # type: ignore[type-arg]  # it takes none at run time
    """A stored sum: of amounts in minor units, of pieces or of rows.

    Migrations see a plain BigIntegerField.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"default": 0})

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigIntegerField", args, kwargs


def index_largest(figure: models.F | CombinedExpression, key: str, name: str) -> models.Index:
    """Makes an index of a period's rows with the largest first, for reports that rank them."""
    return models.Index(models.F("day"), figure.desc(), models.F(key), name=name)


def index_sold(name: str) -> models.Index:
    """Makes an index of what was sold of each product. SQLite has no use for it: see bench/BEFORE_AFTER.md.

    Of indexes that it thinks equal SQLite takes the newest, so this one comes before those of the largest.
    """
    return models.Index(fields=["day", "product", "quantity"], name=name)


#: What reports rank by; `shop.reports.definitions_goods` says it in SQL.
NET = models.F("sales") - models.F("returns")
MARGIN = models.F("costed_net") * 100 - models.F("cost")

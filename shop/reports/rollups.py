"""Which sums of a day are stored where, and of which facts they are made."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import models

from shop.reports import models as tables
from shop.reports.facts import NOTHING, PAYMENTS, RETURNED_LINES, RETURNS, SALES, SOLD_LINES, Facts
from shop.reports.sum_columns import SumField


@dataclass(frozen=True)
class Rollup:
    """Sums of a day by some keys. Those of months and years are kept too where a day has many rows."""

    facts: tuple[Facts, ...]
    day: type[models.Model]
    month: type[models.Model] | None = None
    year: type[models.Model] | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        fields = self.day._meta.concrete_fields
        return tuple(field.name for field in fields if isinstance(field, SumField))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys without the day."""
        names = [field.name for field in self.day._meta.concrete_fields if field.name not in ("id", "day")]
        return tuple(name for name in names if name not in self.figures)


TOTALS = Rollup((SALES, RETURNS), tables.DayTotal)
REASONS = Rollup((RETURNS,), tables.DayReturn)
TAXES = Rollup((SOLD_LINES, RETURNED_LINES), tables.DayTax)
METHODS = Rollup((PAYMENTS,), tables.DayMethod)
PRODUCTS = Rollup((SOLD_LINES, RETURNED_LINES), tables.DayProduct, tables.MonthProduct, tables.YearProduct)
CUSTOMERS = Rollup((SALES, RETURNS), tables.DayCustomer, tables.MonthCustomer, tables.YearCustomer)

ROLLUPS = (TOTALS, REASONS, TAXES, METHODS, PRODUCTS, CUSTOMERS)


def select_stored(
    rows: "models.QuerySet[Any]", keys: tuple[str, ...], figures: tuple[str, ...]
) -> "models.QuerySet[Any]":
    """Returns keys and figures of stored sums."""
    selected: models.QuerySet[Any] = rows.order_by().values_list(*keys, *figures)
    return selected


def select_for_period(
    rows: "models.QuerySet[Any]", rollup: Rollup, start: datetime.date, *, take_away: bool
) -> "models.QuerySet[Any]":
    """Returns the stored sums of a day, or their negatives, under the first day of a longer period."""
    wanted: dict[str, Any] = {"_start": models.Value(start, output_field=models.DateField())}
    wanted |= {f"_{key}": models.F(key) for key in rollup.keys}
    figures = {f"_{figure}": models.F(figure) for figure in rollup.figures}
    wanted |= {name: NOTHING - value if take_away else value for name, value in figures.items()}
    selected: models.QuerySet[Any] = rows.order_by().annotate(**wanted).values_list(*wanted)
    return selected

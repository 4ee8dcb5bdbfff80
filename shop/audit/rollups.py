"""A13 of docs/MONEY.md: the sums of sealed days, and of their months and years.

Each comparison is one statement, so it sees a day wholly sealed or not at all, also while days are sealed.
The database subtracts; only the groups that differ are read.
"""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from shop.audit.scope import CHUNK, Findings, Scope
from shop.reports.days import Days
from shop.reports.facts import NOTHING, Facts
from shop.reports.models import SealedDay
from shop.reports.rollups import ROLLUPS, Rollup, select_for_period, select_stored
from shop.reports.statements import sum_by


def check_rollups(scope: Scope, found: Findings) -> None:
    """A13: what is stored of each sealed day, month and year is what its facts add up to."""
    sealed = SealedDay.objects.filter(day__gte=scope.since or datetime.date.min)
    found.rows += sealed.count()
    for month in sorted({_get_month_start(day) for day in _list_days(sealed)}):
        days = Days(max(month, scope.since or month), _get_month_end(month))
        for rollup in ROLLUPS:
            _compare(rollup.day, rollup, _select_day_differences(rollup, days), found)
    _check_unsealed(scope, found)
    for rollup in ROLLUPS:
        if rollup.month and rollup.year:
            _check_periods(scope, rollup, rollup.month, rollup.day, found)
            _check_periods(scope, rollup, rollup.year, rollup.month, found)


def _list_days(rows: "QuerySet[Any]") -> "QuerySet[Any, datetime.date]":
    return rows.order_by().values_list("day", flat=True).distinct()


def _get_month_start(day: datetime.date) -> datetime.date:
    return day.replace(day=1)


def _get_month_end(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _get_year_start(day: datetime.date) -> datetime.date:
    return day.replace(month=1, day=1)


def _get_year_end(day: datetime.date) -> datetime.date:
    return day.replace(month=12, day=31)


def _select_day_differences(rollup: Rollup, days: Days) -> list[QuerySet[Any]]:
    """Returns the stored sums of those days that are sealed, and their facts with the other sign."""
    keys, figures = ("day", *rollup.keys), rollup.figures
    stored = _keep_sealed(rollup.day._default_manager.filter(day__range=days), "day")
    pieces = [select_stored(stored, keys, figures)]
    for facts in rollup.facts:
        rows = _keep_sealed(facts.between(*days), facts.day)
        pieces.append(_negate(facts).select(rows, keys, figures))
    return pieces


def _keep_sealed(rows: "QuerySet[Any]", day: str) -> "QuerySet[Any]":
    return rows.filter(Exists(SealedDay.objects.filter(day=OuterRef(day))))


def _negate(facts: Facts) -> Facts:
    return replace(facts, figures={name: NOTHING - value for name, value in facts.figures.items()})


def _check_periods(
    scope: Scope, rollup: Rollup, longer: type[Model], shorter: type[Model], found: Findings
) -> None:
    """A month is the sum of its days, which are compared with the facts, and a year that of its months."""
    get_start, get_end = (
        (_get_year_start, _get_year_end) if longer is rollup.year else (_get_month_start, _get_month_end)
    )
    since = get_start(scope.since or datetime.date.min)
    starts = {
        get_start(day)
        for rows in (longer, shorter)
        for day in _list_days(rows._default_manager.filter(day__gte=since))
    }
    for start in sorted(starts):
        period = start, get_end(start)
        stored = longer._default_manager.filter(day__range=period)
        parts = shorter._default_manager.filter(day__range=period)
        pieces = [
            select_stored(stored, ("day", *rollup.keys), rollup.figures),
            select_for_period(parts, rollup, start, take_away=True),
        ]
        _compare(longer, rollup, pieces, found)


def _compare(table: type[Model], rollup: Rollup, pieces: Sequence["QuerySet[Any]"], found: Findings) -> None:
    """Adds the groups whose pieces do not add up to zero, CHUNK of them at most."""
    keys, figures = ("day", *rollup.keys), rollup.figures
    for row in sum_by(pieces, keys, figures, order_by="1", limit=CHUNK, only_nonzero=True):
        group = dict(zip(keys, row, strict=False))
        more = [f"{name} {value:+}" for name, value in zip(figures, row[len(keys) :], strict=True) if value]
        name = f"{table.__name__} {group.pop('day')}"
        key = ", ".join(f"{key} {value}" for key, value in group.items())
        found.add(name, f"Stored less computed, in minor units and pieces, of {key}: {', '.join(more)}.")


def _check_unsealed(scope: Scope, found: Findings) -> None:
    """A day that is not sealed has no sums: reports add up its facts, and would count it twice."""
    for rollup in ROLLUPS:
        rows = rollup.day._default_manager.filter(
            ~Exists(SealedDay.objects.filter(day=OuterRef("day"))),
            day__gte=scope.since or datetime.date.min,
        )
        found.add_rows(
            rows.order_by("pk"),
            lambda row: f"{type(row).__name__} {row.day}",
            lambda row: "There are sums of a day that is not sealed.",
        )

"""Every write of reports: sealing days, and unsealing them. It all can be computed again from the facts."""

import datetime
import secrets
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from shop.db.transactions import retried_transaction
from shop.reports.days import ONE_DAY, Days, find_gaps
from shop.reports.errors import DayNotOver
from shop.reports.facts import PAYMENTS, RETURNS, SALES
from shop.reports.models import SealedDay
from shop.reports.rollups import ROLLUPS, Rollup, select_for_period
from shop.reports.statements import store_sums

#: Kinds of facts that store their day; lines have that of their order or return.
WITH_OWN_DAY = (SALES, RETURNS, PAYMENTS)
#: So long after midnight no transaction of the day before is under way.
AFTER_MIDNIGHT = datetime.timedelta(minutes=15)


def get_last_day_over() -> datetime.date:
    """Returns the last day that can be sealed."""
    return timezone.localdate(timezone.now() - AFTER_MIDNIGHT) - datetime.timedelta(days=1)


@retried_transaction
def seal_day(*, day: datetime.date) -> bool:
    """Stores the sums of a day that is over. Returns whether it did: a sealed day stays as it is.

    Raises DayNotOver.
    """
    if day > get_last_day_over():
        raise DayNotOver(day)
    if SealedDay.objects.filter(day=day).exists():
        return False
    SealedDay.objects.create(day=day, version=secrets.randbits(40), sealed_at=timezone.now())
    for rollup in ROLLUPS:
        _store_day(rollup, day)
        _add_day(rollup, day, take_away=False)
    return True


def unseal_days(days: Iterable[datetime.date]) -> None:
    """Deletes the stored sums of these days, inside the transaction that changes their facts.

    Both this and `seal_day` read what the other writes, so a serializable database lets only one of two
    such transactions commit.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("unseal_days() needs the transaction that changes the facts.")
    sealed = list(SealedDay.objects.filter(day__in=list(days)).order_by("day").values_list("day", flat=True))
    if not sealed:
        return
    for rollup in ROLLUPS:
        for day in sealed:
            _add_day(rollup, day, take_away=True)
        rollup.day._default_manager.filter(day__in=sealed).delete()
    SealedDay.objects.filter(day__in=sealed).delete()


@retried_transaction
def seal_idle_days(*, days: Days) -> int:
    """Seals the days of a stretch without any fact, all at once. Returns how many; 0 if there is a fact."""
    if days.last > get_last_day_over():
        raise DayNotOver(days.last)
    if any(facts.between(*days).exists() for facts in WITH_OWN_DAY):
        return 0
    sealed = set(SealedDay.objects.filter(day__range=days).values_list("day", flat=True))
    fresh = [day for number in range(days.length) if (day := days.first + number * ONE_DAY) not in sealed]
    at = timezone.now()
    SealedDay.objects.bulk_create(
        SealedDay(day=day, version=secrets.randbits(40), sealed_at=at) for day in fresh
    )
    return len(fresh)


def find_days_to_seal() -> tuple[list[datetime.date], list[Days]]:
    """Returns the days to seal that have facts, and the stretches of days between them that have none."""
    days: set[datetime.date] = set()
    for facts in WITH_OWN_DAY:
        days.update(facts.rows().order_by().values_list("business_day", flat=True).distinct())
    last = get_last_day_over()
    busy = sorted(day for day in days if day <= last)
    if not busy:
        return [], []
    idle = find_gaps(Days(busy[0], last), busy)
    sealed = set(SealedDay.objects.values_list("day", flat=True))
    return [day for day in busy if day not in sealed], [
        gap for gap in idle if any(gap.first + number * ONE_DAY not in sealed for number in range(gap.length))
    ]


def seal_due(most: int | None = None) -> int:
    """Seals all days that are over, or the first `most` of those with facts. Returns how many it sealed."""
    busy, idle = find_days_to_seal()
    count = sum(seal_day(day=day) for day in busy[:most])
    return count + sum(seal_idle_days(days=days) for days in idle)


def _store_day(rollup: Rollup, day: datetime.date) -> None:
    keys, figures = ("day", *rollup.keys), rollup.figures
    pieces = [facts.select(facts.between(day, day), keys, figures) for facts in rollup.facts]
    store_sums(rollup.day, pieces, keys, figures)


def _add_day(rollup: Rollup, day: datetime.date, *, take_away: bool) -> None:
    """Adds the stored sums of a day to those of its month and year, or takes them away."""
    rows = rollup.day._default_manager.filter(day=day)
    for model, start in (
        (rollup.month, day.replace(day=1)),
        (rollup.year, day.replace(month=1, day=1)),
    ):
        if model:
            piece = select_for_period(rows, rollup, start, take_away=take_away)
            store_sums(model, [piece], ("day", *rollup.keys), rollup.figures, add=True)

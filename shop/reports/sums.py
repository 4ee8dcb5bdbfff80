"""Adds up a range of days: stored sums of the sealed days, and the facts of the others, in one statement."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, Max, Min, OuterRef, QuerySet

from shop.reports.days import MAX_GAPS, Days, cover, find_gaps
from shop.reports.facts import Facts
from shop.reports.models import SealedDay
from shop.reports.rankings import Parts, Ranking, rank_sums
from shop.reports.rollups import Rollup, select_stored
from shop.reports.statements import sum_by


class Row(NamedTuple):
    """A group: its keys and its sums by name."""

    keys: dict[str, Any]
    sums: dict[str, int]


class Reader:
    """Reads sums of some days. It reads once which of them are sealed; use it in one snapshot."""

    def __init__(self, days: Days) -> None:
        self.days = days
        ends = SealedDay.objects.aggregate(first=Min("day"), last=Max("day"))
        self._sealed = Days(ends["first"], ends["last"]) if ends["first"] else None
        inside = SealedDay.objects.filter(day__range=days).order_by("day").values_list("day", flat=True)
        self._gaps = find_gaps(days, list(inside) if self._sealed else [])

    def read(
        self,
        rollup: Rollup,
        *keys: str,
        figures: Sequence[str] = (),
        order_by: str = "",
        limit: int | None = None,
    ) -> list[Row]:
        """Returns the sums by `keys`, of which some may be the day. `order_by` is SQL.

        Without `figures` all of them are added up, which is slower where there are many groups.
        """
        figures = figures or rollup.figures
        pieces = self.select(rollup, keys, figures)
        width = len(keys)
        return [
            Row(
                dict(zip(keys, row[:width], strict=True)),
                {name: value or 0 for name, value in zip(figures, row[width:], strict=True)},
            )
            for row in sum_by(pieces, keys, figures, order_by=order_by, limit=limit)
        ]

    def read_total(self, rollup: Rollup, figures: Sequence[str] = ()) -> dict[str, int]:
        """Returns the sums of all days."""
        return self.read(rollup, figures=figures)[0].sums

    def select(self, rollup: Rollup, keys: tuple[str, ...], figures: Sequence[str]) -> "list[QuerySet[Any]]":
        """Returns keys and figures of the stored sums and of the facts that make up these days."""
        names = tuple(figures)
        return [*self._select_sealed(rollup, keys, names), *self._select_live(rollup, keys, names)]

    def rank(self, rollup: Rollup, ranking: Ranking, *, limit: int | None) -> list[Row]:
        """Returns the first groups, or all."""
        rows = rank_sums(self.split(rollup, ranking.key, ranking.figures), ranking, limit=limit)
        return [Row({ranking.key: pk}, dict(zip(ranking.figures, sums, strict=True))) for pk, *sums in rows]

    def split(self, rollup: Rollup, key: str, figures: Sequence[str]) -> Parts:
        """Returns what makes up these days, with the longest stored period apart from the rest."""
        first, *rest = self.select(rollup, (key,), figures)
        return (
            Parts(first, rest) if first.model in (rollup.year, rollup.month) else Parts(None, [first, *rest])
        )

    def _select_live(
        self, rollup: Rollup, keys: tuple[str, ...], figures: tuple[str, ...]
    ) -> "list[QuerySet[Any]]":
        gaps = self._gaps
        if len(gaps) > MAX_GAPS:
            gaps = [Days(gaps[0].first, gaps[-1].last)]
        pieces = []
        for facts in rollup.facts:
            for gap in gaps:
                rows = facts.between(*gap)
                if len(gaps) != len(self._gaps):
                    rows = _leave_out_sealed(facts, rows)
                pieces.append(facts.select(rows, keys, figures))
        return pieces

    def _select_sealed(
        self, rollup: Rollup, keys: tuple[str, ...], figures: tuple[str, ...]
    ) -> "list[QuerySet[Any]]":
        if self._sealed is None:
            return []
        if rollup.month is None or rollup.year is None or "day" in keys:
            stored = rollup.day._default_manager.filter(day__range=self.days)
            return [select_stored(stored, keys, figures)]
        parts = cover(self.days, self._sealed)
        longer = ((rollup.year, parts.years), (rollup.month, parts.months))
        pieces = [table._default_manager.filter(day=start) for table, starts in longer for start in starts]
        if parts.days:
            pieces.append(rollup.day._default_manager.filter(day__in=parts.days))
        return [select_stored(rows, keys, figures) for rows in pieces]


def _leave_out_sealed(facts: Facts, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.filter(~Exists(SealedDay.objects.filter(day=OuterRef(facts.day))))

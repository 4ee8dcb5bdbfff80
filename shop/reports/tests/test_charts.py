"""Charts of days, weeks and months: a place for each of them, and the days before at the same places."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from shop.reports.charts import Chart, draw
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import Reading
from shop.reports.tables import ReportLine, Table


def make_day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def make_days(first: str, last: str) -> Days:
    return Days(make_day(first), make_day(last))


def draw_series(name: str, days: Days, now: dict[Any, int], before: dict[Any, int] | None = None) -> Chart:
    """Draws a report with these net sales; keys are days as texts, or months."""
    report = REPORTS[name]
    column = report.columns[0]

    def make_table(values: dict[Any, int]) -> Table:
        keys = {key: key if column.name == "month" else make_day(key) for key in values}
        return Table([ReportLine({column.name: keys[key], "net": net}) for key, net in values.items()])

    earlier = None if before is None else make_table(before)
    chart = draw(Reading(report, days, make_table(now), earlier, timezone.localtime()))
    assert chart
    return chart


def list_titles(chart: Chart) -> list[str]:
    return [shape.title for shape in chart.shapes]


def test_the_days_before_begin_at_their_first_day_whatever_was_sold_on_it() -> None:
    days = make_days("2026-03-11", "2026-03-16")

    chart = draw_series("sales-by-day", days, {"2026-03-12": 1000, "2026-03-14": 500}, {"2026-03-08": 1000})

    assert list_titles(chart) == [
        "2026-03-11: $0.00",
        "2026-03-12: $10.00",
        "2026-03-13: $0.00",
        "2026-03-14: $5.00",
        "2026-03-15: $0.00",
        "2026-03-16: $0.00",
    ]
    # 8 March is the fourth of the six days before, from the 5th to the 10th.
    assert chart.before == "5,100.0 15,100.0 25,100.0 35,0.0 45,100.0 55,100.0"


def test_weeks_without_sales_have_a_place() -> None:
    days = make_days("2026-03-02", "2026-03-29")

    chart = draw_series("sales-by-week", days, {"2026-03-02": 1000, "2026-03-16": 500}, {"2026-02-09": 1000})

    assert list_titles(chart) == [
        "2026-03-02: $10.00",
        "2026-03-09: $0.00",
        "2026-03-16: $5.00",
        "2026-03-23: $0.00",
    ]
    assert chart.before == "5,100.0 15,0.0 25,100.0 35,100.0"


def test_months_without_sales_have_a_place() -> None:
    days = make_days("2025-11-01", "2026-02-28")

    chart = draw_series("sales-by-month", days, {"2025-12": 1000, "2026-02": 500}, {"2025-09": 1000})

    assert list_titles(chart) == ["2025-11: $0.00", "2025-12: $10.00", "2026-01: $0.00", "2026-02: $5.00"]
    # From July to October.
    assert chart.before == "5,100.0 15,100.0 25,0.0 35,100.0"


def test_a_range_that_begins_within_a_week_begins_with_that_week() -> None:
    chart = draw_series("sales-by-week", make_days("2026-03-04", "2026-03-12"), {"2026-03-09": 1000})

    assert list_titles(chart) == ["2026-03-02: $0.00", "2026-03-09: $10.00"]


def test_a_shorter_month_before_ends_earlier() -> None:
    days = make_days("2026-03-01", "2026-03-31")

    chart = draw_series("sales-by-day", days, {"2026-03-31": 1000}, {"2026-02-28": 1000})

    points = chart.before.split(" ")
    assert (len(points), points[27]) == (28, "275,0.0")


@pytest.mark.parametrize(("before", "places"), [(None, 63), ({"1996-06-20": 1000}, 73)])
def test_of_a_long_stretch_without_sales_only_a_month_is_drawn(
    before: dict[Any, int] | None, places: int
) -> None:
    days = make_days("2005-01-01", "2024-12-31")  # and those before are from 1985 on
    sold = {"2016-06-10": 1000}

    chart = draw_series("sales-by-day", days, sold, before)

    assert chart.kind == "line"
    assert len(chart.line.split(" ")) == places

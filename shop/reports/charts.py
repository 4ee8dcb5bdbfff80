"""Charts as shapes for an SVG template: bars, a line of many days, a heat map.

A chart is stretched to the width of the page, so its text is HTML beside it. Sizes are in units of
its own viewBox.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shop.money.amounts import format_money
from shop.money.rounding import from_minor
from shop.reports.days import ONE_DAY, Days
from shop.reports.definitions_days import WEEKDAYS
from shop.reports.reading import Reading
from shop.reports.tables import Table

#: More days, weeks or months than this are a line instead of bars.
MAX_BARS = 62
#: So many places without sales are drawn before the first that has some, and after the last.
MAX_EMPTY = 31
#: So many groups are drawn, the largest ones.
MAX_GROUPS = 12
HEIGHT = 100


@dataclass(frozen=True)
class Shape:
    """A rectangle, with the text that pointing at it shows. Its numbers are written as SVG wants them."""

    x: str
    y: str
    width: str
    height: str
    title: str
    shade: str = "1"


def _make_shape(x: float, y: float, width: float, height: float, title: str, shade: float = 1) -> Shape:
    return Shape(f"{x:g}", f"{y:.4g}", f"{width:.4g}", f"{height:.4g}", title, f"{shade:.3g}")


@dataclass
class Chart:
    """What the template draws. `labels` stand below, or beside the shapes of a `kind` "rows" or "heat"."""

    kind: str
    title: str
    about: str
    width: int = 100
    height: int = HEIGHT
    shapes: list[Shape] = field(default_factory=list)
    #: Points of lines: these days', and those of the days before.
    line: str = ""
    before: str = ""
    top: str = ""
    labels: list[str] = field(default_factory=list)
    base: str = ""


def draw(reading: Reading) -> Chart | None:
    """Returns the chart of a report; None without numbers to draw."""
    if not reading.table.lines or not reading.report.chart:
        return None
    makers = {"days": _draw_days, "bars": _draw_rows, "heat": _draw_heat}
    return makers[reading.report.chart](reading)


def format_cents(minor: int) -> str:
    return format_money(from_minor(minor))


def _make_chart(reading: Reading, kind: str, values: Sequence[int], labels: Sequence[str]) -> Chart:
    best = max(range(len(values)), key=values.__getitem__)
    about = f"Most: {labels[best]} with {format_cents(values[best])}. The table below has the same numbers."
    return Chart(kind, reading.report.title, about, top=format_cents(max(values)))


class _Series(NamedTuple):
    """A label and a value for each place of a line of time, and the values of the days before."""

    labels: list[str]
    values: list[int]
    before: list[int]


def _read_series(reading: Reading) -> _Series:
    """Returns the values of each day, week or month of the range, and of as many before the range.

    The earlier ones begin at the first day of the range before, so both lines start at the left edge.
    Of a long stretch without sales at the beginning or the end only MAX_EMPTY places are kept.
    """
    name = reading.report.columns[0].name
    places, before = _list_places(name, reading.days), _list_places(name, reading.days.get_before())
    found, earlier = _get_values(reading, reading.table), _get_values(reading, reading.before)
    busy = [
        number
        for some, values in ((places, found), (before[: len(places)], earlier))
        for number, place in enumerate(some)
        if place in values
    ]
    kept = slice(max(min(busy) - MAX_EMPTY, 0), max(busy) + MAX_EMPTY + 1)
    values = [found.get(place, 0) for place in places[kept]]
    values_before = [earlier.get(place, 0) for place in before[kept]] if reading.before else []
    return _Series([str(place) for place in places[kept]], values, values_before[: len(values)])


def _list_places(name: str, days: Days) -> list[Any]:
    """Returns what the first column says of each day, week or month that has a day of the range."""
    if name == "day":
        return [days.first + number * ONE_DAY for number in range(days.length)]
    if name == "week":
        monday = days.first - days.first.weekday() * ONE_DAY
        return [monday + number * ONE_DAY for number in range(0, (days.last - monday).days + 1, 7)]
    first, last = (day.year * 12 + day.month - 1 for day in days)
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def _get_values(reading: Reading, table: Table | None) -> dict[Any, int]:
    name, charted = reading.report.columns[0].name, reading.report.charted
    return {line.values[name]: line.values[charted] for line in table.lines} if table else {}


def _draw_days(reading: Reading) -> Chart:
    labels, values, before = _read_series(reading)
    chart = _make_chart(reading, "line" if len(values) > MAX_BARS else "columns", values, labels)
    high, low = max(*values, *before, 1), min(*values, *before, 0)
    scale = HEIGHT / (high - low)
    chart.top, chart.base = format_cents(high), f"{high * scale:.1f}"
    chart.labels = list(dict.fromkeys([labels[0], labels[len(labels) // 2], labels[-1]]))
    step = 10
    chart.width = step * len(values)
    if chart.kind == "line":
        chart.line = _join_points(values, step, high, scale)
    bars = zip(labels, values, strict=True) if chart.kind == "columns" else ()
    for number, (label, value) in enumerate(bars):
        top, title = (high - max(value, 0)) * scale, f"{label}: {format_cents(value)}"
        chart.shapes.append(_make_shape(number * step + 1, top, step - 2, abs(value) * scale, title))
    if len(before) > 1:
        chart.before = _join_points(before, step, high, scale)
    return chart


def _join_points(values: Sequence[int], step: int, high: int, scale: float) -> str:
    return " ".join(f"{(i + 0.5) * step:g},{(high - value) * scale:.1f}" for i, value in enumerate(values))


def _draw_rows(reading: Reading) -> Chart | None:
    """Draws the largest groups, one bar below the other."""
    report = reading.report
    lines = sorted(reading.table.lines, key=lambda line: -(line.values[report.charted] or 0))[:MAX_GROUPS]
    names = [column.name for column in report.columns if not column.is_number and column.name != "sku"]
    values = [line.values[report.charted] or 0 for line in lines]
    labels = [", ".join(str(line.values[name]) for name in names) for line in lines]
    if max(values) <= 0:
        return None
    chart = _make_chart(reading, "rows", values, labels)
    chart.height, chart.labels = 10 * len(lines), labels
    chart.shapes = [
        _make_shape(0, 10 * i + 1.5, 100 * max(value, 0) / max(values), 7, f"{label}: {format_cents(value)}")
        for i, (label, value) in enumerate(zip(labels, values, strict=True))
    ]
    return chart


def _draw_heat(reading: Reading) -> Chart:
    """Draws a square for each hour of each weekday; the darker, the more was sold."""
    found: dict[Any, int] = {}
    for line in reading.table.lines:
        cell = line.values["weekday"], int(line.values["hour"][:2])
        found[cell] = line.values[reading.report.charted]
    labels = [f"{weekday} {hour:02}:00" for weekday, hour in found]
    chart = _make_chart(reading, "heat", list(found.values()), labels)
    high = max(*found.values(), 1)
    chart.width, chart.height, chart.labels = 240, 70, [name[:3] for name in WEEKDAYS]
    for row, weekday in enumerate(WEEKDAYS):
        for hour in range(24):
            value = max(found.get((weekday, hour), 0), 0)
            title = f"{weekday} {hour:02}:00: {format_cents(value)}"
            chart.shapes.append(_make_shape(hour * 10, row * 10, 9.5, 9.5, title, 0.06 + 0.94 * value / high))
    return chart

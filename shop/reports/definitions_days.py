"""Reports of sales by time and by clerk."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from shop.reports.days import ONE_DAY
from shop.reports.rollups import TOTALS
from shop.reports.sums import Reader, Row
from shop.reports.tables import Column, Report, ReportLine, Table, add_up
from shop.staff.models import User

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: In all reports of sales and goods "net" is sales less returns, with the tax that is in them; what is
#: without tax is called so: "sales_net", "returns_net".
SALES_COLUMNS = (
    Column("orders", "Orders", "count", "sales"),
    Column("sales", "Sales", "amount", "sales"),
    Column("returns", "Returns", "amount", "returns"),
    Column("net", "Sales less returns", "amount"),
)
SALES_FIGURES = ("orders", "sales", "returns")
Grouped = dict[Any, dict[str, int]]


def group_rows(rows: Iterable[Row], make_key: Callable[[dict[str, Any]], Any]) -> Grouped:
    """Adds up rows that have the same key, sorted by it."""
    groups: Grouped = {}
    for keys, sums in rows:
        group = groups.setdefault(make_key(keys), dict.fromkeys(sums, 0))
        for name, value in sums.items():
            group[name] += value
    return dict(sorted(groups.items(), key=lambda pair: (pair[0] is not None, pair[0])))


def make_table(columns: tuple[Column, ...], lines: list[ReportLine]) -> Table:
    return Table(lines, add_up(columns, lines))


def build_sales(sums: dict[str, int]) -> dict[str, int]:
    """Returns the values of SALES_COLUMNS."""
    return {name: sums[name] for name in SALES_FIGURES} | {"net": sums["sales"] - sums["returns"]}


def _read_by_period(
    name: str, get_first: Callable[[datetime.date], datetime.date], get_last: Callable[[datetime.date], Any]
) -> Callable[[Reader, int | None], Table]:
    """Makes the reading of sales by periods; `get_first` of a day begins one, `get_last` of that ends it."""

    def read(reader: Reader, limit: int | None) -> Table:
        days = reader.read(TOTALS, "day", figures=SALES_FIGURES)
        groups = group_rows(days, lambda keys: get_first(keys["day"]))
        lines = []
        for first, sums in groups.items():
            inside = {
                "first": max(first, reader.days.first),
                "last": min(get_last(first), reader.days.last),
            }
            shown: Any = f"{first:%Y-%m}" if name == "month" else first
            lines.append(ReportLine({name: shown, **build_sales(sums)}, inside))
        return make_table(SALES_COLUMNS, lines)

    return read


def _get_month_end(first: datetime.date) -> datetime.date:
    return (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY


def _read_by_hour(reader: Reader, limit: int | None) -> Table:
    rows = reader.read(TOTALS, "weekday", "hour", figures=SALES_FIGURES, order_by="weekday, hour")
    lines = [
        ReportLine(
            {
                "weekday": WEEKDAYS[int(keys["weekday"]) - 1],
                "hour": f"{keys['hour']:02}:00",
                **build_sales(sums),
            },
            keys,
        )
        for keys, sums in rows
    ]
    return make_table(SALES_COLUMNS, lines)


def _read_by_clerk(reader: Reader, limit: int | None) -> Table:
    rows = reader.read(TOTALS, "clerk", figures=SALES_FIGURES)
    names = dict(User.objects.values_list("pk", "username"))
    lines = [
        ReportLine({"clerk": names.get(keys["clerk"], "–"), **build_sales(sums)}, {"clerk": keys["clerk"]})
        for keys, sums in rows
    ]
    lines.sort(key=lambda line: (-line.values["net"], line.values["clerk"]))
    return make_table(SALES_COLUMNS, lines)


DAY_REPORTS = (
    Report(
        "sales-by-day",
        "Sales by day",
        (Column("day", "Day", "day"), *SALES_COLUMNS),
        _read_by_period("day", lambda day: day, lambda first: first),
        "days",
    ),
    Report(
        "sales-by-week",
        "Sales by week",
        (Column("week", "Week from", "day"), *SALES_COLUMNS),
        _read_by_period("week", lambda day: day - day.weekday() * ONE_DAY, lambda first: first + 6 * ONE_DAY),
        "days",
    ),
    Report(
        "sales-by-month",
        "Sales by month",
        (Column("month", "Month"), *SALES_COLUMNS),
        _read_by_period("month", lambda day: day.replace(day=1), _get_month_end),
        "days",
    ),
    Report(
        "sales-by-hour",
        "Sales by hour and weekday",
        (Column("weekday", "Weekday"), Column("hour", "Hour"), *SALES_COLUMNS),
        _read_by_hour,
        "heat",
        charted="sales",
    ),
    Report(
        "sales-by-clerk", "Sales by clerk", (Column("clerk", "Clerk"), *SALES_COLUMNS), _read_by_clerk, "bars"
    ),
)

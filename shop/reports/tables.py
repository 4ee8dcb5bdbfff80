"""What a report is: its columns, its rows, and how they are written for programs."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeVar

from shop.money.amounts import format_percent
from shop.money.rounding import from_minor, round_half_up
from shop.reports.sums import Reader
from shop.web.csv_files import escape_formula

ColumnType = Literal["text", "day", "count", "amount", "cost", "rate", "percent"]
ROW_LIMIT = 100
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Column:
    """A column. Amounts are in minor units, "cost" is an amount with up to four decimals (a Decimal), "rate"
    is in tenths of a percent, "percent" a tax rate.

    `facts` names the kind of facts that its figures are sums of, for the list behind a figure.
    """

    name: str
    label: str
    type: ColumnType = "text"
    facts: str = ""
    adds_up: bool = True

    @property
    def is_number(self) -> bool:
        return self.type not in ("text", "day")


@dataclass
class ReportLine:
    """A row of a report. `keys` find the facts behind it; `link` is the page of its product or customer."""

    values: dict[str, Any]
    keys: dict[str, Any] = field(default_factory=dict)
    link: str = ""


@dataclass
class Table:
    """The rows of a report and the sums of its columns. `left_out` says whether there are more rows."""

    lines: list[ReportLine]
    totals: dict[str, Any] = field(default_factory=dict)
    left_out: bool = False


@dataclass(frozen=True)
class Report:
    """A report. `read` takes the Reader of some days and how many rows are wanted (None: all)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    read: Callable[[Reader, int | None], Table]
    chart: Literal["", "days", "bars", "heat"] = ""
    #: The name of the column that a chart draws.
    charted: str = "net"
    about: str = ""
    #: Whether it is about a range of days; the others are about now.
    of_days: bool = True


def add_up(columns: tuple[Column, ...], lines: list[ReportLine]) -> dict[str, Any]:
    """Returns the totals of counts and amounts."""
    wanted = [column.name for column in columns if column.type in ("count", "amount") and column.adds_up]
    return {name: sum(line.values[name] or 0 for line in lines) for name in wanted}


def read_first(
    read: Callable[[int | None], Sequence[RowT]], limit: int | None
) -> tuple[Sequence[RowT], bool]:
    """Returns the first `limit` rows, or all, and whether there are more. `read` is given a maximum."""
    if limit is None:
        return read(None), False
    # One more tells whether there are more.
    rows = read(limit + 1)
    return rows[:limit], len(rows) > limit


def get_rate(part: int, whole: int) -> int | None:
    """Returns a part in tenths of a percent; None of nothing."""
    return round_half_up(Decimal(part * 1000) / whole) if whole else None


def format_plain(value: Any, column: Column) -> str:
    """Formats a value for programs: plain decimals, days as in 2026-11-26."""
    if value is None:
        return ""
    match column.type:
        case "amount":
            return f"{from_minor(value)}"
        case "rate":
            return f"{from_minor(value, 1)}"
        case "percent":
            return format_percent(value)
        case "day":
            return value.isoformat() if isinstance(value, datetime.date) else str(value)
    return str(value)


def write_records(report: Report, table: Table) -> list[Mapping[str, str]]:
    """Returns the rows as text by column."""
    return [
        {column.name: format_plain(line.values[column.name], column) for column in report.columns}
        for line in table.lines
    ]


def write_cells(report: Report, line: ReportLine) -> list[str]:
    """Returns a row as cells of a CSV file. A number is not escaped: its minus begins no formula."""
    texts = ((column, format_plain(line.values[column.name], column)) for column in report.columns)
    return [text if column.is_number else escape_formula(text) for column, text in texts]

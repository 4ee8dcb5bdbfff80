"""Prepares a report's table for its page: formatted cells, links to the rows behind figures, comparison."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from shop.money.amounts import format_cost, format_percent
from shop.orders.models import Order, OrderLine
from shop.payments.models import Payment
from shop.reports.charts import format_cents
from shop.reports.days import Days
from shop.reports.drill_down import FACT_LISTS, RowsBehind, write_query
from shop.reports.reading import Reading
from shop.reports.tables import Column, ReportLine, get_rate
from shop.returns.models import Return, ReturnLine
from shop.staff.models import User

#: The reports on the list page, by what they are about.
GROUPS = {
    "Sales": (
        *("sales-by-day", "sales-by-week", "sales-by-month", "sales-by-hour", "sales-by-product"),
        *("sales-by-customer", "sales-by-clerk", "sales-by-tax-rate", "discounts", "returns"),
    ),
    "Money": ("sales-by-payment-method", "open-balances", "till-differences", "margin"),
    "Stock": ("stock-value", "slow-movers", "abc"),
}


@dataclass(frozen=True)
class Figure:
    """A total, that of the days before, and the change."""

    label: str
    text: str
    before: str = ""
    change: str = ""


@dataclass(frozen=True)
class ShownTable:
    """The rows of a table and the row of its totals, as HTML of their cells; `figures` stand above it.

    The cells are not written by a template, which took half of a page's time.
    """

    rows: list[SafeString]
    totals: SafeString | None
    figures: list[Figure]


def show_table(reading: Reading) -> ShownTable:
    columns, table = reading.report.columns, reading.table
    rows = [_write_cells(columns, line, reading) for line in table.lines]
    totals = {column.name: table.totals.get(column.name) for column in columns}
    last = None
    if any(value is not None for value in totals.values()):
        last = _write_cells(columns, ReportLine({**totals, columns[0].name: "All"}), reading)
    figures = [
        _compare(column, reading)
        for column in columns
        if column.name in table.totals and column.type in ("count", "amount")
    ]
    return ShownTable(rows, last, figures)


def format_value(value: Any, column: Column) -> str:
    """Formats a value for people."""
    if value is None:
        return ""
    match column.type:
        case "amount":
            return format_cents(value)
        case "cost":
            return format_cost(value)
        case "count":
            return f"{value:,}"
        case "rate":
            return f"{value / 10:.1f} %"
        case "percent":
            return f"{format_percent(value)} %"
    return str(value)


def _write_cells(columns: Sequence[Column], line: ReportLine, reading: Reading) -> SafeString:
    """Returns the HTML of a row's cells; the first one is its head."""
    links: dict[str, str] = {}
    cells = []
    for number, column in enumerate(columns):
        value = line.values[column.name]
        link = line.link if number == 0 else ""
        if column.facts and value and (line.keys or reading.report.of_days):
            link = links.get(column.facts) or make_link(column.facts, reading.days, line.keys)
            links[column.facts] = link
        shown = escape(format_value(value, column))
        shown = f'<a href="{escape(link)}">{shown}</a>' if link else shown
        cells.append(_write_cell(shown, column, is_head=number == 0))
    return SafeString("".join(cells))


def _write_cell(shown: str, column: Column, *, is_head: bool) -> str:
    if is_head:
        nowrap = ' class="text-nowrap"' if column.type == "day" else ""
        return f'<th scope="row"{nowrap}>{shown}</th>'
    return f'<td class="num">{shown}</td>' if column.is_number else f"<td>{shown}</td>"


def make_link(kind: str, days: Days, keys: dict[str, Any]) -> str:
    """Returns the address of the rows behind a figure. `keys` may narrow the days."""
    query: dict[str, Any] = {**days.query}
    known = {*FACT_LISTS[kind].facts.keys, *query}
    query |= {name: value for name, value in keys.items() if name in known}
    return f"{_get_rows_address(kind)}?{write_query(query)}"


@cache
def _get_rows_address(kind: str) -> str:
    return reverse("report-rows", args=[kind])


def _compare(column: Column, reading: Reading) -> Figure:
    total = reading.table.totals[column.name]
    text = format_value(total, column)
    if reading.before is None:
        return Figure(column.label, text)
    earlier = reading.before.totals.get(column.name) or 0
    rate = get_rate(total - earlier, abs(earlier))
    change = "" if rate is None else f"{rate / 10:+.1f} %"
    return Figure(column.label, text, format_value(earlier, column), change)


@dataclass(frozen=True)
class ShownRow:
    """A fact as a row of a list. `about` is what the list's column of this name says."""

    order: Order | None
    number: str
    at: datetime.datetime
    about: str
    clerk: str
    amount: Decimal
    quantity: int | None = None


def show_row(row: Order | OrderLine | Return | ReturnLine | Payment) -> ShownRow:
    """Returns the cells of a fact."""
    match row:
        case Order():
            clerk = row.placed_by or row.created_by
            return _make_row(row, row.dated_at, row.customer_name, clerk, row.total or Decimal(0))
        case OrderLine():
            amount = row.gross or Decimal(0)
            return _make_row(row.order, row.order.dated_at, row.name, None, amount, row.quantity)
        case Return():
            about = f"{row.get_kind_display()}: {row.reason}"
            number = row.external_number or ""
            return _make_row(row.order, row.created_at, about, row.author, row.gross, None, number)
        case ReturnLine():
            back = row.of_return
            number = back.external_number or ""
            return _make_row(back.order, back.created_at, row.name, None, row.gross, row.quantity, number)
    register = f", {row.session.register}" if row.session else ""
    return _make_row(
        row.order, row.created_at, f"{row.get_method_display()}{register}", row.author, row.amount
    )


def _make_row(
    order: Order | None,
    at: datetime.datetime,
    about: str,
    clerk: User | None,
    amount: Decimal,
    quantity: int | None = None,
    number: str = "",
) -> ShownRow:
    return ShownRow(order, number, at, about, clerk.get_username() if clerk else "", amount, quantity)


def show_sums(found: RowsBehind) -> list[tuple[str, str]]:
    """Returns label and formatted sum of each figure."""
    counts = [(label, f"{found.sums[name]:,}") for name, label in found.fact_list.counts.items()]
    if "refunded" in found.sums:
        counts.append(("Paid less refunded", format_cents(found.sums["paid"] - found.sums["refunded"])))
    return counts + [
        (label, format_cents(found.sums[name])) for name, label in found.fact_list.amounts.items()
    ]

"""Exports orders as a CSV file: one row an order, with the filters and the sort of the list.

There is one row for each order and not for each line, so that the totals add up to the value of the orders.
The file is UTF-8 with a byte order mark (without it spreadsheets read Latin-1), its rows end
with CRLF and every cell is quoted as in RFC 4180. One statement reads a page of rows, which is sent before
the next one is read, so a large file needs no memory. An order whose place in the sort changes
while the file is written (a draft that is placed) may be missing, or be there twice.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from shop.db.deadline import deadline
from shop.db.outcomes import MAX_ROWS
from shop.db.statements import retry_statement
from shop.orders.models import Order
from shop.orders.reference import find_references
from shop.orders.views.pages import LISTING
from shop.web.csv_files import CsvWriter, escape_formula
from shop.web.export_slots import ExportSlot
from shop.web.lists import Selection
from shop.web.requests import StaffRequest, require_permission

#: Rows that one statement reads.
PAGE = 500
HEADER = (
    "Order",
    "Date",
    "Status",
    "Customer",
    "Phone",
    "Clerk",
    "Subtotal",
    "Total",
    "Tax",
    "Returned",
    "Paid",
    "Balance",
    "Placed",
    "Number elsewhere",
    "Note",
)


class PassThroughFile:
    """A file whose `write` returns the text, so that the CSV writer's rows can be sent."""

    def write(self, text: str) -> str:
        return text


class ExportParts:
    """The parts of a file that is being sent. Once it is closed, the user may export again."""

    def __init__(self, parts: Iterator[str], slot: ExportSlot) -> None:
        self._parts, self._slot = parts, slot

    def __iter__(self) -> Iterator[str]:
        return self._parts

    def close(self) -> None:
        """Ends the slot. Django calls this when the response was sent, has failed, or lost its connection."""
        self._slot.end()


@require_safe
@require_permission("view_order")
def order_export(request: StaffRequest) -> HttpResponseBase:
    """Exports the selected orders or, if none is selected, all orders that match the list's filters.

    Raises ExportUnderWay while another export of this user is being written.
    """
    chosen = find_references(request.GET.getlist("order"))[:MAX_ROWS]
    if chosen:
        rows = Order.objects.for_list().in_bulk(chosen, field_name="reference")
        pages = iter([[rows[reference] for reference in chosen if reference in rows]])
    else:
        pages = _read_pages(LISTING.select(request.GET, Order.objects.for_list()))
    name = f"orders-{timezone.localdate().isoformat()}.csv"
    return StreamingHttpResponse(
        ExportParts(_write_csv(pages), ExportSlot(request.user.pk)) if request.method == "GET" else (),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _read_pages(selection: Selection) -> Iterator[list[Order]]:
    """Reads all rows of the selection, in keyset pages."""
    values: tuple[Any, ...] | None = None
    names = [name.lstrip("-") for name in selection.order_by]
    while True:
        page = _read_page(selection.rows.after(selection.order_by, values)[:PAGE])
        yield page
        if len(page) < PAGE:
            return
        values = tuple(getattr(page[-1], name) for name in names)


def _read_page(rows: QuerySet[Order]) -> list[Order]:
    """Reads one page of rows, with a deadline and retries: those of the middleware have ended by now."""
    with deadline(), connection.execute_wrapper(retry_statement):
        return list(rows)


def _write_csv(pages: Iterator[list[Order]]) -> Iterator[str]:
    writer = CsvWriter(PassThroughFile())
    yield "\ufeff" + writer.write(HEADER)
    for page in pages:
        yield "".join(writer.write(_format_row(order)) for order in page)


def _read_amounts(order: Order) -> tuple[Decimal | None, ...]:
    """Returns the amounts of a row: total and what follows it are not there yet for a draft."""
    paid = None if order.balance is None else order.paid
    returned = None if order.total is None else order.returned
    return order.subtotal, order.total, order.tax, returned, paid, order.balance


def _format_amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _format_row(order: Order) -> list[str]:
    """Returns the cells of a row. Amounts are plain decimals; times are in the shop's zone, with offset."""
    customer, clerk = order.customer, order.placed_by or order.created_by
    return [
        order.reference,
        timezone.localtime(order.dated_at).isoformat(sep=" ", timespec="seconds"),
        order.status,
        escape_formula(order.customer_name),
        escape_formula(customer.phone if customer else ""),
        escape_formula(clerk.get_username() if clerk else ""),
        *map(_format_amount, _read_amounts(order)),
        timezone.localtime(order.placed_at).isoformat(sep=" ", timespec="seconds") if order.placed_at else "",
        escape_formula(order.external_number or ""),
        escape_formula(order.note),
    ]

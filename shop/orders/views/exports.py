"""Orders as a CSV file: one row an order, as the list shows them, in its filters and sort.

One row an order and not one a line, so that the sum of the totals is the sum of the orders.
The file is UTF-8 with a byte order mark (spreadsheets take it for Latin-1 otherwise), its rows end
with CRLF and every cell is quoted as RFC 4180 says. It is read and sent a page of rows at a time, each page
by one statement, so its size costs no memory. An order that gets another place in the sort
while the file is written (a draft that is placed) may be missing from it, or be there twice.
"""

from collections.abc import Iterator
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

#: Rows that are read and sent at once.
PAGE = 500
HEADER = (
    "Order",
    "Date",
    "Status",
    "Customer",
    "Phone",
    "Clerk",
    "Total",
    "Placed",
    "Number elsewhere",
    "Note",
)


class PassThroughFile:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


class ExportParts:
    """The parts of a file. Its writer's turn ends with the last one, or when the file is broken off."""

    def __init__(self, parts: Iterator[str], turn: ExportSlot) -> None:
        self._parts, self._turn = parts, turn

    def __iter__(self) -> "ExportParts":
        return self

    def __next__(self) -> str:
        try:
            return next(self._parts)
        except BaseException:
            self._turn.end()
            raise

    def close(self) -> None:
        """Django calls it when the answer was sent, or cannot be."""
        self._turn.end()


@require_safe
@require_permission("view_order")
def order_export(request: StaffRequest) -> HttpResponseBase:
    """The selected orders or, where none is named, all that the list's filters find.

    Raises ExportUnderWay while the last one is being written.
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


def _read_pages(asked: Selection) -> Iterator[list[Order]]:
    """All rows, in keyset pages."""
    values: tuple[Any, ...] | None = None
    names = [name.lstrip("-") for name in asked.order_by]
    while True:
        page = _read_page(asked.rows.after(asked.order_by, values)[:PAGE])
        yield page
        if len(page) < PAGE:
            return
        values = tuple(getattr(page[-1], name) for name in names)


def _read_page(rows: QuerySet[Order]) -> list[Order]:
    """One page of rows. The middleware's patience and deadline end before the file is written."""
    with deadline(), connection.execute_wrapper(retry_statement):
        return list(rows)


def _write_csv(pages: Iterator[list[Order]]) -> Iterator[str]:
    writer = CsvWriter(PassThroughFile())
    yield "\ufeff" + writer.write(HEADER)
    for page in pages:
        yield "".join(writer.write(_format_row(order)) for order in page)


def _format_row(order: Order) -> list[str]:
    """Amounts are plain decimals; moments are the shop's, with their offset."""
    customer, clerk = order.customer, order.placed_by or order.created_by
    return [
        order.reference,
        timezone.localtime(order.dated_at).isoformat(sep=" ", timespec="seconds"),
        order.status,
        escape_formula(order.customer_name),
        escape_formula(customer.phone if customer else ""),
        escape_formula(clerk.get_username() if clerk else ""),
        f"{order.subtotal:.2f}",
        timezone.localtime(order.placed_at).isoformat(sep=" ", timespec="seconds") if order.placed_at else "",
        escape_formula(order.external_number or ""),
        escape_formula(order.note),
    ]

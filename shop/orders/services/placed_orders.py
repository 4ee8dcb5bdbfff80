"""Writes to an order after it was placed, except its payments, returns and documents.

The admin's note works in any state. A service whose change is already made returns the order as it is.
"""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists
from django.utils import timezone

from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise, update_rows
from shop.db.transactions import retried_transaction
from shop.money.amounts import check_price, check_quantity, format_amount, sum_lines
from shop.orders.errors import (
    ChangedSinceFulfilled,
    FulfilledByOthers,
    FulfilledTooLongAgo,
    LinesAreFixed,
    OrderError,
    TooManyProducts,
    WrongState,
)
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.past_days import note_changed_days
from shop.orders.pricing import FIGURES_OF_LINE, FIGURES_OF_ORDER, set_corrected_figures
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.locking import get_order, lock_order, lock_order_of_line
from shop.products import stock
from shop.staff.changes import (
    STAMP_FIELDS,
    compare_fields,
    find_differences,
    get_last_change,
    make_stamp,
    raise_if_stale,
    stamp_change,
)

Status = Order.Status
#: So long after it was fulfilled, an order can become placed again.
UNDO_FULFIL = datetime.timedelta(minutes=30)


@retried_transaction
def fulfil_order(*, reference: str, staff_id: int | None) -> Order:
    """Marks a placed order as handed over. Raises NotFound, WrongState."""
    order = lock_order(reference)
    if order.status == Status.FULFILLED:
        return order
    if why := find_reason_not_to_fulfil(order):
        raise why
    return _set_status(order, Status.FULFILLED, staff_id)


def find_reason_not_to_fulfil(order: Order) -> WrongState | None:
    """Returns the error that fulfilling this order would raise, or None."""
    return None if order.status == Status.PLACED else WrongState(order.reference, order.status, "fulfil")


@retried_transaction
def unfulfil_order(*, reference: str, staff_id: int | None, allow_others: bool) -> Order:
    """Makes a fulfilled order placed again. Stock does not change, since fulfilling takes none.

    Raises NotFound, WrongState; FulfilledTooLongAgo after UNDO_FULFIL; ChangedSinceFulfilled when
    something else has happened to the order since; FulfilledByOthers when somebody else fulfilled it
    and `allow_others` is false.
    """
    order = lock_order(reference)
    if order.status == Status.PLACED:
        return order
    if order.status != Status.FULFILLED:
        raise WrongState(order.reference, order.status, "unfulfil")
    last = order.events.order_by("created_at", "id").last()
    if last is None or last.kind != OrderEvent.Kind.FULFILLED:
        raise ChangedSinceFulfilled(order.reference)
    if last.created_at < timezone.now() - UNDO_FULFIL:
        raise FulfilledTooLongAgo(order.reference)
    if not allow_others and last.author_id != staff_id:
        raise FulfilledByOthers(order.reference)
    return _set_status(order, Status.PLACED, staff_id, OrderEvent.Kind.REOPENED, undone="fulfilled")


def _set_status(
    order: Order, status: Order.Status, staff_id: int | None, kind: str = "", **parameters: str
) -> Order:
    """Stores a status and an event of this `kind`, by default the kind with the name of the status."""
    order.status = status
    stamp_change(order, staff_id)
    order.save(update_fields=["status", *STAMP_FIELDS])
    OrderEvent.objects.create(
        order=order, kind=kind or str(status), author_id=staff_id, parameters=parameters
    )
    return order


@retried_transaction(once=Order.objects.all)
def duplicate_order(*, reference: str, staff_id: int, once: Once | None) -> Order:
    """Makes a draft with the same customer and products at today's prices.

    Products that are no longer sold are named in the draft's `left_out`.
    Raises NotFound, KeyReused, TooManyProducts; QuantityOutOfRange when the lines of one product add up
    to too many.
    """
    source = get_order(reference)
    # Version 1 is an untouched draft, which `open_draft` would give to the clerk's next order.
    order = Order(customer_id=source.customer_id, created_by_id=staff_id, version=2, **make_stamp(staff_id))
    lines, left_out = _copy_lines(source, order)
    order.subtotal = sum_lines(lines)
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(lines)
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.OPENED,
        author_id=staff_id,
        parameters={"copied_from": source.reference, "left_out": left_out},
    )
    return order


def _copy_lines(source: Order, order: Order) -> tuple[list[OrderLine], list[str]]:
    """Returns lines for `order`, one a product, and the names of products that are no longer sold.

    Stores nothing.
    """
    lines: dict[int, OrderLine] = {}
    left_out: list[str] = []
    for line in source.lines.select_related("product"):
        product = line.product
        if not product.active:
            left_out.append(product.name)
        elif product.pk in lines:
            lines[product.pk].quantity += line.quantity
        else:
            lines[product.pk] = OrderLine(
                order=order,
                product=product,
                position=len(lines) + 1,
                name=product.name,
                quantity=line.quantity,
                unit_price=product.unit_price,
            )
    if len(lines) > MAX_LINES:
        raise TooManyProducts(source.reference, len(lines), MAX_LINES)
    for copied in lines.values():
        check_quantity(copied.quantity)
    return list(lines.values()), left_out


@retried_transaction
def correct_line(
    *,
    line_id: int,
    quantity: int,
    unit_price: Decimal,
    reason: str,
    seen_version: int,
    staff_id: int | None,
) -> OrderLine:
    """Corrects a line of a placed order, and its figures, stock and timeline.

    Raises NotFound, WrongState, QuantityOutOfRange, PriceOutOfRange, DiscountTooLarge, TotalTooLarge,
    OutOfStock; Stale when the order changed after `seen_version`; LinesAreFixed as soon as anything was
    paid or returned, or a document was issued.
    """
    order = lock_order_of_line(line_id)
    line = lock_or_raise(OrderLine, line_id)
    if why := find_reason_not_to_correct(order):
        raise why
    check_quantity(quantity)
    check_price(unit_price)
    wanted = {"quantity": quantity, "unit_price": unit_price}
    differences = compare_fields(line, wanted, get_last_change(order))
    if not differences:
        return line
    raise_if_stale(order, differences, seen_version=seen_version, staff_id=staff_id)
    _store_terms(order, line, quantity, unit_price, reason, staff_id)
    return line


def _store_terms(
    order: Order, line: OrderLine, quantity: int, unit_price: Decimal, reason: str, staff_id: int | None
) -> None:
    """Stores a line's quantity and price with all that follows from them. Raises as correct_line does."""
    was = _describe_terms(line)
    stock.correct_stock(line.product_id, line.quantity - quantity, order=order, staff_id=staff_id)
    lines = [line if row.pk == line.pk else row for row in order.lines.all()]
    line.quantity, line.unit_price = quantity, unit_price
    _store_corrected_figures(order, lines, staff_id)
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.CORRECTED,
        author_id=staff_id,
        parameters={"line": line.name, "was": was, "now": _describe_terms(line), "reason": reason},
    )


def _store_corrected_figures(order: Order, lines: list[OrderLine], staff_id: int | None) -> None:
    """Computes and stores the figures of an order whose line was corrected."""
    set_corrected_figures(order, lines)
    note_changed_days([order.business_day])
    update_rows(lines, ["quantity", "unit_price", *FIGURES_OF_LINE])
    stamp_change(order, staff_id)
    order.save(update_fields=[*FIGURES_OF_ORDER, *STAMP_FIELDS])


def find_reason_not_to_correct(order: Order) -> OrderError | None:
    """Returns the error that correcting a line of this order would raise, or None."""
    if not order.is_sold:
        return WrongState(order.reference, order.status, "correct")
    facts = Exists(order.payments.all()) | Exists(order.returns.all()) | Exists(order.documents.all())
    return LinesAreFixed(order.reference) if Order.objects.filter(facts, pk=order.pk).exists() else None


def _describe_terms(line: OrderLine) -> dict[str, Any]:
    """Returns a line's quantity and price, as an event stores them."""
    return {"quantity": line.quantity, "unit_price": format_amount(line.unit_price)}


@retried_transaction
def change_note(*, reference: str, note: str, seen_version: int, staff_id: int | None) -> Order:
    """Changes the note of an order in any state, with an event.

    Raises NotFound; Stale when the order changed after `seen_version`.
    """
    order = lock_order(reference)
    differences = find_differences(order, {"note": note})
    if not differences:
        return order
    raise_if_stale(order, differences, seen_version=seen_version, staff_id=staff_id)
    order.note = note
    stamp_change(order, staff_id)
    order.save(update_fields=["note", *STAMP_FIELDS])
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.CORRECTED, author_id=staff_id, parameters={"field": "note"}
    )
    return order

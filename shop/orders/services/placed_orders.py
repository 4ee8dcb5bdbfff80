"""Every write to an order after it was placed."""

import datetime
from decimal import Decimal

from django.utils import timezone

from shop.db.idempotency import Once
from shop.db.rows import locked
from shop.db.transactions import retried_transaction
from shop.money.amounts import checked_price, checked_quantity, format_money, sum_of
from shop.orders.errors import OrderError
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.locking import found_order, locked_order, locked_order_of
from shop.products import stock
from shop.staff.changes import SIGNED, sign, signature

Status = Order.Status
#: How long after it was fulfilled an order can be put back to placed.
UNDO_FULFIL = datetime.timedelta(minutes=30)


@retried_transaction
def fulfil_order(*, reference: str, staff_id: int | None) -> Order:
    """Marks a placed order as handed over; a fulfilled one answers with itself.

    Raises NotFound, OrderError.
    """
    order = locked_order(reference)
    if order.status == Status.FULFILLED:
        return order
    _refuse(why_not_fulfil(order))
    return _set_status(order, Status.FULFILLED, staff_id)


def why_not_fulfil(order: Order) -> str:
    """Why an order cannot be fulfilled; empty when it can."""
    if order.status != Status.PLACED:
        return f"{order.reference} is {order.status}: only a placed order can be fulfilled."
    return ""


@retried_transaction
def unfulfil_order(*, reference: str, staff_id: int | None, allow_others: bool) -> Order:
    """Takes back that an order was handed over; a placed one answers with itself.

    Nothing else moves: fulfilling takes no stock. Raises NotFound; OrderError when it was longer
    ago than UNDO_FULFIL, something else happened to the order since, or somebody else fulfilled it
    and not even `allow_others` says that this may be undone.
    """
    order = locked_order(reference)
    if order.status == Status.PLACED:
        return order
    if order.status != Status.FULFILLED:
        raise OrderError(f"{order.reference} is {order.status}: only fulfilling can be undone.")
    last = order.events.order_by("created_at", "id").last()
    if last is None or last.kind != OrderEvent.Kind.FULFILLED:
        raise OrderError(f"{order.reference} was changed since it was fulfilled. It stays fulfilled.")
    if last.created_at < timezone.now() - UNDO_FULFIL:
        raise OrderError(f"{order.reference} was fulfilled too long ago to be undone.")
    if not allow_others and last.author_id != staff_id:
        raise OrderError(f"{order.reference} was fulfilled by somebody else. They or a manager can undo it.")
    return _set_status(
        order, Status.PLACED, staff_id, kind=OrderEvent.Kind.REOPENED, detail="Fulfilling was undone"
    )


@retried_transaction
def cancel_order(*, reference: str, staff_id: int | None, allow_fulfilled: bool) -> Order:
    """Cancels an order and puts back what it took from stock, once; a cancelled one answers with itself.

    Raises NotFound; OrderError for a draft, and for a fulfilled order without `allow_fulfilled`.
    """
    order = locked_order(reference)
    if order.status == Status.CANCELLED:
        return order
    _refuse(why_not_cancel(order, allow_fulfilled=allow_fulfilled))
    stock.return_stock(order=order, staff_id=staff_id)
    return _set_status(order, Status.CANCELLED, staff_id)


def why_not_cancel(order: Order, *, allow_fulfilled: bool) -> str:
    """Why an order cannot be cancelled; empty when it can."""
    if order.status == Status.DRAFT:
        return f"{order.reference} is a draft: discard it at the desk."
    if order.status == Status.FULFILLED and not allow_fulfilled:
        return f"{order.reference} was fulfilled. A manager can cancel it."
    return ""


def _refuse(why: str) -> None:
    if why:
        raise OrderError(why)


def _set_status(
    order: Order, status: Order.Status, staff_id: int | None, *, kind: str = "", detail: str = ""
) -> Order:
    """With an event of the status's own name, unless another `kind` says it better."""
    order.status = status
    sign(order, staff_id)
    order.save(update_fields=["status", *SIGNED])
    OrderEvent.objects.create(order=order, kind=kind or str(status), author_id=staff_id, detail=detail)
    return order


@retried_transaction(once=Order.objects.all)
def duplicate_order(*, reference: str, staff_id: int, once: Once | None) -> Order:
    """Makes a draft with the same customer and products at today's prices.

    The draft's `left_out` names what is no longer sold.
    Raises NotFound, KeyReused, OrderError; InvalidFields where lines of one product add up to too many.
    """
    source = found_order(reference)
    order = Order(customer_id=source.customer_id, created_by_id=staff_id, version=2, **signature(staff_id))
    lines, left_out = _copy_lines(source, order)
    order.subtotal = sum_of(lines)
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(lines)
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.OPENED, author_id=staff_id, detail=f"Copied from {source.reference}"
    )
    order.left_out = left_out
    return order


def _copy_lines(source: Order, order: Order) -> tuple[list[OrderLine], list[str]]:
    """Lines for `order`, one a product, and the names of what is no longer sold. Stores nothing."""
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
        raise OrderError(
            f"{source.reference} has {len(lines)} products; a draft has {MAX_LINES} lines at most, "
            "so it cannot be copied."
        )
    for copied in lines.values():
        checked_quantity(copied.quantity)
    return list(lines.values()), left_out


@retried_transaction
def correct_line(
    *, line_id: int, quantity: int, unit_price: Decimal, reason: str, staff_id: int | None
) -> OrderLine:
    """Mends a line of a placed order; subtotal, stock and timeline follow.

    Raises NotFound, OrderError, InvalidFields.
    """
    order = locked_order_of(line_id)
    line = locked(OrderLine, line_id)
    if order.status not in (Status.PLACED, Status.FULFILLED):
        raise OrderError(f"{order.reference} is {order.status}: only a placed order is corrected here.")
    checked_quantity(quantity)
    checked_price(unit_price)
    if (line.quantity, line.unit_price) == (quantity, unit_price):
        return line
    was = f"{line.quantity} × {format_money(line.unit_price)}"
    stock.correct_stock(line.product_id, line.quantity - quantity, order=order, staff_id=staff_id)
    line.quantity, line.unit_price = quantity, unit_price
    line.save(update_fields=["quantity", "unit_price"])
    order.subtotal = sum_of(order.lines.all())
    sign(order, staff_id)
    order.save(update_fields=["subtotal", *SIGNED])
    now = f"{quantity} × {format_money(unit_price)}"
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.CORRECTED,
        author_id=staff_id,
        detail=f"{line.name}: {was} became {now}. {reason}"[:500],
    )
    return line


@retried_transaction
def annotate_order(*, reference: str, note: str, staff_id: int | None) -> Order:
    """Changes the note of an order in any state, with an event. Raises NotFound."""
    order = locked_order(reference)
    if order.note != note:
        order.note = note
        sign(order, staff_id)
        order.save(update_fields=["note", *SIGNED])
        OrderEvent.objects.create(
            order=order, kind=OrderEvent.Kind.CORRECTED, author_id=staff_id, detail="Note changed"
        )
    return order

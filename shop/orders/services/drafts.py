"""Every write to an order while it is a draft.

Each change is saved at once. Setting the same value twice changes nothing; adding a line
takes a key, so that a request that is sent twice adds once.
"""

from django.utils import timezone

from shop.customers import services as customers
from shop.customers.models import Customer
from shop.db.idempotency import Once
from shop.db.rows import get_or_raise
from shop.db.transactions import retried_transaction
from shop.money.amounts import check_quantity, sum_lines
from shop.orders.errors import LineRemoved, ProductRetired, TooManyLines, WrongState
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.pricing import price_draft
from shop.orders.queries import OrderQuerySet
from shop.orders.services.draft_conflicts import build_customer_error, build_note_error, build_quantity_error
from shop.orders.services.draft_products import find_product, get_product
from shop.orders.services.locking import lock_order
from shop.products.models import Product
from shop.staff.changes import STAMP_FIELDS, make_stamp, stamp_change

#: Lines an order can have; past that an order is an import.
MAX_LINES = 500
#: A request that added to a draft is recognised when it comes again, until so many others have added to it.
ADDITIONS_KEPT = 20


@retried_transaction
def open_draft(*, staff_id: int) -> Order:
    """Returns a new draft, or the one that this member of staff opened before and never changed."""
    order = Order.objects.untouched_drafts(staff_id).select_for_update().order_by("-dated_at").first()
    if order is None:
        order = Order.objects.create(created_by_id=staff_id, **make_stamp(staff_id))
        OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.OPENED, author_id=staff_id)
    else:
        order.dated_at = timezone.now()
        order.save(update_fields=["dated_at"])
    return order


@retried_transaction
def set_customer(
    *,
    reference: str,
    customer_id: int | None,
    seen_customer_id: int | None,
    staff_id: int | None,
) -> Order:
    """Sets or clears (None: a walk-in) the customer.

    Raises NotFound, WrongState; CustomerChanged when it is no longer `seen_customer_id`.
    """
    order = lock_draft(reference)
    if order.customer_id == customer_id:
        return order
    if order.customer_id != seen_customer_id:
        raise build_customer_error(order, seen_customer_id, customer_id, staff_id)
    order.customer = get_or_raise(Customer, customer_id) if customer_id else None
    return save_change(order, staff_id, "customer")


@retried_transaction(once=Order.objects.all)
def set_new_customer(
    *,
    reference: str,
    name: str,
    phone: str,
    seen_customer_id: int | None,
    staff_id: int | None,
    once: Once | None,
) -> Order:
    """Makes a customer, and sets it on the draft. Raises what set_customer raises, and KeyReused."""
    customer = customers.create_customer.inside(name=name, phone=phone, staff_id=staff_id, once=None)
    return set_customer.inside(
        reference=reference,
        customer_id=customer.pk,
        seen_customer_id=seen_customer_id,
        staff_id=staff_id,
    )


@retried_transaction
def add_line(
    *,
    reference: str,
    product_id: int | None = None,
    words: str = "",
    quantity: int = 1,
    key: str,
    staff_id: int | None,
) -> Order:
    """Adds `quantity` of a product, which an id or `words` name; a line that exists gets more.

    `key` identifies the client's request: the same key again adds nothing, until ADDITIONS_KEPT other
    requests have added to the draft. Raises NotFound, WrongState, InvalidValue; NotOneMatch when `words`
    match no product, or several.
    """
    order = lock_draft(reference, Order.objects.annotate_product_id(words))
    if key and key in dict(order.additions):
        return order
    product_id = product_id or order.product_id_of_code
    product = get_product(product_id) if product_id else find_product(words)
    line = _get_or_build_line(order, product)
    line.quantity = check_quantity(line.quantity + quantity)
    order.subtotal = price_draft(order).subtotal
    line.save()
    if key:
        order.additions = [*order.additions, (key, product.pk)][-ADDITIONS_KEPT:]
    return save_change(order, staff_id, "subtotal", "additions")


def _get_or_build_line(order: Order, product: Product) -> OrderLine:
    """Returns the order's line of this product, or a new one of 0, at today's price. Stores nothing."""
    if not product.active:
        raise ProductRetired(product.pk, product.name, product.sku)
    lines = order.line_list
    line = next((line for line in lines if line.product_id == product.pk), None)
    if line is None:
        if len(lines) >= MAX_LINES:
            raise TooManyLines(MAX_LINES)
        position = max((line.position for line in lines), default=0) + 1
        line = OrderLine(order=order, position=position, quantity=0)
        lines.append(line)
    line.product, line.name, line.unit_price = product, product.name, product.unit_price
    line.percent_today = product.percent_today
    return line


@retried_transaction
def set_quantity(
    *,
    reference: str,
    line_id: int,
    quantity: int,
    seen_quantity: int,
    product_id: int | None = None,
    staff_id: int | None,
) -> Order:
    """Sets a line's quantity; 0 removes it.

    A line that was removed counts as quantity 0; with `seen_quantity` 0 and `product_id` it is added again.
    Raises NotFound, WrongState, InvalidValue; QuantityChanged when it is no longer `seen_quantity`.
    """
    order = lock_draft(reference)
    line = _find_line(order, line_id, product_id)
    present = line.quantity if line else 0
    if present == quantity:
        return order
    if not line and not product_id:
        raise LineRemoved("order line")
    product = line.product if line else get_product(product_id or 0)
    if present != seen_quantity:
        raise build_quantity_error(
            order, product.name, seen=seen_quantity, present=present, wanted=quantity, staff_id=staff_id
        )
    _store_quantity(order, line or _get_or_build_line(order, product), quantity)
    return save_change(order, staff_id, "subtotal")


def _find_line(order: Order, line_id: int, product_id: int | None) -> OrderLine | None:
    """Returns the line with this id or, if it was removed, the line of this product."""
    lines = {line.product_id: line for line in order.line_list}
    return {line.pk: line for line in order.line_list}.get(line_id) or lines.get(product_id or 0)


def _store_quantity(order: Order, line: OrderLine, quantity: int) -> None:
    """Stores the quantity of a line, or removes the line for 0; updates the order's subtotal."""
    if quantity:
        line.quantity = check_quantity(quantity)
        order.subtotal = price_draft(order).subtotal
        line.save()
    else:
        # Also from an order that cannot be priced, because another of its lines has no tax rate.
        order.line_list.remove(line)
        order.subtotal = sum_lines(order.line_list)
        line.delete()


@retried_transaction
def set_note(*, reference: str, note: str, seen_note: str, staff_id: int | None) -> Order:
    """Sets the note. Raises NotFound, WrongState; NoteChanged when it is no longer `seen_note`."""
    order = lock_draft(reference)
    if order.note == note:
        return order
    if order.note != seen_note:
        raise build_note_error(order, seen_note, note, staff_id)
    order.note = note
    return save_change(order, staff_id, "note")


@retried_transaction
def park_draft(*, reference: str, staff_id: int | None) -> Order:
    """Marks a draft as parked, for the home page. The next change removes the mark."""
    order = lock_draft(reference)
    order = save_change(order, staff_id)
    order.parked_at = timezone.now()
    order.save(update_fields=["parked_at"])
    return order


@retried_transaction
def discard_draft(*, reference: str, staff_id: int | None) -> Order:
    """Cancels a draft; `reopen_draft` brings it back. Raises NotFound, WrongState."""
    order = lock_order(reference)
    if order.status == Order.Status.CANCELLED:
        return order
    _refuse_unless_draft(order)
    order.status, order.parked_at = Order.Status.CANCELLED, None
    stamp_change(order, staff_id)
    order.save(update_fields=["status", "parked_at", *STAMP_FIELDS])
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.DISCARDED, author_id=staff_id)
    return order


@retried_transaction
def reopen_draft(*, reference: str, staff_id: int | None) -> Order:
    """Makes a discarded draft a draft again. Raises NotFound, WrongState."""
    order = lock_order(reference)
    if order.is_draft:
        return order
    if order.status != Order.Status.CANCELLED or order.placed_at:
        raise WrongState(order.reference, order.status, "reopen")
    order.status = Order.Status.DRAFT
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.REOPENED, author_id=staff_id)
    return save_change(order, staff_id, "status")


def lock_draft(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """Returns the draft, locked. Raises NotFound; WrongState when it is no longer a draft."""
    order = lock_order(reference, rows)
    _refuse_unless_draft(order)
    return order


def _refuse_unless_draft(order: Order) -> None:
    if not order.is_draft:
        raise WrongState(order.reference, order.status, "change")


def save_change(order: Order, staff_id: int | None, *fields: str) -> Order:
    """Stores these fields of a draft, and who changed it; it is no longer parked."""
    stamp_change(order, staff_id)
    order.parked_at = None
    order.save(update_fields=["parked_at", *STAMP_FIELDS, *fields])
    return order

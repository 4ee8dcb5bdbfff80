"""Builds the errors for two people who change the same draft."""

from shop.customers.models import Customer
from shop.orders.errors import CustomerChanged, NoteChanged, OrderDifference, QuantityChanged
from shop.orders.models import Order
from shop.staff.changes import get_last_change, is_own_change


def find_customer_names(*ids: int | None) -> list[str | int | None]:
    """Returns the names of these customers: None for a walk-in, the id for a customer that was deleted."""
    known = Customer.objects.in_bulk([pk for pk in ids if pk])
    return [known[pk].name if pk in known else pk or None for pk in ids]


def build_customer_error(
    order: Order, seen_id: int | None, wanted_id: int | None, staff_id: int | None
) -> CustomerChanged:
    was, now, mine = find_customer_names(seen_id, order.customer_id, wanted_id)
    difference = OrderDifference("customer", was, now, mine, change=get_last_change(order))
    return CustomerChanged([difference], order.customer_id, is_own_change(order, staff_id))


def build_quantity_error(
    order: Order, name: str, *, seen: int, present: int, wanted: int, staff_id: int | None
) -> QuantityChanged:
    """Returns the error about the line called `name`. A quantity of 0 means that there is no line."""
    change = get_last_change(order)
    difference = OrderDifference("quantity", seen, present, wanted, name=name, change=change)
    return QuantityChanged([difference], present, is_own_change(order, staff_id))


def build_note_error(order: Order, seen: str, wanted: str, staff_id: int | None) -> NoteChanged:
    difference = OrderDifference("note", seen, order.note, wanted, change=get_last_change(order))
    return NoteChanged([difference], order.note, is_own_change(order, staff_id))

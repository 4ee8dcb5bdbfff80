"""What a step at the desk says that meets somebody else's: what was seen, is there now, and is wanted."""

from shop.customers.models import Customer
from shop.db.errors import Difference, Stale
from shop.orders.models import Order
from shop.staff.changes import last_change, shown, somebody


def customer_names(*ids: int | None) -> list[str]:
    """What orders of these customers are called, None being a walk-in."""
    known = Customer.objects.in_bulk([pk for pk in ids if pk])
    return [(known[pk].name if pk in known else "not known any more") if pk else "Walk-in" for pk in ids]


def stale_customer(order: Order, seen_id: int | None, wanted_id: int | None, staff_id: int | None) -> Stale:
    """Somebody else chose another customer."""
    was, mine = customer_names(seen_id, wanted_id)
    return Stale(
        f"{somebody(order, staff_id)} set the customer to {order.who}. Choose again if that is wrong.",
        [Difference("Customer", was, order.who, mine, last_change(order))],
        order.customer_id,
    )


def stale_quantity(
    order: Order, name: str, *, seen: int, present: int, wanted: int, staff_id: int | None
) -> Stale:
    """Somebody else changed the line called `name`; 0 is no line."""
    did = f"changed {name} from {seen} to {present}" if present else f"removed {name}"
    was, now, mine = (str(number) if number else "none" for number in (seen, present, wanted))
    difference = Difference(f"{name}, quantity", was, now, mine, last_change(order))
    return Stale(f"{somebody(order, staff_id)} {did}.", [difference], present)


def stale_note(order: Order, seen: str, wanted: str, staff_id: int | None) -> Stale:
    """Somebody else wrote another note."""
    return Stale(
        f"{somebody(order, staff_id)} wrote a note meanwhile: “{order.note}”",
        [Difference("Note", shown(seen), shown(order.note), shown(wanted), last_change(order))],
        order.note,
    )

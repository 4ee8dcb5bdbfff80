"""Makes the hidden field with which a form says what its page showed (shop/web/snapshots.py)."""

from django.test import Client

from shop.models import Customer, Order, OrderLine, Product, User
from shop.orders.services.placing import SeenOrder
from shop.orders.views.snapshots import (
    CUSTOMER,
    LINE,
    NOTE,
    REVIEW,
    LineSnapshot,
    ReviewSnapshot,
    make_line_key,
)
from shop.web.snapshots import FIELD, FORM, FormSeen, name_form_row


def user_of(client: Client) -> User:
    """Returns the user who is signed in at this browser."""
    return User.objects.get(pk=client.session["_auth_user_id"])


def saw_quantity(client: Client, line: OrderLine, quantity: int) -> dict[str, str]:
    """The desk showed this quantity of a line (which may be gone by now)."""
    row = make_line_key(line.order.reference, line.pk)
    return {FIELD: LINE.write(user_of(client), row, LineSnapshot(quantity, line.product_id))}


def saw_customer(client: Client, order: Order, customer: Customer | None = None) -> dict[str, str]:
    """The desk showed this customer; None is a walk-in."""
    return {FIELD: CUSTOMER.write(user_of(client), order.reference, customer.pk if customer else None)}


def saw_note(client: Client, order: Order, note: str = "") -> dict[str, str]:
    """The desk showed this note."""
    return {FIELD: NOTE.write(user_of(client), order.reference, note)}


def saw_review(
    client: Client, order: Order, seen: SeenOrder, offered: SeenOrder | None = None
) -> dict[str, str]:
    """The review showed this, and offered that (by default the same)."""
    value = ReviewSnapshot(seen, offered or seen)
    return {FIELD: REVIEW.write(user_of(client), order.reference, value)}


def saw_form(client: Client, row: Customer | Product, version: int = 1, **fields: str) -> dict[str, str]:
    """The form of a customer or product showed this version, with these texts in its fields."""
    return {FIELD: FORM.write(user_of(client), name_form_row(row), FormSeen(version, fields))}

"""/order/ and /order/<id>/."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from shop.api import bodies, paging
from shop.api.base import ApiView, map_permissions
from shop.api.fields import NOT_AN_AMOUNT, is_amount, is_whole
from shop.api.responses import make_response
from shop.customers.models import Customer
from shop.db.errors import InvalidFields, InvalidValue, ShopError
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY, format_amount
from shop.orders.errors import SubtotalMismatch
from shop.orders.models import Order
from shop.orders.services import new_orders
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.new_orders import Item

# An amount is a column like a price, and is checked by the same kind of field.
_AMOUNT = forms.DecimalField(min_value=0, max_value=MAX_AMOUNT, max_digits=18, decimal_places=2)


class OrdersView(ApiView):
    """Placed orders, also those that were cancelled later. Drafts are not part of the API."""

    permissions = map_permissions("order", post=("place_order",))
    field_of: ClassVar = {InvalidValue: "products"}

    def get(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Returns the order in an array, or a page of all orders. One statement reads the lines of all."""
        placed = Order.objects.placed().with_lines()
        return paging.list_rows(request, placed, pk, write_order)

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Places `{"customer": {"id"}, "products": [{"id", "quantity"}], "subtotal"}` at today's prices.

        A walk-in has no `customer`; `quantity` is 1 when left out; `subtotal` is only compared.
        """
        wanted = read_order(bodies.read_object(request))
        try:
            order = new_orders.place_new_order(
                customer_id=wanted.customer_id,
                items=wanted.items,
                expected_subtotal=wanted.subtotal,
                staff_id=self.staff_id,
                once=self.read_once(request, "order", wanted),
            )
        except IntegrityError:
            # The foreign key reports an unknown customer: a check before would cost every order a statement.
            if wanted.customer_id is None or Customer.objects.find(wanted.customer_id):
                raise
            raise InvalidFields({"customer": f"There is no customer {wanted.customer_id}."}) from None
        return make_response(write_order(order))

    def name_fields(self, error: ShopError) -> dict[str, str]:
        """Returns both amounts where the subtotals differ."""
        if isinstance(error, SubtotalMismatch):
            return {"sent": str(error.sent), "subtotal": str(error.subtotal)}
        return super().name_fields(error)


class NewOrder(NamedTuple):
    """An order as a client sends it. `subtotal` is what the client expects to pay; None if it sends none."""

    customer_id: int | None
    items: tuple[Item, ...]
    subtotal: Decimal | None


def read_order(body: Mapping[str, Any]) -> NewOrder:
    """Returns the order that `body` describes; ignores unknown fields. Raises InvalidFields."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    for field, read in (
        ("customer", _read_customer),
        ("products", read_items),
        ("subtotal", read_amount),
    ):
        try:
            values[field] = read(body.get(field))
        except ValueError as error:
            problems[field] = str(error)
    if problems:
        raise InvalidFields(problems)
    return NewOrder(values["customer"], values["products"], values["subtotal"])


def _read_customer(value: Any) -> int | None:
    pk = None if value is None else _read_id(value)
    if pk == 0:
        raise ValueError("Send the customer as {“id”: …}, or leave it out for a walk-in.")
    return pk


def read_items(value: Any) -> tuple[Item, ...]:
    """Reads the list of products. Raises ValueError for an empty or too long list, and for a wrong entry."""
    if not isinstance(value, list) or not value:
        raise ValueError("Send a list of at least one product: [{“id”: …, “quantity”: …}].")
    if len(value) > MAX_LINES:
        raise ValueError(f"An order has {MAX_LINES} products at most.")
    return tuple(_read_item(position, entry) for position, entry in enumerate(value, start=1))


def _read_item(position: int, entry: Any) -> Item:
    """Reads the product and quantity of an entry of the list; positions count from 1. Raises ValueError."""
    pk = _read_id(entry)
    if not pk:
        raise ValueError(f"Product {position} of the list needs its id.")
    quantity = entry.get("quantity")
    if quantity is None:
        quantity = 1
    if not is_whole(quantity) or not 1 <= quantity <= MAX_QUANTITY:
        raise ValueError(
            f"Product {position} of the list: a quantity is a whole number from 1 to {MAX_QUANTITY:,}."
        )
    return Item(pk, quantity)


def _read_id(entry: Any) -> int:
    """Returns the entry's id, or 0. The id may be text, since JavaScript cannot hold such large numbers."""
    value = entry.get("id") if isinstance(entry, dict) else None
    if isinstance(value, str):
        return paging.parse_row_id(value)
    return value if is_whole(value) and 0 < value <= paging.MAX_ID else 0


def read_amount(value: Any) -> Decimal | None:
    """An amount with two decimals; None for none. Raises ValueError."""
    if value is None:
        return None
    if not is_amount(value):
        raise ValueError(NOT_AN_AMOUNT)
    try:
        amount: Decimal = _AMOUNT.clean(value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return amount.quantize(Decimal("0.01"))


def write_order(row: Order) -> dict[str, Any]:
    """Returns an order whose lines are loaded. A line's `id` is the id of its product."""
    return {
        "id": row.pk,
        "reference": row.reference,
        "status": row.status,
        "customer_id": row.customer_id,
        "subtotal": format_amount(row.subtotal),
        "placed_at": row.placed_at,
        "products": [
            {"id": line.product_id, "quantity": line.quantity, "price": format_amount(line.unit_price)}
            for line in row.line_list
        ],
    }

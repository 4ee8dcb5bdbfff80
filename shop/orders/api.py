"""/order/ and /order/<id>/."""

from itertools import accumulate
from typing import Any, ClassVar

from django.db import IntegrityError
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse

from shop.api import bodies, paging
from shop.api.base import ApiView, map_permissions
from shop.api.responses import make_response
from shop.customers.models import Customer
from shop.db.errors import InvalidFields, InvalidValue, ShopError
from shop.money.amounts import format_amount
from shop.orders.api_bodies import read_order
from shop.orders.errors import SubtotalMismatch
from shop.orders.models import Order
from shop.orders.queries import prefetch_sold_lines
from shop.orders.quote_api import name_discount_fields, write_amounts
from shop.orders.services import new_orders

#: Lines of a page of orders, so that an answer stays below some four megabytes.
PAGE_LINES = 10_000


class OrdersView(ApiView):
    """Placed orders, also those that were cancelled later. Drafts are not part of the API."""

    permissions = map_permissions("order", post=("place_order",))
    field_of: ClassVar = {InvalidValue: "products"}

    def get(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Returns the order in an array, or a page of all orders. One statement reads the lines of all."""
        placed = Order.objects.placed().annotate_line_count()
        return paging.list_rows(request, placed, pk, write_order, read_rest=read_lines)

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Places `{"customer": {"id"}, "products": [{"id", "quantity"}], "subtotal"}` at today's prices.

        A walk-in has no `customer`; `quantity` is 1 when left out; `subtotal` is only compared. Discounts
        are those of /order/quote/.
        """
        wanted = read_order(bodies.read_object(request))
        try:
            order = new_orders.place_new_order(
                customer_id=wanted.customer_id,
                items=wanted.items,
                expected_subtotal=wanted.subtotal,
                discount=wanted.discount,
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
        return name_discount_fields(error) or super().name_fields(error)


def read_lines(orders: list[Order]) -> list[Order]:
    """Returns the first orders, which have PAGE_LINES lines together or are one order, with their lines."""
    line_counts = accumulate(order.line_count for order in orders)
    fitting = sum(count <= PAGE_LINES for count in line_counts)
    shown = orders[: max(fitting, 1)]
    prefetch_related_objects(shown, prefetch_sold_lines())
    return shown


def write_order(row: Order) -> dict[str, Any]:
    """Returns an order whose lines are loaded. `products[].id` is a product's id, `lines[].id` a line's."""
    return {
        "id": row.pk,
        "reference": row.reference,
        "status": row.status,
        "customer_id": row.customer_id,
        "subtotal": format_amount(row.subtotal),
        **write_amounts(row, "discount", "total", "tax", "returned", "paid", "balance"),
        "placed_at": row.placed_at,
        "products": [
            {"id": line.product_id, "quantity": line.quantity, "price": format_amount(line.unit_price)}
            for line in row.line_list
        ],
        "lines": [
            {
                "id": line.pk,
                "product": line.product_id,
                "quantity": line.quantity,
                **write_amounts(line, "unit_price", "discount", "share", "gross", "net", "tax"),
                "returned": line.returned_quantity,
            }
            for line in row.line_list
        ],
    }

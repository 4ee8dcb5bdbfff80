"""/order/quote/."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from shop.api import bodies
from shop.api.base import ApiView
from shop.api.responses import make_response
from shop.db.errors import InvalidValue, ShopError
from shop.money.amounts import format_amount, format_percent
from shop.money.errors import MoneyError
from shop.money.pricing import PricedOrder
from shop.orders.api_bodies import read_order
from shop.orders.services.new_orders import Item
from shop.orders.services.quotes import quote_order
from shop.web.wording import word_error


def name_discount_fields(error: ShopError) -> dict[str, str]:
    """Returns the sentence about the order's own discount. The error of a line has a position instead."""
    if isinstance(error, MoneyError) and "position" not in error.values():
        return {"discount": word_error(error)}
    return {}


class QuoteView(ApiView):
    """What an order would cost."""

    permissions: ClassVar = {"POST": ("add_order", "view_product")}
    field_of: ClassVar = {InvalidValue: "products"}

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Prices `{"products": [{"id", "quantity", "discount"}], "discount"}` as of today; stores nothing.

        Each discount may be a `discount_percent` instead. Lines stay in the order in which they were sent.
        """
        wanted = read_order(bodies.read_object(request))
        priced = quote_order(items=wanted.items, discount=wanted.discount.discount)
        return make_response(write_quote(wanted.items, priced))

    def name_fields(self, error: ShopError) -> dict[str, str]:
        return name_discount_fields(error) or super().name_fields(error)


def write_quote(items: Sequence[Item], priced: PricedOrder) -> dict[str, Any]:
    """The figures as text. A line's `id` is its product's, `share` its part of the order's discount."""
    return {
        **write_amounts(priced, "subtotal", "discount", "total", "tax"),
        "lines": [
            {"id": item.product_id, "quantity": item.quantity}
            | write_amounts(line, "discount", "share", "gross", "net", "tax")
            for item, line in zip(items, priced.lines, strict=True)
        ],
        "taxes": [
            {"percent": format_percent(tax.percent)} | write_amounts(tax, "net", "tax", "gross")
            for tax in priced.taxes
        ],
    }


def write_amounts(figures: object, *names: str) -> dict[str, str | None]:
    """Returns these attributes as text with two decimals; None stays None."""
    amounts = {name: getattr(figures, name) for name in names}
    return {name: None if amount is None else format_amount(amount) for name, amount in amounts.items()}

"""/order/quote/."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from shop.api import bodies
from shop.api.base import ApiView
from shop.api.fields import is_amount
from shop.api.responses import make_response
from shop.db.errors import InvalidFields, InvalidValue, ShopError
from shop.money.amounts import format_amount, format_percent
from shop.money.errors import MoneyError
from shop.money.pricing import Discount, PricedOrder
from shop.orders.api import read_amount, read_items
from shop.orders.services.new_orders import Item
from shop.orders.services.quotes import QuoteItem, quote_order
from shop.web.wording import word_error

NO_PERCENT = "Send a percentage: a number, or text such as “12.5”."
# The arithmetic refuses what is below 0 or above 100, with the number.
_PERCENT = forms.DecimalField(decimal_places=3)


class QuoteView(ApiView):
    """What an order would cost."""

    permissions: ClassVar = {"POST": ("add_order", "view_product")}
    field_of: ClassVar = {InvalidValue: "products"}

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Prices `{"products": [{"id", "quantity", "discount"}], "discount"}` as of today; stores nothing.

        Each discount may be a `discount_percent` instead. Lines stay in the order in which they were sent.
        """
        wanted = read_quote(bodies.read_object(request))
        priced = quote_order(items=wanted.items, discount=wanted.discount)
        return make_response(write_quote(wanted.items, priced))

    def name_fields(self, error: ShopError) -> dict[str, str]:
        """Returns `discount` for what is wrong with the order's own one; a line's error has a position."""
        if isinstance(error, MoneyError) and "position" not in error.values():
            return {"discount": word_error(error)}
        return super().name_fields(error)


class NewQuote(NamedTuple):
    """An order whose price a client asks for."""

    items: tuple[QuoteItem, ...]
    discount: Discount


def read_quote(body: Mapping[str, Any]) -> NewQuote:
    """The order in `body`; what it does not know, it leaves alone. Raises InvalidFields, MoneyError."""
    problems: dict[str, str] = {}
    try:
        items = _read_items(body.get("products"))
    except ValueError as error:
        problems["products"] = str(error)
    values = _read_discount_values(body, problems)
    if problems:
        raise InvalidFields(problems)
    return NewQuote(items, Discount(**values))


def _read_items(value: Any) -> tuple[QuoteItem, ...]:
    items = zip(read_items(value), value, strict=True)
    return tuple(_read_quote_item(position, *pair) for position, pair in enumerate(items, start=1))


def _read_quote_item(position: int, item: Item, entry: Mapping[str, Any]) -> QuoteItem:
    problems: dict[str, str] = {}
    values = _read_discount_values(entry, problems)
    for field, sentence in problems.items():
        raise ValueError(f"Product {position} of the list, {field}: {sentence}")
    try:
        return QuoteItem(item.product_id, item.quantity, Discount(**values))
    except MoneyError as error:
        # Programs count from 0.
        raise type(error)(**error.values(), position=position - 1) from None


def _read_discount_values(values: Mapping[str, Any], problems: dict[str, str]) -> dict[str, Decimal | None]:
    """The discount's amount and percentage, None where there is none; what is wrong goes into `problems`."""
    read: dict[str, Decimal | None] = {}
    for field, name, read_value in (
        ("discount", "amount", read_amount),
        ("discount_percent", "percent", _read_percent),
    ):
        try:
            read[name] = read_value(values.get(field))
        except ValueError as error:
            problems[field] = str(error)
    return read


def _read_percent(value: Any) -> Decimal | None:
    if value is None:
        return None
    if not is_amount(value):
        raise ValueError(NO_PERCENT)
    try:
        percent: Decimal = _PERCENT.clean(value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return percent


def write_quote(items: Sequence[QuoteItem], priced: PricedOrder) -> dict[str, Any]:
    """The figures as text. A line's `id` is its product's, `share` its part of the order's discount."""
    return {
        **_write_amounts(priced, "subtotal", "discount", "total", "tax"),
        "lines": [
            {"id": item.product_id, "quantity": item.quantity}
            | _write_amounts(line, "discount", "share", "gross", "net", "tax")
            for item, line in zip(items, priced.lines, strict=True)
        ],
        "taxes": [
            {"percent": format_percent(tax.percent)} | _write_amounts(tax, "net", "tax", "gross")
            for tax in priced.taxes
        ],
    }


def _write_amounts(figures: object, *names: str) -> dict[str, str]:
    return {name: format_amount(getattr(figures, name)) for name in names}

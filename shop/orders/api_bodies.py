"""Reads an order, or a quote, from the body of a request."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from shop.api import paging
from shop.api.fields import NOT_AN_AMOUNT, is_amount, is_whole
from shop.db.errors import InvalidFields
from shop.db.ids import MAX_ID
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.money.errors import MoneyError
from shop.money.pricing import Discount
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.new_orders import GivenDiscount, Item
from shop.search.text import find_problem

# An amount is a column like a price, and is checked by the same kind of field.
_AMOUNT = forms.DecimalField(min_value=0, max_value=MAX_AMOUNT, max_digits=18, decimal_places=2)
NO_PERCENT = "Send a percentage: a number, or text such as “12.5”."
# The arithmetic refuses what is below 0 or above 100, with the number.
_PERCENT = forms.DecimalField(decimal_places=3)
MAX_REASON = 200


class NewOrder(NamedTuple):
    """An order as a client sends it.

    `subtotal` is the client's own sum of the prices, before discounts; None if it sends none.
    """

    customer_id: int | None
    items: tuple[Item, ...]
    subtotal: Decimal | None
    discount: GivenDiscount


def read_order(body: Mapping[str, Any]) -> NewOrder:
    """Returns the order that `body` describes; ignores unknown fields. Raises InvalidFields, MoneyError."""
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
    discount = _read_discount(body, problems)
    if problems:
        raise InvalidFields(problems)
    return NewOrder(values["customer"], values["products"], values["subtotal"], discount)


def _read_customer(value: Any) -> int | None:
    pk = None if value is None else read_id(value)
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
    """Reads an entry of the list; positions count from 1. Raises ValueError, MoneyError."""
    pk = read_id(entry)
    if not pk:
        raise ValueError(f"Product {position} of the list needs its id.")
    quantity = entry.get("quantity")
    if quantity is None:
        quantity = 1
    if not is_quantity(quantity):
        raise ValueError(
            f"Product {position} of the list: a quantity is a whole number from 1 to {MAX_QUANTITY:,}."
        )
    problems: dict[str, str] = {}
    try:
        discount = _read_discount(entry, problems)
    except MoneyError as error:
        # Programs count from 0.
        raise type(error)(**error.values(), position=position - 1) from None
    for field, sentence in problems.items():
        raise ValueError(f"Product {position} of the list, {field}: {sentence}")
    return Item(pk, quantity, *discount)


def is_quantity(value: Any) -> bool:
    """Whether a value of JSON is a quantity of a line."""
    return is_whole(value) and 1 <= value <= MAX_QUANTITY


def read_id(entry: Any) -> int:
    """Returns the entry's id, or 0. The id may be text, since JavaScript cannot hold such large numbers."""
    value = entry.get("id") if isinstance(entry, dict) else None
    if isinstance(value, str):
        return paging.parse_row_id(value)
    return value if is_whole(value) and 0 < value <= MAX_ID else 0


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


def _read_discount(values: Mapping[str, Any], problems: dict[str, str]) -> GivenDiscount:
    """Reads a discount and its reason; the sentences about wrong ones go into `problems`.

    An amount of 0 is no discount. Raises MoneyError.
    """
    if values.keys().isdisjoint(("discount", "discount_percent", "discount_reason")):
        return GivenDiscount()
    read: dict[str, Any] = {}
    for field, name, read_value in (
        ("discount", "amount", read_amount),
        ("discount_percent", "percent", _read_percent),
        ("discount_reason", "reason", read_reason),
    ):
        try:
            read[name] = read_value(values.get(field))
        except ValueError as error:
            problems[field] = str(error)
    if problems or not (read["amount"] or read["percent"] is not None):
        return GivenDiscount()
    return GivenDiscount(Discount(read["amount"], read["percent"]), read["reason"])


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


def read_reason(value: Any) -> str:
    """A reason, empty where none was sent. Raises ValueError."""
    return read_text(value, "A reason", MAX_REASON)


def read_text(value: Any, noun: str, most: int) -> str:
    """A text of at most `most` characters, empty where none was sent. Raises ValueError that names `noun`."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"{noun} is text of {most} characters at most.")
    if problem := find_problem(value):
        raise ValueError(problem)
    return value.strip()

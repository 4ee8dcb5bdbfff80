"""Amounts of money for people. Arithmetic stays with the models."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import format_currency
from django.conf import settings

from shop.db.errors import InvalidFields

#: The largest amount of money. Fifteen digits are what SQLite keeps exactly; the columns hold more.
MAX_AMOUNT = Decimal("9999999999999.99")
MAX_QUANTITY = 1_000_000


def format_money(amount: Decimal) -> str:
    """`amount` in the shop's currency with exactly its two decimals, as in $1,234.50."""
    text = _pattern(settings.SHOP_CURRENCY).format(abs(amount))
    return f"-{text}" if amount.is_signed() else text


# Babel takes 60 µs over an amount. What it does with the currency is kept; amounts are not.
@cache
def _pattern(currency: str) -> str:
    """How an amount is written, as in "${:,.2f}"."""
    nothing = format_currency(Decimal(0), currency, "¤#,##0.00", locale="en_US", currency_digits=False)
    return nothing.replace("0.00", "{:,.2f}")


def format_amount(value: Decimal) -> str:
    """An amount of money, as in "123.40"."""
    # Adding zero turns a typed "-0" into 0.
    return f"{value + 0:.2f}"


def checked_quantity(quantity: int) -> int:
    """`quantity`. Raises InvalidFields outside of 1 to MAX_QUANTITY."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidFields({"quantity": f"A quantity is between 1 and {MAX_QUANTITY:,}."})
    return quantity


def checked_price(unit_price: Decimal) -> Decimal:
    """The price, if it can be stored as it is. Raises InvalidFields."""
    if not 0 <= unit_price <= MAX_AMOUNT or unit_price != round(unit_price, 2):
        raise InvalidFields(
            {"unit_price": f"A price is between 0 and {MAX_AMOUNT:,}, with two decimals at most."}
        )
    return unit_price


def sum_of(lines: Iterable[Any]) -> Decimal:
    """The lines' total. Raises InvalidFields past MAX_AMOUNT."""
    subtotal = sum((line.total for line in lines), Decimal(0))
    if subtotal > MAX_AMOUNT:
        raise InvalidFields({"quantity": "The order's total is too large to be stored."})
    return subtotal

"""Formats and checks amounts of money and quantities."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import format_currency, get_currency_precision
from django.conf import settings

from shop.money.errors import PriceOutOfRange, QuantityOutOfRange, TotalTooLarge

#: The largest amount of money. SQLite stores fifteen digits exactly; the columns could hold more.
MAX_AMOUNT = Decimal("9999999999999.99")
MAX_QUANTITY = 1_000_000


def format_money(amount: Decimal, currency: str = "") -> str:
    """Formats an amount, as in $1,234.50 and ¥1,234, in `currency` or in the shop's currency."""
    text = _make_pattern(currency or settings.SHOP_CURRENCY).format(abs(amount))
    return f"-{text}" if amount.is_signed() else text


def format_cost(amount: Decimal) -> str:
    """Formats an amount with two to four decimals, as in $1,234.50 and $0.0125."""
    text = _make_pattern(settings.SHOP_CURRENCY, 4).format(amount)
    return text.removesuffix("00") if text.endswith("00") else text.removesuffix("0")


# Babel needs 60 µs to format an amount. The pattern of the currency is cached, amounts are not.
# bench/BEFORE_AFTER.md has the row "(f) formatted amounts are kept".
@cache
def _make_pattern(currency: str, decimals: int | None = None) -> str:
    """Makes the format of an amount, as in "${:,.2f}", with the decimals of its currency or with others."""
    decimals = get_currency_precision(currency) if decimals is None else decimals
    nothing = format_currency(Decimal(0), currency, "¤#,##0.00", locale="en_US", currency_digits=False)
    return nothing.replace("0.00", f"{{:,.{decimals}f}}")


def format_amount(value: Decimal) -> str:
    """Formats an amount for programs and input fields, as in "123.40"."""
    # Adding zero turns "-0" into 0.
    return f"{value + 0:.2f}"


def format_percent(value: Decimal) -> str:
    """A percentage without needless zeros, as in "19" and "5.5"."""
    return f"{value.normalize() + 0:f}"


def check_quantity(quantity: int) -> int:
    """Returns `quantity`. Raises QuantityOutOfRange outside of 1 to MAX_QUANTITY."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityOutOfRange(quantity, MAX_QUANTITY)
    return quantity


def check_price(unit_price: Decimal) -> Decimal:
    """Returns the price when it can be stored without rounding. Raises PriceOutOfRange."""
    if not 0 <= unit_price <= MAX_AMOUNT or unit_price != round(unit_price, settings.SHOP_DECIMALS):
        raise PriceOutOfRange(unit_price, MAX_AMOUNT)
    return unit_price


def sum_lines(lines: Iterable[Any]) -> Decimal:
    """Returns the lines' subtotal. Raises TotalTooLarge past MAX_AMOUNT."""
    subtotal = sum((line.subtotal for line in lines), Decimal(0))
    if subtotal > MAX_AMOUNT:
        raise TotalTooLarge(subtotal, MAX_AMOUNT)
    return subtotal

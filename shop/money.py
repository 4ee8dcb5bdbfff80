"""Amounts of money for people. Arithmetic stays with the models."""

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency
from django.conf import settings


def format_money(amount: Decimal) -> str:
    """`amount` in the shop's currency with exactly its two decimals, as in $1,234.50."""
    return _formatted(amount, settings.SHOP_CURRENCY)


# A list shows the same prices again and again, and Babel takes a while over each.
@lru_cache(maxsize=8192)
def _formatted(amount: Decimal, currency: str) -> str:
    return format_currency(amount, currency, "¤#,##0.00", locale="en_US", currency_digits=False)

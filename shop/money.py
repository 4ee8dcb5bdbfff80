"""Amounts of money for people. Arithmetic stays with the models."""

from decimal import Decimal

from babel.numbers import format_currency
from django.conf import settings


def format_money(amount: Decimal) -> str:
    """`amount` in the shop's currency with exactly its two decimals, as in $1,234.50."""
    return format_currency(amount, settings.SHOP_CURRENCY, "¤#,##0.00", locale="en_US", currency_digits=False)

"""Filters and tags that every template has."""

from decimal import Decimal

from django import template

from shop.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """An amount in the shop's currency; nothing for None."""
    return "" if amount is None else format_money(amount)

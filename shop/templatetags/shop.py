"""Filters and tags that every template has."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shop.money.amounts import format_cost, format_money, format_percent
from shop.orders import events, pricing
from shop.orders.models import OrderLine
from shop.returns.figures import LinePart, replay_returns
from shop.returns.models import Return
from shop.returns.wording import describe_part
from shop.staff import changes
from shop.web import wording
from shop.web.times import format_time

register = template.Library()
register.filter(events.describe_event)
register.filter(pricing.sum_taxes)
register.filter(pricing.sum_line_discounts)
register.filter("cost", format_cost)
register.filter(describe_part)
register.filter("word_error", wording.word_error)
register.filter(changes.describe_change)
register.filter("change_sentence", changes.write_change_sentence)


@register.filter
def money(amount: Decimal | None) -> str:
    """Formats an amount in the shop's currency; nothing for None."""
    return "" if amount is None else format_money(amount)


@register.filter
def percent(value: Decimal) -> str:
    """Formats a percentage without needless zeros, as in "5.5 %"."""
    return f"{format_percent(value)} %"


@register.filter
def without_sign(amount: Decimal) -> Decimal:
    """The size of an amount, for a sentence that says which way it goes."""
    return abs(amount)


@register.simple_tag
def explain_returns(
    lines: Iterable[OrderLine], returns: Iterable[Return]
) -> list[tuple[Return, list[LinePart]]]:
    """Pairs each return of an order with its parts, which `describe_part` words."""
    entries = list(returns)
    replayed = replay_returns(lines, entries) if entries else {}
    return [(entry, replayed[entry.pk]) for entry in entries]


@register.filter
def short_time(at: datetime | None) -> str:
    """Formats a time: 14:03 today, otherwise with its date; nothing for None."""
    return "" if at is None else format_time(at)


@register.filter
def with_sign(quantity: int) -> str:
    """Formats a number with its sign: +3, -2."""
    return f"{quantity:+d}"


@register.filter
def date_and_time(value: datetime) -> SafeString:
    """Formats date and time in the shop's time zone. The line may break between the two."""
    local = timezone.localtime(value)
    day, minute = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    # HTML knows no more than three decimals of a second.
    exact = local.isoformat(timespec="seconds")
    # Nothing here needs escaping, and `format_html` is slow: a page of orders has fifty of these.
    return mark_safe(  # noqa: S308
        f'<time datetime="{exact}"><span class="text-nowrap">{day}</span> {minute}</time>'
    )


@register.simple_tag
def shop_name() -> str:
    name: str = settings.SHOP_NAME
    return name


@register.simple_tag(takes_context=True)
def mark_current_link(context: Context, noun: str) -> SafeString:
    """Marks a link of the main navigation when this page is one of `noun`: "order", "customer"."""
    match = getattr(context.get("request"), "resolver_match", None)
    is_current = match is not None and (match.url_name or "").split("-")[0] == noun
    return format_html(' aria-current="{}"', "page") if is_current else SafeString()

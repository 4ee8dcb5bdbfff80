"""Filters and tags that every template has."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shop.db.errors import Change
from shop.money.amounts import format_money
from shop.orders import events
from shop.staff import changes as authors
from shop.web import wording
from shop.web.times import format_time

register = template.Library()
register.filter(events.describe_event)
register.filter("word_error", wording.word_error)


@register.filter
def money(amount: Decimal | None) -> str:
    """An amount in the shop's currency; nothing for None."""
    return "" if amount is None else format_money(amount)


@register.filter
def clock(at: datetime | None) -> str:
    """14:03, with its day before that when it is not of today; nothing for None."""
    return "" if at is None else format_time(at)


@register.filter
def who(change: Change | None) -> str:
    """Who made a change, and when."""
    return authors.describe_change(change)


@register.filter
def sentence(change: Change | None) -> str:
    """Who made a change, and when, as a sentence."""
    return authors.write_change_sentence(change)


@register.filter
def signed(quantity: int) -> str:
    """A change with its sign: +3, -2."""
    return f"{quantity:+d}"


@register.filter
def moment(value: datetime) -> SafeString:
    """Day and minute in the shop's time zone, which may be broken between them."""
    local = timezone.localtime(value)
    day, minute = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    # HTML knows no more than three decimals of a second.
    exact = local.isoformat(timespec="seconds")
    # Nothing in it needs escaping; a page of orders has fifty.
    return mark_safe(  # noqa: S308
        f'<time datetime="{exact}"><span class="text-nowrap">{day}</span> {minute}</time>'
    )


@register.simple_tag
def shop_name() -> str:
    """Whose desk it is."""
    name: str = settings.SHOP_NAME
    return name


@register.simple_tag(takes_context=True)
def current(context: Context, noun: str) -> SafeString:
    """Marks the link of the main navigation whose pages this one belongs to."""
    match = getattr(context.get("request"), "resolver_match", None)
    here = match is not None and (match.url_name or "").split("-")[0] == noun
    return format_html(' aria-current="{}"', "page") if here else SafeString()

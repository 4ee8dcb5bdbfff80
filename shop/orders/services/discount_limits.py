"""Compares the discounts of an order with the limit of the person who gives them (shop/money/limits.py)."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from shop.money.errors import DiscountAboveLimit
from shop.money.limits import Reduced, check_discounts
from shop.money.pricing import PricedOrder
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.staff.limits import read_discount_limit


def check_limit(order: Order, lines: Sequence[OrderLine], staff_id: int | None) -> None:
    """Raises DiscountAboveLimit for an order that `set_sale_figures` has priced.

    A discount that a manager gave or confirmed for this order allows its percentage too, but no more: a
    fixed amount is a larger percentage once other lines are removed.
    """
    reduced = [Reduced(line.subtotal, line.discount, line.share) for line in lines]
    try:
        check_discounts(reduced, read_discount_limit(staff_id), settings.SHOP_DECIMALS)
    except DiscountAboveLimit:
        allowed = find_allowed_percent(order)
        if allowed is None:
            raise
        check_discounts(reduced, allowed, settings.SHOP_DECIMALS)


def check_given(order: Order, reduced: Sequence[Reduced], row: Order | OrderLine, limit: Decimal) -> None:
    """Raises DiscountAboveLimit for the discount of `row`, which is being set, or for the draft with it.

    `limit` is of who gives or confirms it. What a manager allowed for this draft before stays allowed.
    """
    try:
        check_discounts(reduced, limit, settings.SHOP_DECIMALS)
    except DiscountAboveLimit:
        allowed = find_allowed_percent(order)
        if allowed is None or allowed <= limit:
            raise
        check_discounts(_leave_others_out(order, reduced, row), limit, settings.SHOP_DECIMALS)
        check_discounts(reduced, allowed, settings.SHOP_DECIMALS)


def _leave_others_out(order: Order, reduced: Sequence[Reduced], row: Order | OrderLine) -> list[Reduced]:
    """Returns the lines as if the discount of `row` were the only one."""
    nothing = Decimal(0)
    if row is order:
        return [Reduced(part.base, nothing, part.share) for part in reduced]
    pairs = zip(order.line_list, reduced, strict=True)
    return [Reduced(part.base, part.discount if line is row else nothing, nothing) for line, part in pairs]


def find_allowed_percent(order: Order) -> Decimal | None:
    """Returns the largest percentage that somebody allowed for this order; None without any."""
    if order._state.adding:
        return None
    given = order.events.filter(kind=OrderEvent.Kind.DISCOUNTED).values_list("parameters", flat=True)
    return max((Decimal(parameters["up_to"]) for parameters in given), default=None)


def list_reduced(lines: Sequence[OrderLine], priced: PricedOrder) -> list[Reduced]:
    """Returns the lines of a draft with what comes off them at these figures."""
    pairs = zip(lines, priced.lines, strict=True)
    return [Reduced(line.subtotal, figures.discount, figures.share) for line, figures in pairs]

"""What the home page shows of today: sales against the same weekday before, open balances, days of stock."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from shop.db.minor import minor
from shop.money.rounding import from_minor, round_half_up
from shop.orders.models import Order
from shop.orders.money_columns import OPEN_BALANCE
from shop.products.models import Product, StockMovement
from shop.reports.facts import RETURNS, SALES
from shop.reports.statements import sum_by

A_WEEK = datetime.timedelta(days=7)
#: The sales of so many days tell how long a stock will last.
PACE_DAYS = 28


@dataclass(frozen=True)
class DaySales:
    """Sales and returns of a day, or of a part of it."""

    orders: int = 0
    sales: Decimal = Decimal(0)
    returns: Decimal = Decimal(0)


@dataclass(frozen=True)
class OpenBalances:
    """How many orders are to be paid or refunded, and how much that is."""

    to_pay_orders: int
    to_pay: Decimal
    to_refund_orders: int
    to_refund: Decimal


def compare_today(now: datetime.datetime) -> tuple[DaySales, DaySales]:
    """Returns today's sales so far, and those of a week ago up to the same time."""
    today = timezone.localdate(now)
    # In local time, so that it is the same time of day after a change of the clocks.
    then = timezone.localtime(now) - A_WEEK
    before = then.date()
    figures = ("orders", "sales", "returns")
    pieces = [
        SALES.select(SALES.between(today, today), ("day",), figures),
        SALES.select(SALES.between(before, before).filter(placed_at__lte=then), ("day",), figures),
        RETURNS.select(RETURNS.between(today, today), ("day",), figures),
        RETURNS.select(RETURNS.between(before, before).filter(created_at__lte=then), ("day",), figures),
    ]
    found = {
        day: DaySales(orders, from_minor(sales), from_minor(returns))
        for day, orders, sales, returns in sum_by(pieces, ("day",), figures)
    }
    return found.get(today, DaySales()), found.get(before, DaySales())


def sum_open_balances() -> OpenBalances:
    """Adds up the balances that are not settled. There are few, and they have an index of their own."""
    to_refund = Q(balance__lt=0)
    sums = Order.objects.filter(OPEN_BALANCE).aggregate(
        orders=Count("pk"),
        whole=Sum(minor(F("balance"))),
        refund_orders=Count("pk", filter=to_refund),
        refund=Sum(minor(F("balance")), filter=to_refund),
    )
    whole, refund = int(sums["whole"] or 0), int(sums["refund"] or 0)
    return OpenBalances(
        sums["orders"] - sums["refund_orders"],
        from_minor(whole - refund),
        sums["refund_orders"],
        from_minor(-refund),
    )


def find_days_left(products: Sequence[Product], now: datetime.datetime) -> list[tuple[Product, int | None]]:
    """Returns each product with the days that its stock lasts, if it sells as in the last PACE_DAYS.

    None stands for a product that was not sold in these days.
    """
    sold = dict(
        StockMovement.objects.filter(
            product__in=[product.pk for product in products],
            created_at__gte=now - datetime.timedelta(days=PACE_DAYS),
            reason=StockMovement.Reason.SOLD,
        )
        .order_by()
        .values("product")
        .annotate(units=-Sum("quantity"))
        .values_list("product", "units")
    )
    return [
        (product, round_half_up(Decimal((product.stock or 0) * PACE_DAYS) / units) if units else None)
        for product in products
        for units in [sold.get(product.pk, 0)]
    ]

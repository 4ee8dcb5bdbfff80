"""The money of the small demo: taxes and costs of its products, payments, and returns, dated in the past."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from shop.demo.money import TAXES
from shop.models import Order, OrderEvent, Payment, Return, TaxClass
from shop.money.rounding import from_minor, round_half_up
from shop.orders.past_days import note_changed_days
from shop.payments.services import record_payment
from shop.payments.tenders import Tender
from shop.returns.services import return_goods
from shop.taxes.services import set_tax_rate

#: How orders of the demo are paid, in turn.
METHODS = ("cash", "card", "cash", "card", "transfer")


def make_tax_classes(begin: datetime) -> list[TaxClass]:
    """Makes the tax classes that are not there yet, with rates since `begin`."""
    for code, percent in TAXES:
        if not TaxClass.objects.filter(pk=code).exists():
            set_tax_rate.inside(code=code, percent=percent, valid_from=timezone.localdate(begin))
    return [TaxClass.objects.get(pk=code) for code, _ in TAXES]


def get_cost(price: Decimal, number: int) -> Decimal:
    """Returns what a unit costs the shop, with two decimals."""
    return from_minor(round_half_up(price * (45 + number % 20)))


def get_price(text: str) -> Decimal:
    """Returns a price of the demo; where the currency has no cents, it is a hundred times as large."""
    return Decimal(text).scaleb(2 - settings.SHOP_DECIMALS)


def pay_order(
    order: Order, number: int, at: datetime, now: datetime, staff_id: int | None, register_id: int
) -> None:
    """Pays for an order of the demo when it is handed over; of every ninth a line comes back later."""
    record_payment.inside(
        reference=order.reference,
        tender=Tender(METHODS[number % 5], order.total),
        register_id=register_id,
        seen_balance=None,
        staff_id=staff_id,
        once=None,
    )
    Payment.objects.filter(order=order).update(created_at=at, business_day=timezone.localdate(at))
    changed_at = at
    if number % 9 == 0:
        changed_at = min(now, at + timedelta(days=1))
        line = order.lines.order_by("position")[0]
        return_goods.inside(
            reference=order.reference,
            lines=[(line.pk, 1)],
            reason="Not as expected",
            restock=False,
            staff_id=staff_id,
            once=None,
        )
        date_returns(order, changed_at)
    Order.objects.filter(pk=order.pk).update(changed_at=changed_at)


def date_returns(order: Order, at: datetime) -> None:
    """Gives the returns of an order another date."""
    Return.objects.filter(order=order).update(created_at=at, business_day=timezone.localdate(at))
    order.events.filter(kind=OrderEvent.Kind.RETURNED).update(created_at=at)
    if order.cancelled_at is not None:
        Order.objects.filter(pk=order.pk).update(cancelled_at=at)


def note_days_since(begin: datetime) -> None:
    """Unseals the days since `begin`, whose facts the demo has added."""
    for facts in (Order, Payment, Return):
        days = facts._default_manager.filter(business_day__gte=timezone.localdate(begin))
        note_changed_days(days.order_by().values_list("business_day", flat=True).distinct())

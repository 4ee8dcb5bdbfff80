"""The money of the big demo: taxes, costs, discounts, payments, and returns with their refunds.

All of it follows from an order's number, so that it changes nothing that is drawn at random.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from shop.db.transactions import retried_transaction
from shop.demo.plans import DemoProducts, OrderPlan
from shop.models import Order, OrderLine, Payment, Register, Return, ReturnLine, TillSession
from shop.money.pricing import NO_DISCOUNT, Discount, UnpricedLine
from shop.orders.pricing import price_lines, set_discount, set_figures
from shop.taxes.services import set_tax_rate

Status = Order.Status
#: Code and percent of the tax classes; every third product has the second one.
TAXES = (("standard", Decimal(19)), ("reduced", Decimal(7)))
REASONS = ("Broken", "Wrong size", "Not as expected")
RETURNED_AFTER = timedelta(days=2)
#: A customer lays down a multiple of this.
NOTE = Decimal(5)


@dataclass(frozen=True)
class DemoTill:
    """The session that all cash of the demo is in, and the time until which things happen."""

    session_id: int
    now: datetime


@retried_transaction
def open_demo_till(*, begin: datetime, now: datetime) -> DemoTill:
    """Makes the tax classes, and opens the first register before the first order. Safe to run again."""
    for code, percent in TAXES:
        set_tax_rate.inside(code=code, percent=percent, valid_from=timezone.localdate(begin))
    register = Register.objects.select_for_update().filter(purpose=Register.Purpose.COUNTER).order_by("id")[0]
    if register.open_session_id is None:
        number = register.sessions.count() + 1
        register.open_session = TillSession.objects.create(register=register, number=number, opened_at=begin)
        register.save(update_fields=["open_session"])
    assert register.open_session_id is not None
    return DemoTill(register.open_session_id, now)


def get_tax(product: int) -> tuple[str, Decimal]:
    """Returns code and percent of product number `product`."""
    return TAXES[product % 3 == 0]


def get_cost(product: int, price: Decimal) -> Decimal | None:
    """Returns what a unit costs the shop; nobody knows it of every tenth product."""
    return (price * (50 + product % 30) / 100) if product % 10 else None


def sell_plan(order: Order, lines: Sequence[OrderLine], plan: OrderPlan, goods: DemoProducts) -> None:
    """Fixes what an order of the demo was sold for; every seventeenth one has a discount. Stores nothing."""
    discount = Discount(percent=Decimal(5 + 5 * (plan.number % 2))) if plan.number % 17 == 0 else NO_DISCOUNT
    for line, product in zip(lines, plan.items, strict=True):
        line.tax_code, line.tax_percent = get_tax(product)
        line.unit_cost = get_cost(product, goods.prices[product])
    priced = price_lines(
        [UnpricedLine(line.quantity, line.unit_price, line.tax_percent, line.tax_code) for line in lines],
        discount,
        include_tax=True,
    )
    order.prices_include_tax, order.currency = True, settings.SHOP_CURRENCY
    order.business_day = timezone.localdate(plan.at)
    set_discount(order, discount, "Regular customer")
    set_figures(order, lines, priced)


def settle(order: Order, lines: Sequence[OrderLine], plan: OrderPlan, till: DemoTill) -> None:
    """Sets what was returned and paid of a sold order, to what the rows below add up to. Stores nothing."""
    total = order.total or Decimal(0)
    if plan.status == Status.CANCELLED:
        order.returned, order.cancelled_at = total, plan.done_at
        return
    order.returned = (lines[0].gross or Decimal(0)) if _comes_back(plan, till) else Decimal(0)
    order.paid = sum((payment.amount for payment in build_payments(order, plan, till)), Decimal(0))
    refunds = build_refunds(order, plan, till, None)
    order.paid += sum((refund.amount for refund in refunds), Decimal(0))
    if order.paid or plan.number % 29 == 0:
        order.balance = total - order.returned - order.paid


def _comes_back(plan: OrderPlan, till: DemoTill) -> bool:
    """Whether the first line of an order that was handed over comes back."""
    done_at = plan.done_at
    return (
        plan.status == Status.FULFILLED
        and plan.number % 25 == 3
        and done_at is not None
        and done_at + RETURNED_AFTER <= till.now
    )


def build_payments(order: Order, plan: OrderPlan, till: DemoTill) -> Iterator[Payment]:
    """Yields the payment of an order: all of it when it was handed over, sometimes a part before."""
    total = order.total or Decimal(0)
    if plan.status == Status.FULFILLED and plan.number % 29:
        yield from _build_payment(order, plan, total, plan.done_at or plan.at, till)
    elif plan.status == Status.PLACED and plan.number % 5 == 0:
        yield from _build_payment(order, plan, _halve(total), plan.at, till)


def _halve(amount: Decimal) -> Decimal:
    return (amount / 2).quantize(Decimal(1).scaleb(-settings.SHOP_DECIMALS), ROUND_FLOOR)


def build_refunds(
    order: Order, plan: OrderPlan, till: DemoTill, payment: Payment | None
) -> Iterator[Payment]:
    """Yields the refund of what came back, in the way it was paid."""
    if _comes_back(plan, till) and plan.number % 29 and plan.done_at:
        more = {"refund_of_id": payment.pk} if payment else {}
        yield from _build_payment(order, plan, -order.returned, plan.done_at + RETURNED_AFTER, till, **more)


def _build_payment(
    order: Order, plan: OrderPlan, amount: Decimal, at: datetime, till: DemoTill, **more: Any
) -> Iterator[Payment]:
    if not amount:
        return
    method = ("cash", "card", "cash", "card", "cash", "card", "cash", "card", "cash", "transfer")[
        plan.number % 10
    ]
    if method == "cash":
        laid_down = max((amount / NOTE).to_integral_value(ROUND_CEILING) * NOTE, Decimal(0))
        change = max(laid_down - amount, Decimal(0)) if amount > 0 else Decimal(0)
        more |= {"session_id": till.session_id, "cash": amount, "tendered": laid_down, "change": change}
    yield Payment(
        order_id=order.pk,
        method=method,
        amount=amount,
        currency=settings.SHOP_CURRENCY,
        business_day=timezone.localdate(at),
        created_at=at,
        author_id=plan.done_by or plan.staff_id,
        **more,
    )


def store_money(made: Sequence[tuple[Order, OrderPlan]], goods: DemoProducts, till: DemoTill) -> None:
    """Stores payments, refunds and returns of orders that are stored with their `line_list`."""
    pairs = [(order, plan, row) for order, plan in made for row in build_payments(order, plan, till)]
    Payment.objects.bulk_create(row for *_, row in pairs)
    Payment.objects.bulk_create(
        refund for order, plan, row in pairs for refund in build_refunds(order, plan, till, row)
    )
    backs = [(order, plan, row) for order, plan in made for row in _build_return(order, plan, till)]
    Return.objects.bulk_create(row for *_, row in backs)
    ReturnLine.objects.bulk_create(line for back in backs for line in _build_return_lines(*back, goods))


def _build_return(order: Order, plan: OrderPlan, till: DemoTill) -> Iterator[Return]:
    is_cancelled = plan.status == Status.CANCELLED
    if plan.done_at is None or not (is_cancelled or _comes_back(plan, till)):
        return
    at = plan.done_at if is_cancelled else plan.done_at + RETURNED_AFTER
    tax = (order.tax if is_cancelled else order.line_list[0].tax) or Decimal(0)
    yield Return(
        order_id=order.pk,
        kind=Return.Kind.CANCELLATION if is_cancelled else Return.Kind.GOODS,
        reason="Cancelled" if is_cancelled else REASONS[plan.number % 3],
        gross=order.returned,
        net=order.returned - tax,
        tax=tax,
        business_day=timezone.localdate(at),
        created_at=at,
        author_id=plan.done_by,
    )


def _build_return_lines(
    order: Order, plan: OrderPlan, row: Return, goods: DemoProducts
) -> Iterator[ReturnLine]:
    lines = order.line_list if plan.status == Status.CANCELLED else order.line_list[:1]
    for line, product in zip(lines, plan.items, strict=False):
        yield ReturnLine(
            of_return_id=row.pk,
            line_id=line.pk,
            product_id=line.product_id,
            position=line.position,
            name=line.name,
            quantity=line.quantity,
            gross=line.gross,
            net=line.net,
            tax=line.tax,
            tax_code=line.tax_code,
            tax_percent=line.tax_percent,
            restock=plan.status == Status.CANCELLED and product in goods.left,
        )

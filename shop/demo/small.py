"""The small demo: two weeks of orders for an empty database.

The services that pages use make the data, so that stock, subtotals and timelines are correct. Then the
dates are moved to the past.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from shop.customers import services as customers
from shop.db.transactions import retried_transaction
from shop.demo import accounts as demo_accounts
from shop.demo import small_money
from shop.demo.errors import ShopNotEmpty
from shop.demo.goods import GOODS, PEOPLE
from shop.demo.small_tills import DueOrder, run_tills
from shop.models import Customer, Order, OrderEvent, Product, StockMovement
from shop.orders.services import drafts, new_orders, placed_orders
from shop.products import services as products
from shop.products import stock
from shop.returns import services as returns

Status = Order.Status
#: Days before today from which there are orders.
DAYS = 14
ORDERS, DRAFTS = 56, 4
OPENS, CLOSES = time(9), time(18)
#: Orders that are cancelled have no products with less stock, so that their stock stays low.
PLENTY = 6


@dataclass(frozen=True)
class SmallOrderPlan:
    """An order to be made. `customer` is an index in PEOPLE; `items` maps SKUs to quantities."""

    customer: int | None
    items: dict[str, int]
    at: datetime
    done_at: datetime
    status: Order.Status


@dataclass(frozen=True)
class DemoCounts:
    """The numbers of rows that were made."""

    products: int
    customers: int
    orders: int


@retried_transaction
def fill_shop(*, now: datetime, hashes: Mapping[str, str]) -> DemoCounts:
    """Makes the demo accounts (hashed passwords by name) and the demo data in one transaction."""
    staff = demo_accounts.make_accounts.inside(hashes=hashes)
    return load_demo.inside(now=now, staff_ids=[user.pk for user in staff])


@retried_transaction
def load_demo(
    *, now: datetime, staff_ids: Sequence[int] = (), seed: int = 1, force: bool = False
) -> DemoCounts:
    """Makes products, customers, and two weeks of orders up to `now`, placed by `staff_ids` in turn.

    The same `seed` and `now` make the same data. `force` adds to a database that has data already, and
    uses its products with the same SKU. Raises ShopNotEmpty without `force`; NotOnSale when one of
    these products is retired; BarcodeTaken.
    """
    if not force and not is_empty():
        raise ShopNotEmpty
    random = Random(seed)
    begin = timezone.localtime(now) - timedelta(days=DAYS + 1)
    plans = _plan_orders(random, now)
    people = _make_customers(random, begin)
    goods = _make_products(plans, begin)
    staff: Sequence[int | None] = [*staff_ids] or [None]
    orders = [
        _make_order(plan, people, goods, staff[number % len(staff)]) for number, plan in enumerate(plans)
    ]
    run_tills(list(_list_due(orders, plans)), now, staff[0])
    small_money.note_days_since(begin)
    for number in range(DRAFTS):
        draft = _make_draft(now - timedelta(minutes=7 * number + 2), staff[number % len(staff)])
        _fill_draft(
            draft, _draw_items(random, plentiful=True), people[number], goods, parked=number == DRAFTS - 1
        )
    return DemoCounts(len(goods), len(people), len(plans) + DRAFTS)


def _list_due(orders: Sequence[Order], plans: Sequence[SmallOrderPlan]) -> Iterator[DueOrder]:
    """Yields the orders that are handed over and paid for. A few are handed over only."""
    for number, (order, plan) in enumerate(zip(orders, plans, strict=True)):
        if plan.status == Status.FULFILLED and number % 10 != 7:
            yield DueOrder(order, number, plan.done_at, order.placed_by_id)


def is_empty() -> bool:
    """Whether there is no customer, product or order yet."""
    return not (Customer.objects.exists() or Product.objects.exists() or Order.objects.exists())


def _plan_orders(random: Random, now: datetime) -> list[SmallOrderPlan]:
    """Returns the plans, the oldest first. Most orders are fulfilled, the last ones only placed."""
    times = sorted(_draw_time(random, now, number % (DAYS + 1)) for number in range(ORDERS))
    plans = []
    for number, at in enumerate(times):
        status = Status.FULFILLED if number < ORDERS * 3 // 4 else Status.PLACED
        if number % 9 == 4:
            status = Status.CANCELLED
        customer = random.randrange(len(PEOPLE)) if random.random() < 0.8 else None
        items = _draw_items(random, plentiful=status == Status.CANCELLED)
        done_at = min(now, at + timedelta(minutes=random.randint(10, 2000)))
        plans.append(SmallOrderPlan(customer, items, at, done_at, status))
    return plans


def _draw_time(random: Random, now: datetime, days_ago: int) -> datetime:
    """Returns a time in the opening hours of that day; for today one before `now`."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if not days_ago:
        return today + (now - today) * random.uniform(0.5, 0.98)
    day = today.date() - timedelta(days=days_ago)
    first, last = (datetime.combine(day, hour, today.tzinfo) for hour in (OPENS, CLOSES))
    return first + (last - first) * random.random()


def _draw_items(random: Random, *, plentiful: bool) -> dict[str, int]:
    skus = [sku for sku, _, _, left, _ in GOODS if not plentiful or left is None or left >= PLENTY]
    return {sku: random.choice((1, 1, 1, 2, 2, 3, 6)) for sku in random.sample(skus, random.randint(1, 6))}


def _make_customers(random: Random, begin: datetime) -> list[Customer]:
    people = []
    numbers = random.sample(range(100), len(PEOPLE))
    for index, (name, address) in enumerate(PEOPLE):
        phone = f"555-01{numbers[index]:02}"
        email = f"customer{index + 1}@example.com" if index % 4 == 1 else ""
        people.append(
            customers.create_customer.inside(
                name=name, phone=phone, email=email, address=address, once=None, staff_id=None
            )
        )
    Customer.objects.filter(pk__in=[row.pk for row in people]).update(created_at=begin, changed_at=begin)
    return people


def _make_products(plans: Sequence[SmallOrderPlan], begin: datetime) -> dict[str, Product]:
    """Returns the products by SKU. Their stock is enough for the plans and what is to be left."""
    sold = Counter[str]()
    for plan in plans:
        sold.update(plan.items)
    goods = Product.objects.in_bulk([sku for sku, *_ in GOODS], field_name="sku")
    _receive_stock(goods, sold)
    new = []
    taxes = small_money.make_tax_classes(begin)
    for number, (sku, name, price, left, barcode) in enumerate(GOODS):
        if sku not in goods:
            count = None if left is None else left + sold[sku]
            goods[sku] = products.create_product.inside(
                sku=sku,
                name=name,
                unit_price=small_money.get_price(price),
                barcode=barcode,
                stock=count,
                tax_class=taxes[number % 3 == 0],
                cost=small_money.get_cost(small_money.get_price(price), number),
                once=None,
                staff_id=None,
            )
            new.append(goods[sku].pk)
    Product.objects.filter(pk__in=new).update(created_at=begin, changed_at=begin)
    StockMovement.objects.filter(product__in=new).update(created_at=begin)
    return goods


def _receive_stock(goods: Mapping[str, Product], sold: Counter[str]) -> None:
    """Receives what is sold of the products that are there already."""
    for sku, product in goods.items():
        if product.is_tracked and sold[sku]:
            stock.adjust_stock.inside(
                product_id=product.pk,
                quantity=sold[sku],
                reason=StockMovement.Reason.RECEIVED,
                staff_id=None,
                once=None,
            )


def _make_order(
    plan: SmallOrderPlan, people: Sequence[Customer], goods: Mapping[str, Product], staff_id: int | None
) -> Order:
    order = new_orders.place_new_order.inside(
        customer_id=None if plan.customer is None else people[plan.customer].pk,
        items=[new_orders.Item(goods[sku].pk, quantity) for sku, quantity in plan.items.items()],
        expected_subtotal=None,
        staff_id=staff_id,
        once=None,
    )
    Order.objects.filter(pk=order.pk).update(
        dated_at=plan.at, placed_at=plan.at, business_day=timezone.localdate(plan.at)
    )
    order.events.update(created_at=plan.at)
    order.movements.update(created_at=plan.at)
    if plan.status == Status.FULFILLED:
        placed_orders.fulfil_order.inside(reference=order.reference, staff_id=staff_id)
    elif plan.status == Status.CANCELLED:
        order = returns.cancel_order.inside(
            reference=order.reference, staff_id=staff_id, allow_fulfilled=False
        )
        small_money.date_returns(order, plan.done_at)
    changed_at = plan.at if plan.status == Status.PLACED else plan.done_at
    Order.objects.filter(pk=order.pk).update(changed_at=changed_at)
    order.events.exclude(kind=OrderEvent.Kind.PLACED).update(created_at=plan.done_at)
    order.movements.filter(reason=StockMovement.Reason.RETURNED).update(created_at=plan.done_at)
    return order


def _make_draft(at: datetime, staff_id: int | None) -> Order:
    draft = Order.objects.create(created_by_id=staff_id, dated_at=at)
    OrderEvent.objects.create(order=draft, kind=OrderEvent.Kind.OPENED, author_id=staff_id, created_at=at)
    return draft


def _fill_draft(
    draft: Order, items: Mapping[str, int], customer: Customer, goods: Mapping[str, Product], *, parked: bool
) -> None:
    step: dict[str, Any] = {"reference": draft.reference, "staff_id": draft.created_by_id}
    drafts.set_customer.inside(**step, customer_id=customer.pk, seen_customer_id=None)
    for sku, quantity in items.items():
        drafts.add_line.inside(**step, product_id=goods[sku].pk, quantity=quantity, key="")
    if parked:
        drafts.set_note.inside(**step, note="Will call back about the colour.", seen_note="")
        drafts.park_draft.inside(**step)
    Order.objects.filter(pk=draft.pk).update(changed_at=draft.dated_at)

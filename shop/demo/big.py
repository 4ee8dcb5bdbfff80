"""The big demo, for measuring: N orders over two years, with N/5 customers and N/10 products.

A run that is interrupted leaves the batches that it has stored.
"""

import gc
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import TypeVar

from shop.demo import rows as demo_rows
from shop.demo.batches import REFERENCES, store_customers, store_orders, store_products
from shop.demo.errors import OrderCountOutOfRange, ShopNotEmpty
from shop.demo.money import open_demo_till
from shop.demo.plans import DAYS, ENOUGH, SCARCE, DemoProducts, Planner
from shop.demo.small import DemoCounts, is_empty

T = TypeVar("T")
Progress = Callable[[int], object]

MAX_ORDERS = 10_000_000
#: Orders in a transaction, and customers or products (each has a dozen search terms). It takes about
#: a second: smaller transactions cost more in all, and larger ones make others wait. With 2000 orders, which
#: have taxes and payments, the server ended the session on a busy machine: Python computed for five seconds.
ORDERS, ROWS = 500, 500


def load_big_demo(
    *,
    orders: int,
    now: datetime,
    staff_ids: Sequence[int] = (),
    seed: int = 1,
    progress: Progress = lambda count: None,
) -> DemoCounts:
    """Fills an empty database with so many orders up to `now`, a fifth as many customers, a tenth products.

    The same `orders`, `seed` and `now` make the same data. Calls `progress` after every batch with the
    number of its customers, products or orders. Raises OrderCountOutOfRange, ShopNotEmpty; Busy, which
    leaves the batches that were stored before.
    """
    if not 1 <= orders <= MAX_ORDERS:
        raise OrderCountOutOfRange(orders, MAX_ORDERS)
    if not is_empty():
        raise ShopNotEmpty
    random = Random(seed)
    with _pause_garbage_collection():
        till = open_demo_till(begin=now - timedelta(days=DAYS + 2), now=now)
        # All customers and products are older than the first order.
        customers = _make_customers(random, orders, now, progress)
        goods = _make_products(random, orders, now, progress)
        planner = Planner(random, now, goods=goods, customers=customers, staff=staff_ids)
        first = random.randrange(REFERENCES)
        for plans in _split_batches(planner.plan_orders(orders), ORDERS):
            store_orders(plans=plans, goods=goods, first_reference=first, till=till)
            progress(len(plans))
    return DemoCounts(len(goods.ids), len(customers), orders)


@contextmanager
def _pause_garbage_collection() -> Iterator[None]:
    """Switches off garbage collection, which took a sixth of the time. Rows hold no reference cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def count_demo_rows(orders: int) -> tuple[int, int]:
    """Returns the numbers of customers and of products for so many orders."""
    return max(20, orders // 5), max(20, orders // 10)


def _split_batches(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(rows, size)):
        yield batch


def _make_customers(random: Random, orders: int, now: datetime, progress: Progress) -> "array[int]":
    ids = array("q")
    begin, end = now - timedelta(days=2 * DAYS), now - timedelta(days=DAYS + 2)
    for rows in _split_batches(
        demo_rows.make_customer_rows(random, count_demo_rows(orders)[0], begin, end), ROWS
    ):
        ids.extend(store_customers(rows=rows))
        progress(len(rows))
    return ids


def _make_products(random: Random, orders: int, now: datetime, progress: Progress) -> DemoProducts:
    """Stores the products. The stock of a third is tracked, and a few of those are scarce."""
    begin, end = now - timedelta(days=2 * DAYS), now - timedelta(days=DAYS + 2)
    count = count_demo_rows(orders)[1]
    counted = random.sample(range(count), count // 3)
    scarce = frozenset(counted[: max(3, min(60, count // 50))])
    left = {
        number: random.randint(0, SCARCE) if number in scarce else random.randint(ENOUGH, 20 * ENOUGH)
        for number in counted
    }
    goods = DemoProducts(array("q"), [], [], left, scarce)
    stocks = [left.get(number) for number in range(count)]
    for rows in _split_batches(demo_rows.make_product_rows(random, stocks, begin, end), ROWS):
        goods.ids.extend(store_products(rows=rows))
        goods.names.extend(row["name"] for row in rows)
        goods.prices.extend(row["unit_price"] for row in rows)
        progress(len(rows))
    return goods

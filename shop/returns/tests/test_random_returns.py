"""A few hundred orders with returns in random parts: A5, A6 and A12 of docs/MONEY.md hold for the rows."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from shop.db.errors import ShopError
from shop.models import Order, Product
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.services.new_orders import GivenDiscount, Item, place_new_order
from shop.returns.tests.steps import (
    allow,
    cancel,
    check_order,
    check_stock,
    get_lines,
    give_back,
    keep_balance,
    make_product,
)

pytestmark = pytest.mark.django_db

ORDERS_OF_A_MODE = 110
PERCENTS = ("-", "7", "19", "5.5")


def draw_discount(random: Random) -> Discount:
    if random.random() < 0.4:
        return NO_DISCOUNT
    if random.random() < 0.5:
        return Discount(percent=Decimal(random.randint(1, 9999)) / 100)
    return Discount(amount=Decimal(random.randint(1, 20)) / 100)


def place(random: Random, goods: list[Product]) -> Order:
    items = [
        Item(product.pk, random.randint(1, 12), draw_discount(random), "asked")
        for product in random.choices(goods, k=random.randint(1, 5))
    ]
    whole = GivenDiscount(draw_discount(random), "asked")
    common: dict[str, Any] = {"customer_id": None, "expected_subtotal": None, "staff_id": None, "once": None}
    order = place_new_order(items=items, discount=whole, **common)
    return keep_balance(order) if random.random() < 0.7 else order


def change(random: Random, order: Order) -> None:
    """Takes back, lowers or cancels something."""
    lines = get_lines(order)
    if random.random() < 0.1:
        cancel(order)
    elif random.random() < 0.3:
        allow(random.choice(lines), str(Decimal(random.randint(1, 500)) / 100))
    else:
        chosen = random.sample(lines, random.randint(1, len(lines)))
        units = {line: random.randint(1, line.quantity) for line in chosen}
        give_back(order, units, restock=random.random() < 0.5)


@pytest.mark.parametrize("prices_include_tax", [True, False])
def test_returns_in_random_parts_add_up(prices_include_tax: bool, settings) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = prices_include_tax
    random = Random(11 + prices_include_tax)
    goods = [
        make_product(str(Decimal(random.randint(0, 9999)) / 100), random.choice(PERCENTS), stock)
        for stock in (None, 5_000, None, 5_000, 5_000, 5_000)
    ]
    done, refused, whole = 0, 0, 0
    for _ in range(ORDERS_OF_A_MODE):
        order = place(random, goods)
        for _ in range(random.randint(1, 6)):
            try:
                change(random, order)
                done += 1
            except ShopError:
                refused += 1
        check_order(order)
        if random.random() < 0.5:
            after = cancel(order)
            assert after.returned == after.total
            whole += 1
            check_order(order)
    check_stock()
    assert done > ORDERS_OF_A_MODE
    assert refused
    assert whole

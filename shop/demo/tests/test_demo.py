"""Demo data and accounts, and the command that gets a fresh shop ready."""

from collections import Counter
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from pytest_django import Settings

from shop.conftest import PASSWORD
from shop.db.errors import InvalidValue, ShopError
from shop.demo import small as demo
from shop.demo.accounts import ACCOUNTS, hash_passwords, make_accounts
from shop.models import (
    Customer,
    CustomerTerm,
    Order,
    Product,
    User,
)
from shop.products import services as products
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


def load(**options: Any) -> demo.DemoCounts:
    return demo.load_demo(now=timezone.now(), **options)


def check_stock() -> None:
    """Checks that stock is the sum of its movements and was never below zero."""
    for product in Product.objects.all():
        running = 0
        for movement in product.movements.order_by("created_at", "pk"):
            running += movement.quantity
            assert running >= 0, product
        assert (product.stock or 0) == running, product
        assert product.is_tracked or not product.movements.exists()


def check_sold() -> None:
    """Checks that sales took from stock what their lines say, and that cancelled orders took nothing."""
    for order in Order.objects.prefetch_related("lines__product"):
        wanted = Counter[int]()
        if order.status in (Order.Status.PLACED, Order.Status.FULFILLED):
            for line in order.lines.all():
                if line.product.is_tracked:
                    wanted[line.product_id] += line.quantity
        moved = order.movements.order_by().values("product").annotate(sum=Sum("quantity"))
        assert {row["product"]: -row["sum"] for row in moved if row["sum"]} == wanted
        assert order.subtotal == sum(line.subtotal for line in order.lines.all())


def contents() -> list[Any]:
    return list(
        Order.objects.order_by("dated_at", "lines__position").values_list(
            "dated_at", "status", "customer__name", "subtotal", "lines__product__sku", "lines__quantity"
        )
    )


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)])
def test_the_same_seed_makes_the_same_data(seed: int, same: bool) -> None:
    now = timezone.now()
    with transaction.atomic():
        demo.load_demo.inside(now=now)
        first = contents()
        transaction.set_rollback(True)

    demo.load_demo(now=now, seed=seed)

    assert (contents() == first) is same


def test_a_shop_in_use_is_refused_and_left_alone() -> None:
    Customer.objects.create(name="Real", name_key="real")

    with raises_worded(ShopError, "has customers"):
        load()
    with pytest.raises(CommandError, match="--force"):
        call_command("load_demo")

    assert (Product.objects.count(), Customer.objects.count()) == (0, 1)


def test_force_adds_to_what_is_there_and_stock_still_adds_up() -> None:
    load()
    load(force=True, seed=2)

    assert (Product.objects.count(), Order.objects.count()) == (40, 120)
    for product in Product.objects.exclude(stock=None):
        assert product.stock == product.movements.aggregate(sum=Sum("quantity"))["sum"] or 0
    check_sold()


def test_a_refusal_half_way_leaves_nothing() -> None:
    products.create_product(sku="KET-150", name="Theirs", unit_price=Decimal(1), once=None, staff_id=None)
    Product.objects.update(active=False)

    with pytest.raises(InvalidValue):
        load(force=True)

    assert (Product.objects.count(), Customer.objects.count(), Order.objects.count()) == (1, 0, 0)
    assert not CustomerTerm.objects.exists()


def test_orders_are_those_of_the_staff_that_is_there() -> None:
    make_accounts(hashes=hash_passwords(dict.fromkeys(ACCOUNTS, PASSWORD)))
    call_command("load_demo", stdout=StringIO())

    authors = set(Order.objects.exclude(placed_by=None).values_list("placed_by__username", flat=True))
    assert authors == {"clerk", "manager", "admin"}
    assert User.objects.count() == 3

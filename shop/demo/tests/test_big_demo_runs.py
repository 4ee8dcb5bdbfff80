"""Runs of the big demo: repeated, interrupted, refused, and by its command."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from shop.db.errors import ShopError
from shop.demo import batches as demo_batches
from shop.demo import big
from shop.demo import small as demo
from shop.demo.tests.test_big_demo import check_sums, count_made, load
from shop.models import Customer, Order, OrderEvent, Payment, Product, Return, ReturnLine, StockMovement
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(big, "ORDERS", 50)
    monkeypatch.setattr(big, "ROWS", 40)


def contents() -> list[Any]:
    return list(
        Order.objects.order_by("pk", "lines__position").values_list(
            "reference",
            "dated_at",
            "status",
            "customer__name",
            "customer__phone",
            "subtotal",
            "lines__product__sku",
            "lines__name",
            "lines__quantity",
        )
    )


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)])
def test_the_same_seed_makes_the_same_data(seed: int, same: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    first = contents()
    StockMovement.objects.all().delete()
    ReturnLine.objects.all().delete()
    Return.objects.all().delete()
    Payment.objects.filter(refund_of__isnull=False).delete()
    Payment.objects.all().delete()
    for model in (Order, Product, Customer):
        model.objects.all().delete()
    small_batches(monkeypatch)

    load(seed=seed)

    assert (contents() == first) is same


def test_what_was_stored_before_an_interruption_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def events(order: Order, *arguments: Any) -> Any:
        if len(written) == 170:
            raise KeyboardInterrupt
        written.append(order.pk)
        return whole(order, *arguments)

    whole = demo_batches._build_events
    monkeypatch.setattr(demo_batches, "_build_events", events)
    small_batches(monkeypatch)

    with pytest.raises(CommandError, match="What was made before is whole and stays"):
        call_command("load_demo", orders=300)

    assert count_made() == (30, 60, 150)
    assert OrderEvent.objects.values("order").distinct().count() == 150
    check_sums()


def test_a_batch_whose_commit_was_lost_is_not_stored_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(service: Any) -> Any:
        def call(**arguments: Any) -> Any:
            first = service(**arguments)
            assert service(**arguments) == first
            return first

        return call

    for name in ("store_customers", "store_products", "store_orders"):
        monkeypatch.setattr(big, name, twice(getattr(big, name)))
    small_batches(monkeypatch)

    load()

    assert count_made() == (30, 60, 300)
    check_sums()


def test_a_shop_in_use_is_refused_and_left_alone() -> None:
    Customer.objects.create(name="Real", name_key="real")

    with raises_worded(ShopError, "has customers"):
        load()
    with pytest.raises(CommandError, match=r"already\. Nothing was added\.$"):
        call_command("load_demo", orders=300)
    with pytest.raises(CommandError, match="leave out --force"):
        call_command("load_demo", orders=300, force=True)

    assert count_made() == (0, 1, 0)


@pytest.mark.parametrize("orders", ["0", "-5", "10000001", "many", "1e6"])
def test_a_bad_number_is_refused(orders: str) -> None:
    with pytest.raises(CommandError, match=r"between 1 and 10,000,000|invalid int value"):
        call_command("load_demo", f"--orders={orders}")

    assert demo.is_empty()


def test_the_command_says_what_it_made() -> None:
    out = StringIO()

    call_command("load_demo", "--orders=1001", stdout=out)

    assert out.getvalue() == "Made 100 products, 200 customers and 1,001 orders.\n"


def test_the_small_demo_can_be_added() -> None:
    load()

    call_command("load_demo", force=True, stdout=StringIO())

    assert count_made() == (30 + 40, 60 + 30, 300 + 60)
    check_sums()

"""The names, prices and stock that an import gives products, and those that it leaves alone."""

import itertools
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from shop.models import OrderLine, Product
from shop.products import services as products
from testing.factories import version_of
from testing.retail import MIDDLE, NEW, OLD, run, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    return writer(tmp_path)


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
@pytest.mark.parametrize("runs", [1, 3])
def test_name_and_price_are_those_of_the_latest_row_in_whatever_order(
    order: tuple[int, ...], runs: int, write: Callable[..., Path]
) -> None:
    files = [write(f"{number}.csv", (OLD, MIDDLE, NEW)[number]) for number in order]
    for group in [files] if runs == 1 else [[file] for file in files]:
        run(*group)
    for file in files:
        run(file)

    product = Product.objects.get()
    assert (product.name, product.unit_price) == ("NEW LAMP", Decimal("3.00"))


def test_of_rows_with_the_same_date_the_one_read_last_counts(write: Callable[..., Path]) -> None:
    run(write("a.csv", OLD, OLD.replace("OLD", "OTHER").replace("1.00", "1.50")))

    assert list(Product.objects.values_list("name", "unit_price")) == [("OTHER LAMP", Decimal("1.50"))]


def test_a_row_without_description_takes_the_name_that_is_known(write: Callable[..., Path]) -> None:
    run(write("a.csv", "1,A,,1,2011-01-10 09:00:00,1.00,,UK", OLD.replace("1,A", "2,A", 1)))
    run(write("b.csv", "3,A,,1,2011-01-13 09:00:00,0.00,,UK"))

    names = list(OrderLine.objects.order_by("order__external_number").values_list("name", flat=True))
    assert names == ["A", "OLD LAMP", "OLD LAMP"]
    assert list(Product.objects.values_list("name", "unit_price")) == [("OLD LAMP", Decimal("0.00"))]


def test_a_product_known_by_its_code_only_takes_the_name_of_an_older_row(write: Callable[..., Path]) -> None:
    run(write("b.csv", "3,A,,1,2011-01-13 09:00:00,0.50,,UK"))
    run(write("a.csv", OLD))

    assert list(Product.objects.values_list("name", "unit_price")) == [("OLD LAMP", Decimal("0.50"))]


def test_a_product_made_by_staff_keeps_its_stock_name_and_price(write: Callable[..., Path]) -> None:
    product = products.create_product(
        sku="A", name="Our lamp", unit_price=Decimal(7), stock=12, once=None, staff_id=None
    )

    figures = run(write("a.csv", OLD))

    product.refresh_from_db()
    assert figures["products"] == 0
    assert (product.name, product.unit_price, product.stock) == ("Our lamp", Decimal(7), 12)
    assert product.movements.aggregate(sum=Sum("quantity"))["sum"] == 12
    assert OrderLine.objects.get().name == "OLD LAMP"


def test_what_staff_changed_today_is_not_undone_by_history(write: Callable[..., Path]) -> None:
    run(write("a.csv", OLD))
    product = Product.objects.get()
    products.update_product(
        product_id=product.pk,
        name="Our lamp",
        unit_price=Decimal(7),
        sku="A",
        barcode=None,
        staff_id=None,
        seen_version=version_of(product),
    )

    run(write("b.csv", NEW))

    product.refresh_from_db()
    assert (product.name, product.unit_price) == ("Our lamp", Decimal(7))


def test_a_changed_product_gets_a_new_version(write: Callable[..., Path]) -> None:
    run(write("a.csv", OLD))
    run(write("b.csv", NEW))

    product = Product.objects.get()
    assert product.version == 2
    assert [p.sku for p in Product.objects.search("new")] == ["A"]
    assert not Product.objects.search("old").exists()

"""Every index is a write on every replica: which ones there are, and what a sale does to them."""

from decimal import Decimal

import pytest
from django.db import connection

from shop.models import User
from shop.orders.services import new_orders
from shop.products import stock
from shop.products.services import create_product
from testing.factories import in_stock

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="looks into PostgreSQL's catalogue")

#: What shop/models.py asks for and names the query of, and the primary and unique keys.
INDEXES = {
    "shop_order": {
        "order_by_clerk",
        "order_by_customer",
        "order_by_date",
        "order_by_open_balance",
        "order_by_status",
        "order_by_amount",
        "order_untouched",
        "order_external_number_once",
        "shop_order_pkey",
        "order_reference_once",
    },
    "shop_orderline": {"line_by_order", "line_by_product", "shop_orderline_pkey"},
    "shop_product": {
        "product_low_stock",
        "product_by_name",
        "product_by_price",
        "product_retired",
        "product_barcode_once",
        "shop_product_pkey",
        "product_sku_once",
    },
    "shop_customer": {
        "customer_by_age",
        "customer_by_name",
        "customer_retired",
        "customer_external_number_once",
        "shop_customer_pkey",
    },
    "shop_stockmovement": {
        "movement_by_order",
        "movement_by_product",
        "shop_stockmovement_pkey",
    },
    "shop_orderevent": {"event_by_order", "shop_orderevent_pkey"},
    "shop_idempotencykey": {
        "key_by_age",
        "shop_idempotencykey_pkey",
        "shop_idempotencykey_key_bca582af_like",
    },
}


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("table", INDEXES)
def test_a_table_has_these_indexes_and_no_other(table: str) -> None:
    """Those too that PostgreSQL or Django make by themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        assert {name for (name,) in cursor.fetchall()} == INDEXES[table]


def updates(table: str) -> tuple[int, int]:
    """How many rows this transaction has updated, and how many of these without touching an index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_get_xact_tuples_updated(%s::regclass),"
            " pg_stat_get_xact_tuples_hot_updated(%s::regclass)",
            [table, table],
        )
        counts: tuple[int, int] = cursor.fetchone()
    return counts


@postgresql
@pytest.mark.django_db
def test_a_sale_of_what_there_is_enough_of_rewrites_no_index_of_its_products(clerk: User) -> None:
    goods = [
        create_product(name="Lamp", unit_price=Decimal(1), stock=50, once=None, staff_id=None).pk
        for _ in range(3)
    ]
    before, hot_before = updates("shop_product")

    new_orders.place_new_order.inside(
        customer_id=None,
        items=[new_orders.Item(pk, 2) for pk in goods],
        expected_subtotal=None,
        staff_id=clerk.pk,
        once=None,
    )

    after, hot_after = updates("shop_product")
    assert (after - before, hot_after - hot_before) == (3, 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("counted", "low"), [(0, 0), (5, 5), (6, None), (900, None)])
def test_the_database_keeps_what_is_low(counted: int, low: int | None) -> None:
    lamp = create_product(name="Lamp", unit_price=Decimal(1), once=None, staff_id=None)
    assert lamp.low_stock is None

    stock.count_stock(product_id=lamp.pk, counted=counted, staff_id=None, once=None)

    lamp.refresh_from_db()
    assert (lamp.stock, lamp.low_stock, in_stock(lamp)) == (counted, low, counted)

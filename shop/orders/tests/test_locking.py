"""Lock before you look: the statement that first reads a row which is written locks it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.customers import services as customers
from shop.files.imports import import_invoices
from shop.files.retail_invoices import Invoice
from shop.files.retail_rows import RetailLine, Source
from shop.models import Order, Product, User
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.services import discounts, drafts, new_orders, placed_orders, placing
from shop.products import services as products
from shop.products import stock
from shop.returns import services as returns
from shop.saved_views import services as saved_views
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    FulfilledFactory,
    PlacedFactory,
    ProductFactory,
    in_stock,
    offer,
    only_line,
    seen,
)
from testing.locking import Calls, find_reads_without_a_lock, find_unlocked_reads
from testing.transactions import on_a_server

pytestmark = [pytest.mark.django_db(transaction=True), on_a_server]


def place_at_once(product: Product, clerk: User) -> Order:
    items = [new_orders.Item(product.pk, 1)]
    return new_orders.place_new_order(
        customer_id=None, items=items, expected_subtotal=None, staff_id=clerk.pk, once=None
    )


def correct(order: Order, clerk: User) -> object:
    line = only_line(order)
    return placed_orders.correct_line(
        line_id=line.pk,
        quantity=2,
        unit_price=line.unit_price,
        reason="miscounted",
        seen_version=order.version,
        staff_id=clerk.pk,
    )


def build_invoice(product: Product) -> Invoice:
    """Returns an invoice that changes a product's price."""
    at, price = datetime.now(UTC) + timedelta(days=1), product.unit_price + 1
    line = RetailLine(Source("a.csv", 2, ""), "9", product.sku, "", 1, at, price, "", "UK")
    return Invoice("9", [line], total=price)


def draft_services(clerk: User, staff: Any) -> Calls:
    lamp, mug, ada = ProductFactory(stock=9), ProductFactory(), CustomerFactory(name="Ada")
    a_percent: Any = {"discount": Discount(percent=Decimal(1)), "reason": "regular", "seen": NO_DISCOUNT}
    shorter = DraftFactory(staff=clerk, lines=[ProductFactory(stock=1)])
    line = drafts.add_line(reference=shorter.reference, product_id=mug.pk, key="", staff_id=None).line_list[0]
    return {
        "set_quantity": lambda: drafts.set_quantity(
            reference=shorter.reference, line_id=line.pk, quantity=3, seen_quantity=line.quantity, **staff
        ),
        "add_line": lambda: drafts.add_line(reference=shorter.reference, product_id=lamp.pk, key="", **staff),
        "set_customer": lambda: drafts.set_customer(
            reference=shorter.reference, customer_id=ada.pk, seen_customer_id=None, **staff
        ),
        "set_note": lambda: drafts.set_note(reference=shorter.reference, note="Gift", seen_note="", **staff),
        "set_line_discount": lambda: discounts.set_line_discount(
            reference=shorter.reference, line_id=line.pk, **a_percent, **staff
        ),
        "set_order_discount": lambda: discounts.set_order_discount(
            reference=shorter.reference, **a_percent, **staff
        ),
        "park_draft": lambda: drafts.park_draft(reference=shorter.reference, **staff),
        "discard_draft": lambda: drafts.discard_draft(reference=shorter.reference, **staff),
        "reopen_draft": lambda: drafts.reopen_draft(reference=shorter.reference, **staff),
        "open_draft": lambda: [drafts.open_draft(**staff) for _ in range(2)],
    }


def order_services(clerk: User, staff: Any) -> Calls:
    lamp, mug = ProductFactory(stock=9), ProductFactory()
    draft = DraftFactory(staff=clerk, lines=[lamp, mug])
    cut = DraftFactory(staff=clerk, lines=[(ProductFactory(stock=1), 2)])
    placed = [PlacedFactory(staff=clerk, lines=[lamp]) for _ in range(4)]
    fulfilled = FulfilledFactory(staff=clerk, lines=[lamp])
    seen_order, cut_offer = seen(draft), offer(cut)
    return {
        "place_order": lambda: placing.place_order(reference=draft.reference, seen=seen_order, **staff),
        "place_new_order": lambda: place_at_once(lamp, clerk),
        "accept_changes": lambda: placing.accept_changes(reference=cut.reference, **cut_offer, **staff),
        "cancel_order": lambda: returns.cancel_order(
            reference=placed[0].reference, allow_fulfilled=False, **staff
        ),
        "correct_line": lambda: correct(placed[1], clerk),
        "fulfil_order": lambda: placed_orders.fulfil_order(reference=placed[2].reference, **staff),
        "unfulfil_order": lambda: placed_orders.unfulfil_order(
            reference=fulfilled.reference, allow_others=True, **staff
        ),
        "change_note": lambda: placed_orders.change_note(
            reference=placed[3].reference, note="Hi", seen_version=placed[3].version, **staff
        ),
        "duplicate_order": lambda: placed_orders.duplicate_order(
            reference=placed[3].reference, once=None, **staff
        ),
    }


def product_services(staff: Any) -> Calls:
    lamp, mug, unsold = ProductFactory(stock=9), ProductFactory(), ProductFactory()
    return {
        "adjust_stock": lambda: stock.adjust_stock(
            product_id=lamp.pk, quantity=1, reason="received", once=None, **staff
        ),
        "count_stock": lambda: stock.count_stock(product_id=lamp.pk, counted=50, once=None, **staff),
        "stop_tracking": lambda: stock.stop_tracking(product_id=lamp.pk, **staff),
        "update_product": lambda: products.update_product(
            product_id=mug.pk,
            name="Cup",
            unit_price=Decimal(2),
            sku="CUP",
            barcode=None,
            seen_version=1,
            **staff,
        ),
        "set_product_active": lambda: products.set_product_active(product_id=mug.pk, active=False, **staff),
        "delete_product": lambda: products.delete_product(product_id=unsold.pk),
        "import_invoices": lambda: import_invoices(invoices=[build_invoice(mug)]),
    }


def customer_services(staff: Any) -> Calls:
    ada, stranger = CustomerFactory(name="Ada"), CustomerFactory()
    return {
        "update_customer": lambda: customers.update_customer(
            customer_id=ada.pk, name="Bea", phone="", email="", address="", note="", seen_version=1, **staff
        ),
        "set_customer_active": lambda: customers.set_customer_active(
            customer_id=ada.pk, active=False, **staff
        ),
        "delete_customer": lambda: customers.delete_customer(customer_id=stranger.pk),
    }


def view_services(clerk: User) -> Calls:
    view = saved_views.save_view(noun="order", name="Mine", query="q=a", owner_id=clerk.pk)
    return {
        "save_view": lambda: saved_views.save_view(noun="order", name="Mine", query="q=b", owner_id=clerk.pk),
        "rename_view": lambda: saved_views.rename_view(view_id=view.pk, owner_id=clerk.pk, name="Ours"),
    }


def all_services(clerk: User) -> Calls:
    """Every service that writes rows which are there already, ready to be called."""
    staff = {"staff_id": clerk.pk}
    orders_and_drafts = order_services(clerk, staff) | draft_services(clerk, staff)
    return orders_and_drafts | product_services(staff) | customer_services(staff) | view_services(clerk)


def test_every_service_locks_what_it_writes_before_it_looks(clerk: User) -> None:
    calls = all_services(clerk)

    assert find_unlocked_reads(calls) == {name: [] for name in calls}


def test_a_sale_does_not_lock_what_is_not_counted(clerk: User) -> None:
    lamp, mug = ProductFactory(stock=9), ProductFactory()
    draft = DraftFactory(staff=clerk, lines=[lamp, mug])
    with CaptureQueriesContext(connection) as captured:
        placing.place_order(reference=draft.reference, seen=seen(draft), staff_id=clerk.pk)

    locks = [q["sql"] for q in captured if "FOR UPDATE" in q["sql"] and '"shop_product"' in q["sql"]]
    assert len(locks) == 1
    assert '"stock" IS NOT NULL' in locks[0]
    assert in_stock(lamp) == 8


def test_several_products_are_read_once(clerk: User) -> None:
    items = [new_orders.Item(ProductFactory(stock=9).pk, 1) for _ in range(5)]
    with CaptureQueriesContext(connection) as captured:
        new_orders.place_new_order(
            customer_id=None, items=items, expected_subtotal=None, staff_id=clerk.pk, once=None
        )

    reads = [q["sql"] for q in captured if q["sql"].startswith("SELECT") and '"shop_product"' in q["sql"]]
    assert len(reads) == 1
    assert reads[0].endswith('ORDER BY "shop_product"."id" ASC FOR UPDATE')


def test_the_guard_sees_a_look_before_the_lock() -> None:
    look = 'SELECT * FROM "shop_product" WHERE "shop_product"."id" = 1'
    write = 'UPDATE "shop_product" SET "stock" = 1'

    assert find_reads_without_a_lock([look, f"{look} FOR UPDATE", write]) == ["shop_product"]
    assert find_reads_without_a_lock([f"{look} FOR UPDATE", write]) == []
    assert find_reads_without_a_lock([look, 'UPDATE "shop_order" SET "note" = 1']) == []

"""The updates that the desk asks for every few seconds, of a draft that somebody else may change."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.customers import services as customers
from shop.models import Order, Session, User
from shop.orders.services import drafts
from shop.products import services as products
from shop.products import stock
from testing.factories import CustomerFactory, DraftFactory, ProductFactory, only_line, version_of
from testing.pages import Page, signed_in
from testing.snapshots import saw_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def order() -> Order:
    return DraftFactory(
        lines=[(ProductFactory(name="Lamp", stock=9), 3), ProductFactory()],
        customer=CustomerFactory(name="Ada"),
    )


def ask(client: Client, order: Order, etag: str = "") -> Any:
    return client.get(f"{order.get_absolute_url()}live/", headers={"If-None-Match": etag})


def states(response: Any) -> dict[str, str]:
    return {section["id"]: section["data-state"] for section in Page(response).all("section")}


def test_asking_does_not_prolong_the_sign_in(client: Client, order: Order) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    Session.objects.update(expire_date=soon)

    assert client.get(f"{order.get_absolute_url()}live/", headers={"HX-Request": "true"}).status_code == 200
    assert Session.objects.get().expire_date == soon
    client.get(order.get_absolute_url())
    assert Session.objects.get().expire_date > soon


def sell_out(order: Order) -> None:
    stock.count_stock(product_id=order.line_list[0].product_id, counted=1, staff_id=None, once=None)


def rename_customer(order: Order) -> None:
    assert order.customer
    customers.update_customer(
        customer_id=order.customer.pk,
        name="Ada L.",
        phone="",
        email="",
        address="",
        note="",
        staff_id=None,
        seen_version=order.customer.version,
    )


def add_line(order: Order) -> None:
    drafts.add_line(reference=order.reference, product_id=ProductFactory().pk, key="", staff_id=None)


def set_quantity(order: Order) -> None:
    drafts.set_quantity(
        reference=order.reference, line_id=order.line_list[0].pk, quantity=4, seen_quantity=3, staff_id=None
    )


def clear_customer(order: Order) -> None:
    drafts.set_customer(
        reference=order.reference, customer_id=None, seen_customer_id=order.customer_id, staff_id=None
    )


def write_note(order: Order) -> None:
    drafts.set_note(reference=order.reference, note="Ring", seen_note="", staff_id=None)


CHANGES = [
    (add_line, "desk-lines"),
    (set_quantity, "desk-lines"),
    (sell_out, "desk-lines"),
    (clear_customer, "desk-customer"),
    (rename_customer, "desk-customer"),
    (write_note, "desk-note"),
]


@pytest.mark.parametrize(("change", "section"), CHANGES)
def test_a_change_of_somebody_else_is_seen_in_its_section_alone(
    change: Callable[[Order], None], section: str, client: Client, order: Order
) -> None:
    before = ask(client, order)
    change(order)
    after = ask(client, order, before["ETag"])

    assert after.status_code == 200
    old, new = states(before), states(after)
    assert set(new) == {"desk-customer", "desk-note", "desk-lines"}
    assert [name for name in new if new[name] != old[name]] == [section]
    assert ask(client, order, after["ETag"]).status_code == 304


def test_the_page_and_its_steps_have_the_same_fingerprints(client: Client, order: Order) -> None:
    page = client.get(order.get_absolute_url())
    assert {name: states(page)[name] for name in states(ask(client, order))} == states(ask(client, order))

    step = client.post(
        f"{order.get_absolute_url()}note/",
        {"note": "Ring"} | saw_note(client, order),
        headers={"HX-Request": "true"},
    )
    assert states(step)["desk-note"] == states(ask(client, order))["desk-note"]


def test_the_price_of_a_line_is_the_clerks_and_wakes_nobody(client: Client, order: Order) -> None:
    before = ask(client, order)
    lamp = order.line_list[0].product
    products.update_product(
        product_id=lamp.pk,
        name=lamp.name,
        sku=lamp.sku,
        barcode=None,
        unit_price=Decimal(99),
        staff_id=None,
        seen_version=version_of(lamp),
    )

    assert ask(client, order, before["ETag"]).status_code == 304


def test_who_changed_it_is_named_only_where_it_is_known(client: Client, order: Order) -> None:
    assert Page(ask(client, order)).all("div")[0]["data-say"] == "Somebody else changed this order."


def test_an_order_that_is_no_draft_any_more_is_said_with_a_way_to_it(client: Client, order: Order) -> None:
    etag = ask(client, order)["ETag"]
    drafts.discard_draft(reference=order.reference, staff_id=None)
    page = Page(ask(client, order, etag))

    assert page.text == "Somebody else changed this order: it is cancelled by now. Look at it"
    assert page.all("a")[0]["href"] == order.get_absolute_url()
    assert not page.all("section")


def test_a_fragment_says_nothing_aloud_by_itself(client: Client, order: Order) -> None:
    page = Page(ask(client, order))

    assert not page.is_whole
    assert not page.all("div", id="live")


@pytest.mark.usefixtures("known_roles")
@pytest.mark.parametrize("lines", [0, 1, 60])
def test_asking_in_vain_takes_two_statements(lines: int, client: Client) -> None:
    order = DraftFactory(lines=[ProductFactory() for _ in range(lines)])
    etag = ask(client, order)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        response = ask(client, order, etag)

    assert response.status_code == 304
    assert response.content == b""
    assert len(captured) == 2


def test_a_draft_that_is_gone_is_not_found(client: Client) -> None:
    assert client.get("/orders/AAA-AAAA/live/").status_code == 404


def test_a_line_knows_what_is_left_when_that_is_too_little() -> None:
    line = only_line(DraftFactory(lines=[(ProductFactory(stock=2), 3)]))
    assert line.insufficient_stock == 2
    line.quantity = 2
    assert line.insufficient_stock is None

"""The number of statements of each main request, with BEGIN and COMMIT. It does not grow with the rows."""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import Customer, Order, Product, User
from shop.orders.services import drafts
from shop.products.services import create_product
from testing.api_client import Api
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory, ProductFactory
from testing.pages import HTMX, Page, signed_in
from testing.snapshots import saw_customer, saw_note, saw_quantity

# With real transactions, so that BEGIN and COMMIT are seen.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("known_roles")]


def count_statements(request: Callable[[], Any], status: int = 200) -> int:
    """Returns the number of statements that the request sent."""
    with CaptureQueriesContext(connection) as captured:
        response = request()
    assert response.status_code == status, response.content
    return len(captured)


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def draft(clerk: User) -> Order:
    """A draft with five lines, of a customer."""
    lines = [ProductFactory(name=f"Brass lamp {number}", sku=f"L-{number}") for number in range(5)]
    return DraftFactory(staff=clerk, customer=CustomerFactory(name="Ada", phone="555-1234"), lines=lines)


@pytest.mark.parametrize("lines", [1, 20, 50])
@pytest.mark.parametrize(("stock", "most"), [(None, 10), (9, 11)])
def test_an_order_in_one_post(lines: int, stock: int | None, most: int, clerk: User) -> None:
    products = [
        create_product(name="Mug", unit_price=Decimal(1), stock=stock, once=None, staff_id=None).pk
        for _ in range(lines)
    ]
    customer = CustomerFactory()
    body = {"customer": {"id": customer.pk}, "products": [{"id": pk} for pk in products]}
    api = Api(clerk)

    assert count_statements(lambda: api.send("POST", "/order/", body, Idempotency_Key="k")) == most
    assert Order.objects.get().lines.count() == lines


@pytest.mark.parametrize("typed", ["wok", "4006", "steel wok", "3*st wo"])
@pytest.mark.parametrize("first", [True, False])
def test_adding_a_line(typed: str, first: bool, client: Client, draft: Order, clerk: User) -> None:
    ProductFactory(name="Steel wok", sku="WOK", barcode="4006")
    order = drafts.open_draft(staff_id=clerk.pk) if first else draft
    before = order.lines.count()

    url = f"{order.get_absolute_url()}lines/"
    assert count_statements(lambda: client.post(url, {"text": typed, "key": "k"}, headers=HTMX)) == 8
    assert order.lines.count() == before + 1


def test_the_other_steps_at_the_desk(client: Client, draft: Order) -> None:
    url, line = draft.get_absolute_url(), draft.lines.all()[0]
    other = CustomerFactory(name="Bob")
    quantity = {"quantity": "7"} | saw_quantity(client, line, 1)
    customer = {"customer": str(other.pk)} | saw_customer(client, draft, draft.customer)
    note = {"note": "Hi"} | saw_note(client, draft)

    assert count_statements(lambda: client.post(f"{url}lines/{line.pk}/", quantity, headers=HTMX)) == 7
    assert count_statements(lambda: client.post(f"{url}customer/", customer, headers=HTMX)) == 6
    assert count_statements(lambda: client.post(f"{url}note/", note, headers=HTMX)) == 5
    assert count_statements(lambda: client.post("/orders/new/"), 303) == 6


def test_reviewing_and_placing(client: Client, draft: Order) -> None:
    url = draft.get_absolute_url()
    saw = Page(client.get(f"{url}review/")).snapshot()

    # One of them finds the till.
    assert count_statements(lambda: client.get(f"{url}review/")) == 4
    assert count_statements(lambda: client.post(f"{url}place/", saw), 303) == 9
    draft.refresh_from_db()
    assert draft.status == "placed"


def pages(order: Order, customer: Customer, product: Product) -> dict[str, int]:
    """Returns each page's address with its number of statements."""
    return {
        "/": 9,
        "/orders/": 4,
        "/orders/?status=placed&first=2020-01-01&customer=ada&product=lamp": 7,
        "/customers/": 3,
        "/customers/?q=ada": 3,
        "/products/": 3,
        "/products/?q=br+la": 3,
        order.get_absolute_url(): 7,
        f"{order.get_absolute_url()}print/": 3,
        customer.get_absolute_url(): 3,
        product.get_absolute_url(): 5,
    }


def test_pages_take_as_many_for_many_rows(client: Client, clerk: User) -> None:
    ada, lamp = CustomerFactory(name="Ada"), ProductFactory(name="Brass lamp", stock=2)
    order = PlacedFactory(staff=clerk, customer=ada, lines=[lamp])
    wanted = pages(order, ada, lamp)
    assert {path: count_statements(partial(client.get, path)) for path in wanted} == wanted

    for _ in range(60):
        PlacedFactory(staff=clerk, customer=CustomerFactory(name="Ada"), lines=[ProductFactory()])
    more = [lamp, *(ProductFactory(name="Brass lamp") for _ in range(9))]
    order = PlacedFactory(staff=clerk, customer=ada, lines=more[1:])
    DraftFactory(staff=clerk, customer=ada, lines=more)
    wanted = pages(order, ada, lamp)
    assert {path: count_statements(partial(client.get, path)) for path in wanted} == wanted


def test_a_later_page_of_a_list_takes_as_many_as_the_first(client: Client, clerk: User) -> None:
    for _ in range(120):
        PlacedFactory(staff=clerk, customer=CustomerFactory(), lines=[ProductFactory()])
    counts: dict[str, list[int]] = {"/orders/": [], "/products/": [], "/customers/": []}
    for path, statements in counts.items():
        address = path
        for _ in range(3):
            statements.append(count_statements(partial(client.get, address)))
            following = re.search(r'href="(\?[^"]*after=[^"]*)"', client.get(address).content.decode())
            address = path + html.unescape(following[1]) if following else ""

    assert counts == {"/orders/": [4] * 3, "/products/": [3] * 3, "/customers/": [3] * 3}

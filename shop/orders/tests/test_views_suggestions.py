"""What the pickers suggest while something is typed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import User
from testing.factories import CustomerFactory, ProductFactory
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

PRODUCTS, CUSTOMERS = "/products/suggestions/", "/customers/suggestions/"


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def suggest(client: Client, path: str, text: str) -> Page:
    response = client.get(path, {"text": text})
    assert response.status_code == 200
    return Page(response)


def read_ids(page: Page) -> list[str]:
    return [option["data-id"] for option in page.all("li", role="option")]


def read_announcement(page: Page) -> str:
    return page.all("ul", role="listbox")[0]["data-say"]


@pytest.mark.parametrize("typed", ["wh la", "3*wh la", " 12 * white", "WHL-1", "whl-1", "4006"])
def test_products_are_found_as_enter_would_find_them(typed: str, client: Client) -> None:
    lamp = ProductFactory(name="White lamp", sku="WHL-1", barcode="4006", stock=7)
    ProductFactory(name="Red vase", sku="RV")
    page = suggest(client, PRODUCTS, typed)

    assert read_ids(page) == [str(lamp.pk)]
    assert page.text == "White lamp WHL-1 $10.00 · 7 left"
    assert read_announcement(page) == "1 product found."
    assert not page.is_whole


@pytest.mark.parametrize("typed", ["", "  ", "3*", "0*lamp", "zebra", "!!", "x" * 201, "a\0b"])
def test_where_nothing_fits_the_list_is_empty(typed: str, client: Client) -> None:
    ProductFactory(name="Lamp")
    page = suggest(client, PRODUCTS, typed)

    assert read_ids(page) == []
    assert read_announcement(page) == "0 products found."


def test_retired_rows_are_not_suggested(client: Client) -> None:
    ProductFactory(name="Lamp", active=False)
    CustomerFactory(name="Ada", active=False)

    assert read_ids(suggest(client, PRODUCTS, "lamp")) == read_ids(suggest(client, CUSTOMERS, "ada")) == []


def test_nothing_is_selected_until_the_clerk_does(client: Client) -> None:
    ProductFactory(name="Lamp")
    page = suggest(client, PRODUCTS, "lamp")

    assert [option["aria-selected"] for option in page.all("li", role="option")] == ["false"]


def test_eight_are_suggested_and_more_want_another_word(client: Client) -> None:
    products = [ProductFactory(name=f"Lamp {number}") for number in range(9)]
    customers = [CustomerFactory(name=f"Ada {number}") for number in range(9)]
    product_page, customer_page = suggest(client, PRODUCTS, "lamp"), suggest(client, CUSTOMERS, "ada")

    assert read_ids(product_page) == [str(row.pk) for row in products[:8]]
    assert read_ids(customer_page) == [str(row.pk) for row in customers[:8]]
    assert read_announcement(product_page) == "More than 8 products found."
    assert read_announcement(customer_page) == "More than 8 customers found."
    assert product_page.text.endswith("More than eight match: type another word.")
    assert customer_page.text.endswith("More than eight match: type another word.")


@pytest.mark.parametrize("typed", ["ada", "1234", "lov a"])
def test_customers_are_found_by_name_and_phone(typed: str, client: Client) -> None:
    ada = CustomerFactory(name="Ada Lovelace", phone="555-1234")
    CustomerFactory(name="Bob", phone="555-9999")
    page = suggest(client, CUSTOMERS, typed)

    assert read_ids(page) == [str(ada.pk)]
    assert page.text == "Ada Lovelace 555-1234"


def test_nobody_typed_is_nobody_suggested(client: Client) -> None:
    CustomerFactory(name="Ada")

    assert read_ids(suggest(client, CUSTOMERS, " ")) == []


@pytest.mark.usefixtures("known_roles")
@pytest.mark.parametrize(("path", "typed"), [(PRODUCTS, "2*br la"), (CUSTOMERS, "ada 55")])
def test_a_suggestion_takes_two_statements(path: str, typed: str, client: Client) -> None:
    for _ in range(12):
        ProductFactory(name="Brass lamp")
        CustomerFactory(name="Ada", phone="555")
    with CaptureQueriesContext(connection) as captured:
        page = suggest(client, path, typed)

    assert len(read_ids(page)) == 8
    assert len(captured) == 2


def test_what_was_typed_as_a_name_is_never_read_as_html(client: Client) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x>"
    ProductFactory(name=nasty)
    CustomerFactory(name=nasty)

    for path in (PRODUCTS, CUSTOMERS):
        page = suggest(client, path, "script")
        assert len(read_ids(page)) == 1
        assert not page.all("img")
        assert not page.all("script")

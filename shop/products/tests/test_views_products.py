"""The products' pages."""

from decimal import Decimal

import pytest
from django.test import Client

from shop.models import Product, User
from shop.money.amounts import MAX_AMOUNT
from testing.factories import (
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    in_stock,
    movements,
)
from testing.pages import Page, signed_in
from testing.snapshots import saw_form

pytestmark = pytest.mark.django_db

LAMP = {"name": "Lamp", "sku": "L1", "unit_price": "12.50", "barcode": "40063", "stock": "3"}


@pytest.fixture
def client(manager: User) -> Client:
    return signed_in(manager)


@pytest.fixture
def lamp() -> Product:
    return ProductFactory(name="Lamp", sku="L1", unit_price=Decimal("12.50"), stock=10)


def test_a_new_product_is_saved_with_its_stock(client: Client, manager: User) -> None:
    response = client.post("/products/new/", LAMP | {"key": "k"})

    product = Product.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/products/{product.pk}/")
    text = Page(client.get(response["Location"])).text
    assert "SKU L1 Barcode 40063 Unit price $12.50 Stock 3" in text
    assert product.movements.get().author == manager


def test_a_form_sent_twice_makes_one_product(client: Client) -> None:
    places = [client.post("/products/new/", LAMP | {"key": "k"})["Location"] for _ in range(2)]

    assert places[0] == places[1]
    assert movements(Product.objects.get()) == [(3, "counted")]


def test_only_name_and_price_are_needed(client: Client) -> None:
    client.post("/products/new/", {"name": "Card", "unit_price": "0"})

    card = Product.objects.get()
    assert (card.unit_price, card.stock, card.barcode) == (0, None, None)
    assert card.sku.startswith("P-")


@pytest.mark.parametrize("price", ["0", "0.10", "1e2", "9999999999999.99", "1234567890123.45"])
def test_a_price_is_stored_as_typed(price: str, client: Client) -> None:
    client.post("/products/new/", LAMP | {"unit_price": price})

    assert Product.objects.get().unit_price == Decimal(price)


@pytest.mark.parametrize(
    ("bad", "focus", "sentence"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"unit_price": ""}, "unit_price", "This field is required."),
        ({"unit_price": "-0.01"}, "unit_price", "greater than or equal to 0"),
        ({"unit_price": "1.005"}, "unit_price", "no more than 2 decimal places"),
        ({"unit_price": "10000000000000.00"}, "unit_price", f"less than or equal to {MAX_AMOUNT}"),
        ({"unit_price": "NaN"}, "unit_price", "Enter a number."),
        ({"unit_price": "Infinity"}, "unit_price", "Enter a number."),
        ({"unit_price": "1e400"}, "unit_price", "no more than 18 digits"),
        ({"unit_price": "cheap", "stock": "-1"}, "unit_price", "Enter a number."),
        ({"stock": "-1"}, "stock", "greater than or equal to 0"),
        ({"stock": "1.5"}, "stock", "Enter a whole number."),
        ({"stock": "1000000001"}, "stock", "less than or equal to 1000000000"),
        ({"sku": "x" * 41}, "sku", "at most 40 characters"),
    ],
)
def test_an_error_stands_at_its_field_which_has_the_focus(
    bad: dict[str, str], focus: str, sentence: str, client: Client
) -> None:
    response = client.post("/products/new/", LAMP | bad)

    assert response.status_code == 422
    assert Page(response).focused_names == [focus]
    assert sentence in Page(response).text
    assert not Product.objects.exists()


def test_taken_codes_are_said_at_their_fields(client: Client, lamp: Product) -> None:
    response = client.post("/products/new/", LAMP | {"barcode": ""})

    assert response.status_code == 422
    assert Page(response).focused_names == ["sku"]
    assert "Lamp has this SKU already." in Page(response).text

    other = ProductFactory(barcode="99")
    response = client.post(f"/products/{lamp.pk}/edit/", LAMP | {"barcode": "99"} | saw_form(client, lamp))
    assert response.status_code == 422
    assert Page(response).focused_names == ["barcode"]
    assert f"{other.name} has this barcode already." in Page(response).text


def test_an_edit_never_touches_stock(client: Client, lamp: Product) -> None:
    response = client.post(
        f"/products/{lamp.pk}/edit/", LAMP | {"name": "Lamp 2", "stock": "99"} | saw_form(client, lamp)
    )

    assert response.status_code == 303
    assert (Product.objects.get().name, in_stock(lamp)) == ("Lamp 2", 10)


def test_an_edit_of_an_old_page_shows_both_values(client: Client, lamp: Product) -> None:
    path = f"/products/{lamp.pk}/edit/"
    saw = saw_form(client, lamp)
    client.post(path, LAMP | {"unit_price": "0", "barcode": ""} | saw)

    response = client.post(path, LAMP | {"unit_price": "14.00", "barcode": ""} | saw)

    assert response.status_code == 409
    assert "Unit price not known $0.00 $14.00" in Page(response).text
    assert Product.objects.get().unit_price == 0


def test_mending_an_error_keeps_what_somebody_saved_meanwhile(client: Client, lamp: Product) -> None:
    path = f"/products/{lamp.pk}/edit/"
    saw = Page(client.get(path)).snapshot()
    client.post(path, LAMP | {"unit_price": "13.00"} | saw)

    page = Page(client.post(path, LAMP | {"name": ""} | saw))
    response = client.post(path, LAMP | page.snapshot())

    assert response.status_code == 409
    assert Product.objects.get(pk=lamp.pk).unit_price == Decimal("13.00")


def test_a_used_product_cannot_be_deleted_but_retired(client: Client, lamp: Product) -> None:
    response = client.post(f"/products/{lamp.pk}/delete/")

    assert response.status_code == 409
    assert "Lamp has orders, returns or stock entries and cannot be deleted." in Page(response).text
    response = client.post(f"/products/{lamp.pk}/retire/", follow=True)
    assert "Lamp was retired." in Page(response).text
    assert not Product.objects.get().active


def test_an_unused_product_is_deleted(client: Client) -> None:
    card = ProductFactory(name="Card")
    response = client.post(f"/products/{card.pk}/delete/", follow=True)

    assert "Card was deleted." in Page(response).text
    assert not Product.objects.exists()


def test_a_products_page_shows_recent_orders_and_entries(client: Client, lamp: Product) -> None:
    placed, drafted = PlacedFactory(lines=[(lamp, 2)]), DraftFactory(lines=[lamp])
    page = Page(client.get(f"/products/{lamp.pk}/"))

    assert page.source.count(f'href="/orders/{placed.reference}/"') == 2
    assert page.source.count(f'href="/orders/{drafted.reference}/"') == 1
    assert f"Sold {placed.reference}" in page.text

"""The page of a product's stock: received, broken, counted, no longer tracked."""

from decimal import Decimal

import pytest
from django.test import Client

from shop.models import Product
from testing.factories import DraftFactory, ProductFactory, UserFactory, in_stock, movements, place
from testing.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> Product:
    return ProductFactory(name="Lamp", sku="L1", unit_price=Decimal("12.50"), stock=10)


def test_receiving_says_what_is_in_stock_now(managers: Client, lamp: Product) -> None:
    response = managers.post(
        f"/products/{lamp.pk}/stock/", {"quantity": "5", "reason": "received", "note": "Monday", "key": "k"}
    )
    page = Page(managers.get(response["Location"]))

    assert response.status_code == 303
    assert "Lamp: +5, 15 in stock." in page.text
    assert "Received: Monday manager +5" in page.text


def test_a_delivery_sent_twice_counts_once(managers: Client, lamp: Product) -> None:
    for _ in range(2):
        managers.post(f"/products/{lamp.pk}/stock/", {"quantity": "5", "reason": "received", "key": "k"})

    assert in_stock(lamp) == 15


def test_a_count_sets_the_stock(managers: Client, lamp: Product) -> None:
    response = managers.post(
        f"/products/{lamp.pk}/stock/", {"quantity": "7", "reason": "counted"}, follow=True
    )

    assert "Lamp: counted, 7 in stock." in Page(response).text
    assert movements(lamp) == [(10, "counted"), (-3, "counted")]


def test_a_count_that_is_sent_twice_does_not_bring_back_what_was_sold(
    managers: Client, lamp: Product
) -> None:
    page = Page(managers.get(f"/products/{lamp.pk}/stock/"))
    count = {"quantity": "12", "reason": "counted", "key": page.value("key")}

    managers.post(f"/products/{lamp.pk}/stock/", count)
    place(DraftFactory(lines=[(lamp, 2)]), UserFactory())
    text = Page(managers.post(f"/products/{lamp.pk}/stock/", count, follow=True)).text

    assert "Lamp: counted, 10 in stock." in text
    assert movements(lamp) == [(10, "counted"), (2, "counted"), (-2, "sold")]


def test_the_note_of_a_count_that_changes_nothing_is_not_kept_and_that_is_said(
    managers: Client, lamp: Product
) -> None:
    typed = {"quantity": "10", "reason": "counted", "note": "all there"}

    response = managers.post(f"/products/{lamp.pk}/stock/", typed, follow=True)

    assert "The count changed nothing, so its note was not kept." in Page(response).text
    assert movements(lamp) == [(10, "counted")]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"quantity": "2", "reason": "damaged"}, "Damaged or lost goes out: type -2."),
        ({"quantity": "-11", "reason": "damaged"}, "Only 10 in stock: no more than that can be taken out."),
        (
            {"quantity": "0", "reason": "received"},
            "Give the change: more than 0 came in, less than 0 went out.",
        ),
        ({"quantity": "-1", "reason": "counted"}, "What was counted is 0 or more."),
        (
            {"quantity": "999999999", "reason": "received"},
            "Stock can be 1,000,000,000 at most",
        ),
        ({"quantity": "many", "reason": "received"}, "Enter a whole number."),
    ],
)
def test_impossible_changes_of_stock_are_said_at_the_field(
    bad: dict[str, str], sentence: str, managers: Client, lamp: Product
) -> None:
    response = managers.post(f"/products/{lamp.pk}/stock/", bad | {"key": "same"})
    page = Page(response)

    assert response.status_code == 422
    assert page.focused_names == ["quantity"]
    assert sentence in page.text
    assert page.value("key") == "same"
    assert in_stock(lamp) == 10


@pytest.mark.parametrize("reason", ["sold", "returned", "untracked", ""])
def test_reasons_that_are_not_for_people_are_refused(reason: str, managers: Client, lamp: Product) -> None:
    response = managers.post(f"/products/{lamp.pk}/stock/", {"quantity": "1", "reason": reason})

    assert response.status_code == 422
    assert Page(response).focused_names == ["reason"]


def test_an_untracked_product_is_offered_a_count(managers: Client) -> None:
    card = ProductFactory(name="Card")
    page = Page(managers.get(f"/products/{card.pk}/stock/"))

    assert "Stock is not tracked. Count the product to begin." in page.text
    assert page.all("option", value="counted")[0].get("selected") == ""


def test_tracking_can_be_stopped(managers: Client, lamp: Product) -> None:
    response = managers.post(f"/products/{lamp.pk}/untrack/", follow=True)

    assert "Stock of Lamp is no longer tracked." in Page(response).text
    assert in_stock(lamp) is None

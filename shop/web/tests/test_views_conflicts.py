"""The panel of a conflict on the forms of customers and products."""

import pytest
from django.test import Client

from shop.models import Customer, Product, User
from shop.products import services as products
from testing.factories import CustomerFactory, version_of
from testing.pages import Page

pytestmark = pytest.mark.django_db


def sent(page: Page, **typed: str) -> dict[str, str]:
    """Returns the fields of the customer form after this was typed into it."""
    fields = {name: page.value(name) for name in ("name", "phone", "email")}
    return fields | page.snapshot() | typed


def test_a_field_left_alone_takes_what_somebody_else_saved(clerks: Client, managers: Client) -> None:
    ada = CustomerFactory(name="Ada", phone="1")
    path = f"/customers/{ada.pk}/edit/"
    form = Page(clerks.get(path))
    managers.post(path, sent(Page(managers.get(path)), phone="theirs", email="ada@example.com"))

    response = clerks.post(path, sent(form, phone="mine"))
    page = Page(response)

    assert response.status_code == 409
    assert "Phone 1 theirs mine Email – ada@example.com not changed" in page.text
    assert "Last changed by manager, " in page.text
    assert (page.value("phone"), page.value("email")) == ("mine", "ada@example.com")
    assert page.focused_names == ["h2"]
    assert page.all("a", href=path)
    assert page.all("button", form="row-form")

    assert clerks.post(path, sent(page)).status_code == 303
    now = Customer.objects.get()
    assert (now.phone, now.email, now.changed_by and now.changed_by.username) == (
        "mine",
        "ada@example.com",
        "clerk",
    )


def test_a_third_change_is_shown_against_the_second(clerks: Client, managers: Client) -> None:
    ada = CustomerFactory(name="Ada", phone="1")
    path = f"/customers/{ada.pk}/edit/"
    form = Page(clerks.get(path))
    managers.post(path, sent(Page(managers.get(path)), phone="2"))
    second = Page(clerks.post(path, sent(form, phone="mine")))
    managers.post(path, sent(Page(managers.get(path)), phone="3"))

    response = clerks.post(path, sent(second))

    assert response.status_code == 409
    assert "Phone 2 3 mine" in Page(response).text
    assert Customer.objects.get().phone == "3"


def test_an_error_in_between_keeps_what_was_seen(clerks: Client, managers: Client) -> None:
    ada = CustomerFactory(name="Ada", phone="1")
    path = f"/customers/{ada.pk}/edit/"
    form = Page(clerks.get(path))
    managers.post(path, sent(Page(managers.get(path)), phone="2"))
    wrong = Page(clerks.post(path, sent(form, email="nowhere", phone="mine")))

    assert wrong.focused_names == ["email"]
    assert "Phone 1 2 mine" in Page(clerks.post(path, sent(wrong, email=""))).text


def test_being_retired_is_shown_as_yes_or_no(clerks: Client, managers: Client) -> None:
    ada = CustomerFactory(name="Ada")
    path = f"/customers/{ada.pk}/edit/"
    form = Page(clerks.get(path))
    managers.post(f"/customers/{ada.pk}/retire/")

    assert "Retired no yes not changed" in Page(clerks.post(path, sent(form, phone="mine"))).text


def test_the_same_change_by_two_is_no_conflict(clerks: Client, managers: Client) -> None:
    ada = CustomerFactory(name="Ada")
    path = f"/customers/{ada.pk}/edit/"
    form, theirs = Page(clerks.get(path)), Page(managers.get(path))
    assert managers.post(path, sent(theirs, phone="2")).status_code == 303
    assert clerks.post(path, sent(form, phone="2")).status_code == 303


@pytest.mark.parametrize(
    "seen", ["", "x", "[]", "null", "9" * 5000, "[" * 5000, '{"unit_price": "1E+999999999"}', '{"name": []}']
)
def test_a_snapshot_that_was_tampered_with_does_no_harm(
    seen: str, managers: Client, lamp: Product, clerk: User
) -> None:
    products.update_product(
        product_id=lamp.pk,
        name="Lamp",
        unit_price=12,
        sku="L",
        barcode=None,
        staff_id=clerk.pk,
        seen_version=version_of(lamp),
    )
    form = {"name": "Lamp", "unit_price": "14", "sku": "L", "barcode": "", "snapshot": seen}
    response = managers.post(f"/products/{lamp.pk}/edit/", form)

    assert response.status_code == 409
    assert "$12.00 $14.00" in Page(response).text
    assert "Last changed by clerk, " in Page(response).text
    assert Product.objects.get().unit_price == 12

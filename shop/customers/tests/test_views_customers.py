"""The customers' pages."""

import pytest
from django.test import Client

from shop.customers import services as customers
from shop.models import Customer, User
from testing.factories import CustomerFactory, DraftFactory, PlacedFactory
from testing.pages import Page, signed_in
from testing.snapshots import saw_form

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada", "phone": "555 1", "email": "ada@example.com", "address": "1 Lane", "note": "early"}


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def ada() -> Customer:
    return CustomerFactory(name="Ada", phone="1")


def test_a_new_customer_is_saved_and_shown(client: Client) -> None:
    form = Page(client.get("/customers/new/"))
    response = client.post("/customers/new/", ADA | {"key": form.value("key")})

    customer = Customer.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/customers/{customer.pk}/")
    text = Page(client.get(response["Location"])).text
    assert all(value in text for value in ADA.values())
    assert "Ada was created." in text
    assert "Ada has not ordered yet." in text


def test_a_form_sent_twice_makes_one_customer(client: Client) -> None:
    key = Page(client.get("/customers/new/")).value("key")
    places = [client.post("/customers/new/", ADA | {"key": key})["Location"] for _ in range(2)]

    assert places[0] == places[1]
    assert Customer.objects.count() == 1


def test_a_key_sent_with_something_else_is_refused(client: Client) -> None:
    client.post("/customers/new/", ADA | {"key": "k"})
    response = client.post("/customers/new/", ADA | {"key": "k", "name": "Bob"})

    assert response.status_code == 422
    assert "This was sent before, with other values." in Page(response).text
    assert Customer.objects.count() == 1


def test_a_name_found_nowhere_is_filled_in(client: Client) -> None:
    assert Page(client.get("/customers/new/?name=Zoë")).value("name") == "Zoë"


@pytest.mark.parametrize(
    ("bad", "focus", "sentence"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "  "}, "name", "This field is required."),
        ({"name": "x" * 201}, "name", "Ensure this value has at most 200 characters (it has 201)."),
        ({"name": "a\0b"}, "name", "Null characters are not allowed."),
        ({"email": "nowhere"}, "email", "Enter a valid email address."),
        ({"phone": "1" * 41, "email": "x"}, "phone", "at most 40 characters"),
        ({"note": "x" * 2001}, "note", "at most 2000 characters"),
    ],
)
def test_an_error_stands_at_its_field_which_has_the_focus(
    bad: dict[str, str], focus: str, sentence: str, client: Client
) -> None:
    response = client.post("/customers/new/", ADA | bad | {"key": "same"})
    page = Page(response)

    assert response.status_code == 422
    assert page.focused_names == [focus]
    assert sentence in page.text
    assert page.value("key") == "same"
    assert "is-invalid" in [*page.all("input", name=focus), *page.all("textarea", name=focus)][0]["class"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize("key", ["", "\0", "k" * 1000, "é\u2028"])
def test_a_key_that_was_tampered_with_does_no_harm(key: str, client: Client) -> None:
    assert client.post("/customers/new/", ADA | {"key": key}).status_code == 303


def test_an_edit_is_saved(client: Client, ada: Customer) -> None:
    path = f"/customers/{ada.pk}/edit/"
    form = Page(client.get(path))
    assert form.value("name") == "Ada"

    response = client.post(path, ADA | form.snapshot())

    assert (response.status_code, response["Location"]) == (303, f"/customers/{ada.pk}/")
    assert Customer.objects.get().email == "ada@example.com"


def test_an_edit_of_an_old_page_shows_both_values_first(client: Client, ada: Customer) -> None:
    path = f"/customers/{ada.pk}/edit/"
    saw = saw_form(client, ada, version=1)
    client.post(path, {"name": "Ada", "phone": "theirs"} | saw)

    response = client.post(path, {"name": "Ada", "phone": "mine"} | saw)
    page = Page(response)

    assert response.status_code == 409
    assert "Phone not known theirs mine" in page.text
    assert page.value("phone") == "mine"
    assert page.snapshot() == Page(client.get(path)).snapshot() != saw
    assert Customer.objects.get().phone == "theirs"

    assert client.post(path, {"name": "Ada", "phone": "mine"} | page.snapshot()).status_code == 303
    assert Customer.objects.get().phone == "mine"


def test_mending_an_error_keeps_what_somebody_saved_meanwhile(client: Client, ada: Customer) -> None:
    path = f"/customers/{ada.pk}/edit/"
    saw = Page(client.get(path)).snapshot()
    client.post(path, {"name": "Ada", "phone": "theirs"} | saw)

    page = Page(client.post(path, {"name": "", "phone": "mine"} | saw))
    response = client.post(path, {"name": "Ada", "phone": "mine"} | page.snapshot())

    assert response.status_code == 409
    assert Customer.objects.get().phone == "theirs"


@pytest.mark.parametrize("version", [0, -1, 2, 9**50])
def test_a_version_that_never_was_counts_as_old(version: int, client: Client, ada: Customer) -> None:
    data = {"name": "Eve"} | saw_form(client, ada, version)
    response = client.post(f"/customers/{ada.pk}/edit/", data)

    assert response.status_code == 409
    assert Customer.objects.get().name == "Ada"


def test_retiring_hides_from_the_list_until_it_is_back(client: Client, ada: Customer) -> None:
    page = Page(client.post(f"/customers/{ada.pk}/retire/", follow=True))
    assert "Retired" in page.text
    assert "Ada was retired." in page.text
    assert "Ada" not in Page(client.get("/customers/")).text

    page = Page(client.post(f"/customers/{ada.pk}/retire/", {"active": "1"}, follow=True))
    assert "Ada is back." in page.text
    assert "Ada" in Page(client.get("/customers/")).text


def test_deleting_asks_first(client: Client, ada: Customer) -> None:
    assert "This cannot be undone." in Page(client.get(f"/customers/{ada.pk}/delete/")).text
    assert Customer.objects.exists()

    response = client.post(f"/customers/{ada.pk}/delete/")

    assert (response.status_code, response["Location"]) == (303, "/customers/")
    assert not Customer.objects.exists()


def test_a_customer_with_orders_cannot_be_deleted_but_retired(client: Client, ada: Customer) -> None:
    DraftFactory(customer=ada)
    response = client.post(f"/customers/{ada.pk}/delete/")

    assert response.status_code == 409
    assert (
        "Ada has orders or credit notes and cannot be deleted. Retire the customer instead."
        in Page(response).text
    )
    assert Page(response).all("form", action=f"/customers/{ada.pk}/retire/")


def test_a_customers_page_shows_recent_orders(client: Client, ada: Customer) -> None:
    order = PlacedFactory(customer=ada)
    other = PlacedFactory()

    page = client.get(f"/customers/{ada.pk}/").content.decode()

    assert order.reference in page
    assert other.reference not in page


def test_a_customer_deleted_meanwhile_is_not_found(client: Client, ada: Customer) -> None:
    customers.delete_customer(customer_id=ada.pk)

    for step in ("", "edit/", "delete/"):
        assert client.get(f"/customers/{ada.pk}/{step}").status_code == 404
    for step in ("edit/", "delete/", "retire/"):
        assert client.post(f"/customers/{ada.pk}/{step}", ADA).status_code == 404

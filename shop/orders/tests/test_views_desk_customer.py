"""The desk, as a browser uses it: customer, note, and how an order is put aside."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.models import Customer, Order, User
from shop.orders.services import drafts
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    only_line,
    place,
    seen,
)
from testing.pages import HTMX, Page, post_step, signed_in
from testing.snapshots import saw_customer, saw_note, saw_quantity, saw_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def order(clerk: User) -> Order:
    return drafts.open_draft(staff_id=clerk.pk)


def test_a_customer_is_found_by_the_last_digits_of_the_phone(client: Client, order: Order) -> None:
    CustomerFactory(name="Ada", phone="555 1234")
    CustomerFactory(name="Bob", phone="555 9999")
    response = post_step(client, order, "customer", {"text": "1234"} | saw_customer(client, order), **HTMX)

    assert response.status_code == 200
    assert response["HX-Trigger-After-Settle"] == '{"shop:focus": {"id": "add-text"}}'
    assert "Ada 555 1234" in Page(response).text
    assert Order.objects.get(pk=order.pk).customer_name == "Ada"


def test_several_customers_are_offered(client: Client, order: Order) -> None:
    CustomerFactory(name="Ada B")
    chosen = CustomerFactory(name="Ada A")
    response = post_step(client, order, "customer", {"text": "ada"})
    page = Page(client.get(response["Location"]))

    assert page.all("button", name="customer")[0]["value"] == str(chosen.pk)
    assert page.focused_names == ["text"]
    post_step(
        client, order, "customer", {"text": "ada", "customer": str(chosen.pk)} | page.snapshot("customer/")
    )
    assert Order.objects.get(pk=order.pk).customer == chosen


@pytest.mark.parametrize(
    ("typed", "name", "phone"), [("Zoë Groß", "Zoë Groß", ""), ("+49 (170) 12", "", "+49 (170) 12")]
)
def test_an_unknown_customer_is_made_from_what_was_typed(
    typed: str, name: str, phone: str, client: Client, order: Order
) -> None:
    response = post_step(client, order, "customer", {"text": typed})
    page = Page(client.get(response["Location"]))
    assert (page.value("name"), page.value("phone")) == (name, phone)
    assert page.focused_names == ["phone" if name else "name"]

    data = {"name": name or "Ada", "phone": phone or "1", "key": page.value("key")}
    data |= page.snapshot("customer/new/")
    for _ in range(2):
        assert post_step(client, order, "customer/new", data).status_code == 303
    assert Order.objects.get(pk=order.pk).customer == Customer.objects.get()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_new_customer_needs_a_name(headers: dict[str, str], client: Client, order: Order) -> None:
    data = {"name": "", "phone": "1"} | saw_customer(client, order)
    response = post_step(client, order, "customer/new", data, **headers)

    assert response.status_code == 422
    assert Page(response).focused_names == ["name"]
    assert not Customer.objects.exists()


def test_who_may_not_make_customers_makes_none(order: Order) -> None:
    helper = UserFactory()
    wanted = Permission.objects.filter(
        content_type__app_label="shop", codename__in=["view_order", "change_order"]
    )
    helper.user_permissions.set(wanted)

    assert post_step(signed_in(helper), order, "customer/new", {"name": "Ada"}).status_code == 403
    assert not Customer.objects.exists()


def test_a_customer_somebody_else_chose_is_shown_and_not_overwritten(
    client: Client, order: Order, manager: User
) -> None:
    ada = CustomerFactory(name="Ada")
    CustomerFactory(name="Bob")
    other = signed_in(manager)
    post_step(other, order, "customer", {"customer": str(ada.pk)} | saw_customer(other, order))
    response = post_step(client, order, "customer", {"text": "bob"} | saw_customer(client, order), **HTMX)

    assert response.status_code == 409
    assert "Somebody else set the customer to Ada." in Page(response).text
    assert "HX-Trigger-After-Settle" not in response


def test_another_customer_and_a_walk_in(client: Client) -> None:
    ada = CustomerFactory()
    order = DraftFactory(customer=ada)
    response = post_step(client, order, "customer", {"clear": "1"} | saw_customer(client, order, ada), **HTMX)

    assert "customer-text" in response["HX-Trigger-After-Settle"]
    assert Order.objects.get(pk=order.pk).customer is None


def test_a_note_is_kept_with_its_lines_and_never_overwritten(
    client: Client, order: Order, manager: User
) -> None:
    saw_nothing = saw_note(client, order)
    assert post_step(client, order, "note", {"note": "Ring\r\ntwice"} | saw_nothing).status_code == 303
    other = signed_in(manager)
    data = {"note": "x"} | saw_note(other, order, "Ring\ntwice")
    assert post_step(other, order, "note", data, **HTMX).status_code == 200
    response = post_step(client, order, "note", {"note": "mine"} | saw_nothing, **HTMX)
    page = Page(response)

    assert response.status_code == 409
    assert "Somebody else wrote a note meanwhile: “x”" in page.text
    assert "mine" in page.text
    assert page.snapshot("note/") == saw_note(client, order, "x")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_note_that_is_too_long_stays_typed(headers: dict[str, str], client: Client, order: Order) -> None:
    response = post_step(client, order, "note", {"note": "n" * 2001} | saw_note(client, order), **headers)

    assert response.status_code == 422
    assert "n" * 2001 in Page(response).text
    assert "at most 2000 characters" in Page(response).text


def test_a_parked_draft_waits_on_the_home_page(client: Client) -> None:
    order = DraftFactory()
    response = post_step(client, order, "park", {})
    page = Page(client.get(response["Location"]))

    assert response["Location"] == "/"
    assert f"{order.reference} is parked. It waits under open drafts." in page.text
    assert "Parked" in page.text


def test_a_discarded_draft_is_brought_back_from_its_page(client: Client) -> None:
    order = DraftFactory()
    page = Page(client.get(post_step(client, order, "discard", {})["Location"]))
    assert "Bring back" in page.text

    response = post_step(client, order, "reopen", {})
    assert "Add a line" in Page(client.get(response["Location"])).text


STEPS: list[tuple[str, dict[str, str]]] = [
    ("lines", {"text": "lamp"}),
    ("lines", {"text": "product"}),
    ("lines", {"text": ""}),
    ("customer", {"text": "nobody"}),
    ("customer", {"customer": "{ada}"}),
    ("customer/new", {"name": "Ada"}),
    ("customer/new", {"name": ""}),
    ("note", {"note": "x"}),
    ("note", {"note": "x" * 2001}),
    ("lines/{line}", {"quantity": "9"}),
    ("lines/{line}", {"quantity": "x"}),
]


def make_snapshot(client: Client, name: str, order: Order) -> dict[str, str]:
    """Returns the snapshot that the form of this step sends."""
    if name == "lines/{line}":
        return saw_quantity(client, only_line(order), 1)
    return saw_note(client, order) if name == "note" else saw_customer(client, order)


@pytest.mark.parametrize(("name", "data"), STEPS)
def test_a_step_on_an_order_placed_meanwhile_leads_to_the_order(
    name: str, data: dict[str, str], client: Client
) -> None:
    order = DraftFactory(lines=[ProductFactory(name="Lamp product")])
    ProductFactory(name="Product")
    words = {"line": only_line(order).pk, "ada": CustomerFactory().pk}
    data = {field: value.format(**words) for field, value in data.items()}
    data |= make_snapshot(client, name, order)
    place(order, UserFactory())
    with_htmx = post_step(client, order, name.format(**words), data, **HTMX)
    without = post_step(client, order, name.format(**words), data)

    assert (with_htmx.status_code, with_htmx["HX-Redirect"]) == (200, order.get_absolute_url())
    assert (without.status_code, without["Location"]) == (303, order.get_absolute_url())
    assert Order.objects.get(pk=order.pk).note == ""


@pytest.mark.parametrize("name", ["park", "discard", "accept"])
def test_a_placed_order_refuses_what_is_for_drafts(name: str, client: Client) -> None:
    order = PlacedFactory()
    response = post_step(client, order, name, saw_review(client, order, seen(order)))

    assert response.status_code == 409
    assert f"{order.reference} is placed by now and cannot be changed at the desk." in Page(response).text


def test_everything_is_there_again_after_a_refresh_by_somebody_else(manager: User) -> None:
    order = DraftFactory(
        lines=[(ProductFactory(name="Lamp"), 3)], customer=CustomerFactory(name="Ada"), note="Ring"
    )
    page = Page(signed_in(manager).get(order.get_absolute_url()))

    assert all(part in page.text for part in ("Ada", "Lamp", "Ring", "Subtotal $30.00"))
    assert page.focused_names == ["text"]
    assert "autofocus" in page.all("input", id="add-text")[0]

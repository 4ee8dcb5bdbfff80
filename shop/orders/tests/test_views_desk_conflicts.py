"""The panel of a conflict at the desk, and its two ways on."""

import pytest
from django.test import Client

from shop.models import Customer, Order, Product
from shop.products import services as products
from testing.factories import CustomerFactory, DraftFactory, only_line
from testing.pages import HTMX, Page, post_step
from testing.snapshots import saw_customer, saw_note, saw_quantity

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(lamp: Product) -> Order:
    return DraftFactory(lines=[(lamp, 3)])


def offers(page: Page, field: str, action: str) -> tuple[dict[str, str], list[str]]:
    """Returns what the conflict panel shows, and the values of its two buttons."""
    return page.snapshot(action), [button["value"] for button in page.all("button", name=field)][:2]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_quantity_can_be_accepted_or_kept(
    headers: dict[str, str], clerks: Client, managers: Client, order: Order
) -> None:
    line = only_line(order)
    path = f"lines/{line.pk}"
    post_step(managers, order, path, {"quantity": "5"} | saw_quantity(managers, line, 3))
    mine = {"quantity": "7"} | saw_quantity(clerks, line, 3)
    page = Page(post_step(clerks, order, path, mine, **headers))

    assert "Lamp, quantity 3 5 7" in page.text
    assert "Last changed by manager, " in page.text
    saw_five = saw_quantity(clerks, line, 5)
    assert offers(page, "quantity", f"{path}/") == (saw_five, ["5", "7"])
    assert page.focused_names == ([] if headers else ["h2"])
    assert len([attrs for _, attrs in page.elements if "data-focus" in attrs]) == bool(headers)
    if headers:
        said = "Somebody else changed Lamp from 3 to 5. Lamp, quantity: was 3, is now 5, yours is 7."
        assert f"{said} Last changed by manager, " in page.text

    version = Order.objects.get().version
    for _ in range(2):
        accepted = post_step(clerks, order, path, {"quantity": "5"} | saw_five)
        assert accepted.status_code == 303
    assert Order.objects.get().version == version
    for _ in range(2):
        assert post_step(clerks, order, path, {"quantity": "7"} | saw_five).status_code == 303
    assert only_line(order).quantity == 7


def test_accepting_what_is_no_more_is_shown_again(clerks: Client, managers: Client, order: Order) -> None:
    line = only_line(order)
    path = f"lines/{line.pk}"
    post_step(managers, order, path, {"quantity": "6"} | saw_quantity(managers, line, 3))
    response = post_step(clerks, order, path, {"quantity": "5"} | saw_quantity(clerks, line, 5))

    assert response.status_code == 409
    assert "Lamp, quantity 5 6 5" in Page(response).text


def test_a_removed_line_can_be_left_or_brought_back_once(
    clerks: Client, managers: Client, order: Order
) -> None:
    line = only_line(order)
    path = f"lines/{line.pk}"
    post_step(managers, order, path, {"quantity": "0"} | saw_quantity(managers, line, 3))
    mine = {"quantity": "7"} | saw_quantity(clerks, line, 3)
    page = Page(post_step(clerks, order, path, mine))

    assert "Somebody else removed Lamp." in page.text
    assert "Lamp, quantity 3 none 7" in page.text
    saw_none = saw_quantity(clerks, line, 0)
    assert offers(page, "quantity", f"{path}/") == (saw_none, ["0", "7"])

    kept = mine | saw_none
    assert post_step(clerks, order, path, kept | {"quantity": "0"}).status_code == 303
    assert not order.lines.exists()
    for _ in range(2):
        assert post_step(clerks, order, path, kept).status_code == 303
    assert (only_line(order).quantity, Order.objects.get().subtotal) == (7, 70)
    assert post_step(clerks, order, path, kept | {"quantity": "8"}).status_code == 409


def test_a_line_that_was_removed_and_added_again_is_the_same_line(
    clerks: Client, managers: Client, order: Order
) -> None:
    line = only_line(order)
    path = f"lines/{line.pk}"
    post_step(managers, order, path, {"quantity": "0"} | saw_quantity(managers, line, 3))
    post_step(managers, order, "lines", {"text": "L"})
    page = Page(post_step(clerks, order, path, {"quantity": "7"} | saw_quantity(clerks, line, 3)))

    saw_one = saw_quantity(clerks, line, 1)
    assert offers(page, "quantity", f"{path}/") == (saw_one, ["1", "7"])
    post_step(clerks, order, path, {"quantity": "7"} | saw_one)
    assert only_line(order).quantity == 7


def test_a_removed_line_of_a_retired_product_does_not_come_back(
    clerks: Client, order: Order, lamp: Product
) -> None:
    line = only_line(order)
    path = f"lines/{line.pk}"
    post_step(clerks, order, path, {"quantity": "0"} | saw_quantity(clerks, line, 3))
    products.set_product_active(product_id=lamp.pk, active=False, staff_id=None)
    response = post_step(clerks, order, path, {"quantity": "7"} | saw_quantity(clerks, line, 0))

    assert response.status_code == 422
    assert "Lamp (L) is retired and cannot be ordered." in Page(response).text
    assert not order.lines.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_note_can_be_accepted_or_kept(
    headers: dict[str, str], clerks: Client, managers: Client, order: Order
) -> None:
    post_step(managers, order, "note", {"note": "Ring\ntwice"} | saw_note(managers, order))
    page = Page(post_step(clerks, order, "note", {"note": "Knock"} | saw_note(clerks, order), **headers))

    assert "Note – Ring twice Knock" in page.text
    seen = saw_note(clerks, order, "Ring\ntwice")
    assert offers(page, "note", "note/") == (seen, ["Ring\ntwice", "Knock"])
    if not headers:
        assert page.focused_names == ["h2"]
    assert post_step(clerks, order, "note", seen | {"note": "Ring\r\ntwice"}).status_code == 303
    assert Order.objects.get().note == "Ring\ntwice"
    assert post_step(clerks, order, "note", seen | {"note": "Knock"}).status_code == 303
    assert Order.objects.get().note == "Knock"


def test_a_long_note_is_not_said_to_its_end(clerks: Client, managers: Client, order: Order) -> None:
    post_step(managers, order, "note", {"note": "n" * 2000} | saw_note(managers, order))
    page = Page(post_step(clerks, order, "note", {"note": "Knock"} | saw_note(clerks, order), **HTMX))

    assert f"is now {'n' * 79}…, yours is Knock." in page.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_customer_can_be_accepted_or_kept(
    headers: dict[str, str], clerks: Client, managers: Client, order: Order
) -> None:
    ada, bob = CustomerFactory(name="Ada"), CustomerFactory(name="Bob")
    post_step(managers, order, "customer", {"customer": str(ada.pk)} | saw_customer(managers, order))
    page = Page(
        post_step(
            clerks, order, "customer", {"customer": str(bob.pk)} | saw_customer(clerks, order), **headers
        )
    )

    assert "Customer Walk-in Ada Bob" in page.text
    saw_ada = saw_customer(clerks, order, ada)
    assert offers(page, "customer", "customer/") == (saw_ada, [str(ada.pk), str(bob.pk)])
    for chosen in (ada, ada, bob, bob):
        assert post_step(clerks, order, "customer", {"customer": str(chosen.pk)} | saw_ada).status_code == 303
        assert Order.objects.get().customer == chosen


def test_a_customer_cleared_by_somebody_else_can_stay_away(clerks: Client, managers: Client) -> None:
    ada, bob = CustomerFactory(name="Ada"), CustomerFactory(name="Bob")
    order = DraftFactory(customer=ada)
    post_step(managers, order, "customer", {"clear": "1"} | saw_customer(managers, order, ada))
    page = Page(
        post_step(clerks, order, "customer", {"customer": str(bob.pk)} | saw_customer(clerks, order, ada))
    )

    assert "Customer Ada Walk-in Bob" in page.text
    saw_nobody = saw_customer(clerks, order)
    assert offers(page, "customer", "customer/") == (saw_nobody, ["", str(bob.pk)])
    post_step(clerks, order, "customer", {"customer": ""} | saw_nobody)
    assert Order.objects.get().customer is None


def test_a_customer_made_at_the_desk_waits_in_its_form(
    clerks: Client, managers: Client, order: Order
) -> None:
    ada = CustomerFactory(name="Ada")
    post_step(managers, order, "customer", {"customer": str(ada.pk)} | saw_customer(managers, order))
    page = Page(
        post_step(clerks, order, "customer/new", {"name": "Cleo", "phone": "5"} | saw_customer(clerks, order))
    )

    assert "Customer Walk-in Ada Cleo" in page.text
    assert (page.value("name"), page.value("phone")) == ("Cleo", "5")
    assert page.all("button", form="new-customer")
    assert not Customer.objects.exclude(pk=ada.pk).exists()
    data = {"name": "Cleo", "phone": "5"} | page.snapshot("customer/new/")
    assert post_step(clerks, order, "customer/new", data).status_code == 303
    assert Order.objects.get().customer_name == "Cleo"


def test_the_desk_says_who_else_changed_it_last(clerks: Client, managers: Client, order: Order) -> None:
    post_step(managers, order, "note", {"note": "Ring"} | saw_note(managers, order))
    path = order.get_absolute_url()

    assert "Last changed by manager, " in Page(clerks.get(path)).text
    assert "Last changed by" not in Page(managers.get(path)).text


def test_another_window_of_ones_own_is_told_as_such(clerks: Client, order: Order) -> None:
    line = only_line(order)
    path, seen = f"lines/{line.pk}", saw_quantity(clerks, line, 3)
    post_step(clerks, order, path, {"quantity": "5"} | seen)
    page = Page(post_step(clerks, order, path, {"quantity": "7"} | seen))

    assert "Somebody changed Lamp from 3 to 5." in page.text
    assert "Last changed by you, " in page.text

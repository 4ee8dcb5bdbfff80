"""The pages of returns: shown first, then confirmed."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.models import Order, Return, User
from shop.returns.tests.steps import allow, cancel, check_order, get_lines, give_back, keep_balance, sell
from testing.factories import PlacedFactory, ProductFactory, in_stock
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def order() -> Order:
    """Ten units for 179.25, with tax."""
    return sell("10 × 23.90 @ 20 -25%")


def show(client: Client, order: Order, name: str, status: int = 200, **fields: Any) -> Page:
    """Sends the form as its page does, which shows what would happen."""
    path = f"{order.get_absolute_url()}{name}/"
    response: Any = client.post(path, fields) if name == "return" else client.get(path, fields)
    assert response.status_code == status
    return Page(response)


def confirm(client: Client, order: Order, name: str, page: Page, status: int = 303) -> Page:
    fields = {field: page.value(field) for field in ("key", "snapshot")}
    response: Any = client.post(f"{order.get_absolute_url()}{name}/", fields)
    assert response.status_code == status
    return Page(client.get(response.url)) if status == 303 else Page(response)


def units(order: Order, quantity: Any, line: int = 0) -> dict[str, Any]:
    return {f"units_{get_lines(order)[line].pk}": quantity}


def test_a_return_is_shown_with_its_reason_and_then_taken(client: Client, order: Order, clerk: User) -> None:
    give_back(order, {get_lines(order)[0]: 3})

    page = show(client, order, "return", **units(order, 3), reason="wrong size", restock="on")

    why = "$179.25 × 6 ÷ 10 is $107.55 for 6 of 10 units sold, less $53.78 for the 3 that came back before."
    assert why in page.text
    assert "Take back $53.77?" in page.text
    assert "$44.80 net and $8.97 tax. Then $71.70 is to pay." in page.text
    assert Return.objects.count() == 1

    page = confirm(client, order, "return", page)

    made = Return.objects.get(reason="wrong size")
    assert (made.gross, made.author) == (Decimal("53.77"), clerk)
    assert f"Taken back from {order.reference}: $53.77." in page.text
    assert why in page.text
    assert "$179.25 × 3 ÷ 10 is $53.78 (rounded) for 3 of 10 units sold." in page.text
    assert "Returned in all $107.55" in page.text
    check_order(order)


def test_a_return_has_a_field_for_each_line_of_the_longest_orders(client: Client, order: Order) -> None:
    others = {f"units_{10**18 + number}": "" for number in range(1_200)}

    page = show(client, order, "return", **others, **units(order, 1), reason="broken")

    assert "Take back $17.93?" in page.text
    assert Return.objects.count() == 0


def test_a_link_fills_in_the_form_of_a_return(client: Client, order: Order) -> None:
    fields = {**units(order, 1), "reason": "broken"}

    assert "Take back $17.93?" in Page(client.get(f"{order.get_absolute_url()}return/", fields)).text


def test_sending_a_confirmation_twice_takes_back_once(client: Client, order: Order) -> None:
    page = show(client, order, "return", **units(order, 1), reason="broken")

    confirm(client, order, "return", page)
    confirm(client, order, "return", page)

    assert Return.objects.count() == 1


def test_what_came_back_meanwhile_is_seen_before_anything_is_stored(client: Client, order: Order) -> None:
    [line] = get_lines(order)
    page = show(client, order, "return", **units(order, 8), reason="broken")
    give_back(order, {line: 3})

    page = confirm(client, order, "return", page, 409)

    assert "Only 7 are left that can come back." in page.text
    assert Return.objects.count() == 1
    page = show(client, order, "return", **units(order, 2), reason="broken")
    allow(line, "20.00")

    page = confirm(client, order, "return", page, 409)

    assert "You saw $35.85; now it is $30.13." in page.text
    assert "$105.47 × 2 ÷ 7 is $30.13 (rounded) for 2 of 7 units left after" in page.text
    confirm(client, order, "return", page)
    assert Return.objects.order_by("-id")[0].gross == Decimal("30.13")
    check_order(order)


@pytest.mark.parametrize("restock", [True, False])
def test_the_box_decides_about_stock(restock: bool, client: Client) -> None:
    lamp = ProductFactory(stock=5)
    order = PlacedFactory(lines=[(lamp, 3)])

    page = show(
        client, order, "return", **units(order, 2), reason="x", **({"restock": "on"} if restock else {})
    )
    assert ("checked" in page.all("input", name="restock")[0]) is restock
    confirm(client, order, "return", page)

    assert in_stock(lamp) == (4 if restock else 2)


@pytest.mark.parametrize(
    ("quantity", "reason", "sentence"),
    [
        ("11", "x", "Only 10 are left that can come back."),
        ("-1", "x", "greater than or equal to 0"),
        ("one", "x", "Enter a whole number."),
        ("", "x", "Enter how many units of a line come back."),
        ("0", "x", "Enter how many units of a line come back."),
        ("1", "", "This field is required."),
        ("1", " ", "This field is required."),
        ("1", "a\u202eb", "hidden character"),
    ],
)
def test_what_cannot_come_back_is_refused(quantity, reason, sentence, client: Client, order: Order) -> None:
    page = show(client, order, "return", 422, **units(order, quantity), reason=reason)

    assert sentence in page.text
    assert not page.all("input", name="snapshot")


def test_a_price_is_lowered(client: Client, order: Order, clerk: User) -> None:
    [line] = get_lines(order)
    give_back(order, {line: 3})

    page = show(client, order, "allowance", line=line.pk, amount="20.00", reason="scratched")

    why = "$20.00 off the $125.47 for 7 units kept, which leaves $105.47."
    assert why in page.text
    page = confirm(client, order, "allowance", page)
    made = Return.objects.get(kind="allowance")
    assert (made.gross, made.reason, made.author) == (20, "scratched", clerk)
    assert f"$20.00 was taken off {order.reference}." in page.text
    assert why in page.text
    check_order(order)


def test_an_allowance_needs_what_was_left_when_it_was_shown(client: Client, order: Order) -> None:
    [line] = get_lines(order)
    page = show(client, order, "allowance", line=line.pk, amount="100.00", reason="x")
    give_back(order, {line: 5})

    page = confirm(client, order, "allowance", page, 409)

    assert "You saw $179.25; now it is $89.62." in page.text
    assert "Only $89.62 is left of the line." in page.text
    assert not Return.objects.filter(kind="allowance").exists()


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("179.26", "Only $179.25 is left of the line."),
        ("0", "more than 0"),
        ("-1", "0 or more"),
        ("1.005", "2 decimal"),
    ],
)
def test_an_amount_off_is_checked(amount: str, sentence: str, client: Client, order: Order) -> None:
    [line] = get_lines(order)

    page = show(client, order, "allowance", 422, line=line.pk, amount=amount, reason="x")

    assert sentence in page.text


def test_a_line_of_another_order_cannot_be_chosen(client: Client, order: Order) -> None:
    other = get_lines(PlacedFactory())[0]

    page = show(client, order, "allowance", 422, line=other.pk, amount="1", reason="x")

    assert "not one of the available choices" in page.text


@pytest.mark.parametrize("name", ["return", "allowance"])
def test_a_cancelled_order_has_no_such_page(name: str, client: Client, order: Order) -> None:
    page = show(client, order, "return", **units(order, 1), reason="x")
    cancel(order)

    assert client.get(f"{order.get_absolute_url()}{name}/").status_code == 303
    response: Any = client.post(
        f"{order.get_absolute_url()}return/", {field: page.value(field) for field in ("key", "snapshot")}
    )
    assert response.status_code == 303
    assert Return.objects.get().kind == "cancellation"
    sentence = f"{order.reference} is cancelled: only what was sold and is not cancelled can come back."
    assert sentence in Page(client.get(response.url)).text


@pytest.mark.parametrize("name", ["return", "allowance"])
def test_nothing_left_is_said(name: str, client: Client) -> None:
    order = PlacedFactory()
    give_back(order, {get_lines(order)[0]: 1})

    page = show(client, order, name)

    assert "To the order" in page.text
    assert not page.all("input", name="reason")


def test_a_cancelled_order_shows_its_return(client: Client) -> None:
    order = keep_balance(PlacedFactory(lines=[ProductFactory(name="Lamp")]))
    cancel(order)

    page = Page(client.get(order.get_absolute_url()))

    assert "Cancelled cancelled," in page.text
    assert "Lamp : $10.00 for 1 unit sold." in page.text
    assert "Take back…" not in page.text


def test_only_who_may_take_back_is_offered_it(order: Order) -> None:
    reader = User.objects.create_user("reader")
    reader.user_permissions.add(Permission.objects.get(codename="view_order"))

    assert "Take back…" not in Page(signed_in(reader).get(order.get_absolute_url())).text
    assert signed_in(reader).get(f"{order.get_absolute_url()}return/").status_code == 403

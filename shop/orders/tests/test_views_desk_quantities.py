"""Quantities of a draft's lines: changed, removed, brought back, refused."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.models import Order, Product, User
from shop.orders.services import drafts
from shop.taxes.services import set_tax_rate
from testing.factories import CustomerFactory, DraftFactory, ProductFactory, UserFactory, only_line
from testing.pages import HTMX, Page, post_step, signed_in
from testing.products import make_taxed_product
from testing.snapshots import saw_quantity

from .discounts import give_line, percent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def order(clerk: User) -> Order:
    return drafts.open_draft(staff_id=clerk.pk)


def lines(order: Order) -> list[tuple[str, int]]:
    return list(order.lines.values_list("name", "quantity"))


def update(client: Client, order: Order, quantity: str, seen: int, **headers: str) -> Any:
    line = only_line(order)
    data = {"quantity": quantity} | saw_quantity(client, line, seen)
    return post_step(client, order, f"lines/{line.pk}", data, **headers)


def test_a_quantity_is_changed(client: Client) -> None:
    order = DraftFactory()

    assert update(client, order, "4", 1).status_code == 303
    assert "Subtotal $50.00" in Page(update(client, order, "5", 4, **HTMX)).text


def test_a_removed_line_can_be_brought_back_from_the_message(client: Client) -> None:
    order = DraftFactory(lines=[(ProductFactory(name="Lamp"), 3)])
    response = update(client, order, "0", 3)
    page = Page(client.get(response["Location"]))

    assert "3 × Lamp removed." in page.text
    assert lines(order) == []
    post_step(client, order, "lines", {name: page.value(name) for name in ("product", "quantity")})
    assert lines(order) == [("Lamp", 3)]


def test_removing_with_htmx_offers_the_undo_in_the_same_answer(client: Client) -> None:
    order = DraftFactory(lines=[(ProductFactory(name="Lamp"), 3)])
    page = Page(update(client, order, "0", 3, **HTMX))

    assert page.value("quantity") == "3"
    assert "3 × Lamp removed." in page.text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("what", ["discount", "price", "nothing"])
def test_an_undo_says_what_does_not_come_back(what: str, headers: dict[str, str], client: Client) -> None:
    order = DraftFactory(lines=[(ProductFactory(name="Lamp"), 3)])
    if what == "discount":
        give_line(order, percent(10))
    if what == "price":
        Product.objects.update(unit_price=Decimal("99.00"))

    answer = update(client, order, "0", 3, **headers)
    text = Page(answer if headers else client.get(answer["Location"])).text

    assert "3 × Lamp removed. Undo" in text
    assert ("at today's price, without a discount" in text) == (what != "nothing")


def test_a_line_is_removed_though_another_one_has_no_tax_rate(client: Client) -> None:
    lamp, mug = make_taxed_product("5.00", "19", name="Lamp"), make_taxed_product("2.00", "19", name="Mug")
    order = DraftFactory(lines=[lamp, (mug, 2)])
    set_tax_rate(code="LATER", percent=Decimal(7), valid_from=datetime.date(2999, 1, 1))
    Product.objects.update(tax_class="LATER")
    line = order.lines.get(product=lamp)

    answer = post_step(
        client, order, f"lines/{line.pk}", {"quantity": "0"} | saw_quantity(client, line, 1), **HTMX
    )

    assert answer.status_code == 200
    assert lines(order) == [("Mug", 2)]
    assert Order.objects.get().subtotal == Decimal("4.00")


@pytest.mark.parametrize(
    ("typed", "words"), [("3*lampe", "lampe"), ("lampe", "lampe"), ("0*lamp", ""), ("", "")]
)
def test_a_product_is_offered_only_for_words_that_match_none(
    typed: str, words: str, managers: Client
) -> None:
    order = DraftFactory(lines=[ProductFactory(name="Lamp")])

    answer = post_step(managers, order, "lines", {"text": typed}, **HTMX)

    assert answer.status_code == 422
    offered = [link["href"] for link in Page(answer).all("a") if "products/new" in link["href"]]
    assert offered == ([f"/products/new/?name={words}"] if words else [])


def test_more_matches_than_are_offered_are_not_counted(client: Client) -> None:
    for number in range(9):
        ProductFactory(name=f"Lamp {number}")
        CustomerFactory(name=f"Ada {number}")
    order = DraftFactory(lines=[])

    lamps = Page(post_step(client, order, "lines", {"text": "lamp"}, **HTMX)).text
    adas = Page(post_step(client, order, "customer", {"text": "ada"}, **HTMX)).text

    assert "More than 8 products match. Choose one." in lamps
    assert "More than 8 customers match. Choose one." in adas


def test_customers_are_searched_only_by_who_may_see_them(client: Client, clerk: User) -> None:
    CustomerFactory(name="Ada", phone="5551234")
    order = DraftFactory(lines=[])
    seller = UserFactory()
    names = ["view_order", "change_order"]
    seller.user_permissions.set(Permission.objects.filter(content_type__app_label="shop", codename__in=names))
    browser = signed_in(seller)

    assert post_step(browser, order, "customer", {"text": "ada"}).status_code == 403
    page = Page(browser.get(f"{order.get_absolute_url()}?customer=ada"))
    assert "5551234" not in page.text
    assert "5551234" in Page(client.get(f"{order.get_absolute_url()}?customer=ada")).text


@pytest.mark.parametrize(("quantity", "seen"), [("x", 1), ("", 1), ("-1", 1), ("1000001", 1)])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_quantity_that_is_none_is_said(
    quantity: str, seen: int, headers: dict[str, str], client: Client
) -> None:
    order = DraftFactory()
    response = update(client, order, quantity, seen, **headers)

    assert response.status_code == 422
    assert Page(response).all("div", role="alert")
    assert only_line(order).quantity == 1


def test_a_quantity_somebody_else_changed_is_shown_and_not_overwritten(client: Client, manager: User) -> None:
    order = DraftFactory(lines=[(ProductFactory(name="Lamp"), 2)])
    update(signed_in(manager), order, "5", 2)
    response = update(client, order, "7", 2, **HTMX)
    page = Page(response)

    assert response.status_code == 409
    assert "Somebody else changed Lamp from 2 to 5." in page.text
    line = only_line(order)
    assert page.snapshot(f"lines/{line.pk}/") == saw_quantity(client, line, 5)

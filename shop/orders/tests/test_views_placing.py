"""Review and place, in the browser."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.models import Order, Product, User
from shop.orders.services import drafts
from shop.orders.services.placing import SeenLine, SeenOrder
from shop.products import services as products
from shop.products import stock
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    in_stock,
    only_line,
    seen,
)
from testing.pages import Page, signed_in
from testing.products import reprice
from testing.snapshots import saw_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.fixture
def order(lamp: Product) -> Order:
    return DraftFactory(lines=[(lamp, 3)], customer=CustomerFactory(name="Ada"), note="Ring")


def review(client: Client, order: Order) -> Page:
    return Page(client.get(f"{order.get_absolute_url()}review/"))


def place(client: Client, order: Order, saw: dict[str, str]) -> Any:
    return client.post(f"{order.get_absolute_url()}place/", saw)


def accept(client: Client, order: Order) -> Any:
    return client.post(f"{order.get_absolute_url()}accept/", review(client, order).snapshot())


def test_the_review_shows_what_will_be_placed(client: Client, order: Order) -> None:
    page = review(client, order)

    assert all(part in page.text for part in ("Ada", "Lamp", "Ring", "Place for $30.00"))
    assert page.focused_names == ["tender"]


def test_what_was_reviewed_is_placed(client: Client, order: Order, clerk: User, lamp: Product) -> None:
    response = place(client, order, review(client, order).snapshot())
    page = Page(client.get(response["Location"]))

    assert (response.status_code, response["Location"]) == (303, order.get_absolute_url())
    assert f"{order.reference} is placed." in page.text
    assert "Placed by clerk" in page.text
    assert in_stock(lamp) == 2
    assert Order.objects.get().placed_by == clerk


def test_placing_again_by_back_or_another_tab_gives_the_same_order(
    client: Client, order: Order, lamp: Product
) -> None:
    saw = review(client, order).snapshot()
    answers = [place(client, order, saw) for _ in range(3)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, order.get_absolute_url())
    }
    assert in_stock(lamp) == 2
    assert client.get(f"{order.get_absolute_url()}review/")["Location"] == order.get_absolute_url()


def test_a_new_price_is_shown_and_can_be_accepted(client: Client, order: Order, lamp: Product) -> None:
    saw = review(client, order).snapshot()
    reprice(lamp, "12.00")
    response = place(client, order, saw)
    page = Page(response)

    assert response.status_code == 409
    assert "Nothing was placed." in page.text
    assert "Lamp, unit price $10.00 $12.00" in page.text
    assert not page.all("form", action=f"{order.get_absolute_url()}place/")
    assert (Order.objects.get().status, in_stock(lamp)) == ("draft", 5)

    accept(client, order)
    second_review = review(client, order)
    assert "Place for $36.00" in second_review.text
    assert place(client, order, second_review.snapshot()).status_code == 303
    assert Order.objects.get().subtotal == Decimal("36.00")


def test_what_another_clerk_added_is_shown_and_placed_on_the_second_yes(client: Client, order: Order) -> None:
    saw = review(client, order).snapshot()
    drafts.add_line(
        reference=order.reference,
        product_id=ProductFactory(name="Vase").pk,
        quantity=2,
        key="",
        staff_id=None,
    )
    page = Page(place(client, order, saw))

    assert "Vase not on the order 2" in page.text
    assert "Accept and place for $50.00" in page.text
    assert place(client, order, page.snapshot()).status_code == 303


def test_a_sold_out_order_offers_what_is_left(client: Client, order: Order, lamp: Product) -> None:
    stock.count_stock(product_id=lamp.pk, counted=1, staff_id=None, once=None)

    assert "Lamp, stock 3 wanted only 1 left" in review(client, order).text
    accept(client, order)
    assert only_line(order).quantity == 1


def test_when_nothing_is_left_nothing_can_be_placed(client: Client, order: Order, lamp: Product) -> None:
    products.set_product_active(product_id=lamp.pk, active=False, staff_id=None)
    accept(client, order)
    page = review(client, order)

    assert not page.all("form", action=f"{order.get_absolute_url()}place/")
    nothing = SeenOrder(None, (), Decimal(0))
    response = place(client, order, saw_review(client, order, nothing))
    assert response.status_code == 409
    assert "An order needs at least one line" in Page(response).text


def test_a_cancelled_draft_is_not_placed(client: Client, order: Order) -> None:
    saw = review(client, order).snapshot()
    drafts.discard_draft(reference=order.reference, staff_id=None)
    response = place(client, order, saw)

    assert response.status_code == 409
    assert "is cancelled and cannot be placed" in Page(response).text


@pytest.mark.parametrize(
    "saw",
    [
        "",
        "x",
        "[]",
        "{}",
        "null",
        "[null, null]",
        "[null, [[1]]]",
        "[Infinity, []]",
        "[NaN, []]",
        '["\\u0000", []]',
        "[[], []]",
        '[null, [[1, 1, "NaN", "x"]]]',
        '[null, [[1, 1, "sNaN", "x"]]]',
        '[null, [[1, 1, "Infinity", "x"]]]',
        '[null, [[1, 1, "1E+999999999", "x"]]]',
        '[null, [[1, 1, "-1", "x"]]]',
        "[null, [[1, 1, [], 1]]]",
        "[null, [[Infinity, 1, 1, 1]]]",
        "[" * 5000,
        "9" * 5000,
    ],
)
def test_what_no_review_page_carried_is_refused(saw: str, client: Client, order: Order) -> None:
    response = place(client, order, {"snapshot": saw})

    assert response.status_code == 422
    assert "Please review the order again before placing it." in Page(response).text
    assert Order.objects.get().status == "draft"


def test_lines_the_clerk_claims_to_have_seen_are_told_as_removed(client: Client, order: Order) -> None:
    ghost = SeenLine(2**62, 5, Decimal("1.00"), "<b>ghost</b>")
    saw = replace(seen(order), lines=(*seen(order).lines, ghost))
    response = place(client, order, saw_review(client, order, saw))

    assert response.status_code == 409
    assert "<b>ghost</b> 5 removed" in Page(response).text


def test_after_placing_the_order_is_printed_fulfilled_and_cancelled(client: Client, manager: User) -> None:
    order = PlacedFactory(lines=[(ProductFactory(name="Lamp"), 2)], customer=CustomerFactory(name="Ada"))
    path = order.get_absolute_url()
    assert "Lamp" in Page(client.get(f"{path}print/")).text

    assert f"{order.reference} is fulfilled." in Page(client.post(f"{path}fulfil/", follow=True)).text
    assert client.post(f"{path}cancel/").status_code == 403
    assert "Cancel order" not in Page(client.get(path)).text
    page = Page(signed_in(manager).post(f"{path}cancel/", follow=True))
    assert f"{order.reference} was cancelled; its stock is back." in page.text
    assert "cancelled" in Page(client.get(f"{path}print/")).text
    assert client.post(f"{path}fulfil/").status_code == 409


def test_a_clerk_cancels_a_placed_order_and_its_stock_is_back(client: Client, lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 2)])
    for _ in range(2):
        assert client.post(f"{order.get_absolute_url()}cancel/").status_code == 303

    assert in_stock(lamp) == 5


def test_a_duplicate_says_what_is_left_out_and_is_made_once(client: Client, lamp: Product) -> None:
    order = PlacedFactory(lines=[lamp, ProductFactory(name="Card")])
    products.set_product_active(product_id=lamp.pk, active=False, staff_id=None)
    key = Page(client.get(order.get_absolute_url())).value("key")
    path = f"{order.get_absolute_url()}duplicate/"
    page = Page(client.post(path, {"key": key}, follow=True))

    assert f"Copied {order.reference} at today's prices." in page.text
    assert "Not sold any more, so left out: Lamp." in page.text
    page = Page(client.post(path, {"key": key}, follow=True))
    assert "Not sold any more, so left out: Lamp." in page.text
    assert Order.objects.count() == 2


def test_the_home_page_counts_what_was_sold_today(client: Client, lamp: Product) -> None:
    PlacedFactory(lines=[(lamp, 5)])
    cancelled = PlacedFactory()
    client.post(f"{cancelled.get_absolute_url()}cancel/")
    page = Page(client.get("/"))

    # What was cancelled counts twice: on the day of its sale, and as a return of today.
    assert "Orders placed 2" in page.text
    assert "Sales $60.00" in page.text
    assert "Returns $10.00" in page.text
    assert "Lamp L sold out" in page.text

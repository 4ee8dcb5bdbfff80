"""Quantities of a draft's lines: changed, removed, brought back, refused."""

from typing import Any

import pytest
from django.test import Client

from shop.models import Order, User
from shop.orders.services import drafts
from testing.factories import DraftFactory, ProductFactory, only_line
from testing.pages import HTMX, Page, post_step, signed_in
from testing.snapshots import saw_quantity

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

"""Fulfilling several orders is undone by the same kind of action."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.models import User
from shop.orders.errors import OrderError
from shop.orders.services import placed_orders
from shop.returns import services as returns
from testing.bulk_actions import carry_out, list_references, read_statuses
from testing.factories import (
    DraftFactory,
    FulfilledFactory,
    PlacedFactory,
    ProductFactory,
    in_stock,
    version_of,
)
from testing.pages import Page, signed_in
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def test_fulfilling_is_undone_with_one_button(client: Client) -> None:
    lamp = ProductFactory(stock=10)
    first, draft, last = PlacedFactory(lines=[(lamp, 2)]), DraftFactory(), PlacedFactory(lines=[(lamp, 3)])

    result = carry_out(client, "fulfil", first, draft, last)
    offered = [box["value"] for box in result.all("input", name="order")]
    page = carry_out(client, "undo", first, last)

    assert offered == list_references(first, last)
    assert "Undo: put all 2 back to placed" in result.text
    assert "2 of 2 orders put back to placed" in page.text
    assert read_statuses(first, draft, last) == ["placed", "draft", "placed"]
    assert in_stock(lamp) == 5
    text = Page(client.get(first.get_absolute_url())).text
    assert re.search(r"Reopened by clerk [-0-9: ]+ Fulfilling was undone", text)


def test_an_undo_that_was_sent_twice_is_done_once() -> None:
    order = FulfilledFactory()

    for _ in range(2):
        assert (
            placed_orders.unfulfil_order(reference=order.reference, staff_id=None, allow_others=True).status
            == "placed"
        )

    assert [event.kind for event in order.events.all()] == ["opened", "placed", "fulfilled", "reopened"]


def test_an_order_that_was_undone_can_be_fulfilled_and_undone_again() -> None:
    order = FulfilledFactory()
    placed_orders.unfulfil_order(reference=order.reference, staff_id=None, allow_others=True)
    placed_orders.fulfil_order(reference=order.reference, staff_id=None)

    assert (
        placed_orders.unfulfil_order(reference=order.reference, staff_id=None, allow_others=True).status
        == "placed"
    )


def test_fulfilling_is_undone_for_half_an_hour_only() -> None:
    order = FulfilledFactory()
    now = timezone.now()
    order.events.filter(kind="fulfilled").update(created_at=now - timedelta(minutes=31))
    order.events.exclude(kind="fulfilled").update(created_at=now - timedelta(minutes=40))

    with raises_worded(OrderError, "was fulfilled too long ago to be undone"):
        placed_orders.unfulfil_order(reference=order.reference, staff_id=None, allow_others=True)
    assert read_statuses(order) == ["fulfilled"]


def test_fulfilling_is_not_undone_behind_a_later_change() -> None:
    order = FulfilledFactory()
    placed_orders.change_note(
        reference=order.reference, note="left at the door", seen_version=version_of(order), staff_id=None
    )

    with raises_worded(OrderError, "was changed since it was fulfilled"):
        placed_orders.unfulfil_order(reference=order.reference, staff_id=None, allow_others=True)


@pytest.mark.parametrize(("make", "status"), [(DraftFactory, "draft"), (PlacedFactory, "cancelled")])
def test_nothing_else_is_undone(make: type, status: str) -> None:
    order = make()
    if status == "cancelled":
        returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)

    with raises_worded(OrderError, f"is {status}: only fulfilling can be undone"):
        placed_orders.unfulfil_order(reference=order.reference, staff_id=None, allow_others=True)

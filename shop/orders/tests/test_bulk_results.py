"""The page that says what a bulk action did: under an address of its own, for a while."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.db.errors import Busy
from shop.management import clean_up
from shop.models import BulkResult, Order, Session, User
from shop.orders.services import placed_orders
from shop.orders.views import bulk
from testing.factories import DraftFactory, PlacedFactory, UserFactory
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

BULK = "/orders/bulk/"


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def references(*chosen: Order) -> list[str]:
    return [order.reference for order in chosen]


def statuses(*chosen: Order) -> list[str]:
    return [Order.objects.get(pk=order.pk).status for order in chosen]


def test_loading_the_result_again_does_nothing_again(client: Client) -> None:
    placed = PlacedFactory()
    response = client.post(BULK, {"action": "fulfil", "confirmed": "1", "order": placed.reference})
    placed_orders.unfulfil_order(reference=placed.reference, staff_id=None, allow_others=True)

    assert client.get(response["Location"]).status_code == 200
    assert statuses(placed) == ["placed"]


def test_the_result_has_a_short_address_that_says_nothing(client: Client) -> None:
    drafts = [DraftFactory(lines=[]) for _ in range(50)]
    form = {"action": "fulfil", "confirmed": "1", "order": references(*drafts), "list": "q=" + "x" * 900}

    response = client.post(BULK, form)

    assert re.fullmatch(r"/orders/bulk/results/[0-9a-f-]{36}/", response["Location"])
    page = Page(client.get(response["Location"]))
    assert "0 of 50 orders fulfilled" in page.text
    assert len(re.findall("is draft: only a placed order can be fulfilled", page.text)) == 50
    assert page.all("a", href=f"/orders/?q={'x' * 900}")


def test_results_stay_at_their_addresses_and_sessions_do_not_grow(client: Client) -> None:
    def session() -> int:
        return len(Session.objects.get().session_data)

    before = session()
    chosen = [PlacedFactory() for _ in range(7)]
    places = [
        client.post(BULK, {"action": "fulfil", "confirmed": "1", "order": references(order)})["Location"]
        for order in chosen
    ]

    for order, place in zip(chosen, places, strict=True):
        for _ in range(2):
            assert f"{order.reference} Fulfilled" in Page(client.get(place)).text
    assert session() == before


@pytest.mark.parametrize("name", ["x", "0", "00000000-0000-4000-8000-000000000000"])
def test_a_result_that_nobody_has_does_not_exist(name: str, client: Client) -> None:
    assert client.get(f"/orders/bulk/results/{name}/").status_code == 404


def test_results_are_for_who_sees_orders(client: Client) -> None:
    placed = PlacedFactory()
    form = {"action": "fulfil", "confirmed": "1", "order": placed.reference}
    place = client.post(BULK, form)["Location"]

    assert signed_in(UserFactory()).get(place).status_code == 403


def test_old_results_are_cleaned_up(client: Client) -> None:
    places = []
    for days in (0, 8):
        form = {"action": "fulfil", "confirmed": "1", "order": PlacedFactory().reference}
        places.append(client.post(BULK, form)["Location"])
        BulkResult.objects.filter(pk=places[-1].split("/")[-2]).update(
            created_at=timezone.now() - timedelta(days=days)
        )

    assert clean_up.delete_old_rows()["results of bulk actions"] == 1
    assert [client.get(place).status_code for place in places] == [200, 404]


def test_what_was_done_is_shown_where_the_result_cannot_be_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**values: object) -> None:
        raise Busy(Busy.detail)

    monkeypatch.setattr(bulk, "store_result", busy)
    placed = PlacedFactory()

    response = client.post(BULK, {"action": "fulfil", "confirmed": "1", "order": placed.reference})

    assert response.status_code == 200
    assert "1 of 1 order fulfilled" in Page(response).text
    assert statuses(placed) == ["fulfilled"]

"""Bulk actions on orders: one question, and for each order what was done or why not."""

import pytest
from django.test import Client

from shop.db import outcomes as bulk
from shop.db.errors import Busy, NotTried
from shop.models import OrderEvent, User
from shop.orders.services import placed_orders
from shop.web.wording import word_error
from testing.bulk_actions import BULK, ask_about, carry_out, list_references, read_statuses
from testing.factories import (
    DraftFactory,
    FulfilledFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    in_stock,
)
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def test_the_list_has_a_labelled_box_for_each_order(client: Client) -> None:
    first, second = PlacedFactory(), PlacedFactory()

    page = Page(client.get("/orders/"))

    boxes = page.all("input", name="order")
    assert [box["value"] for box in boxes] == list_references(second, first)
    assert f"Select {first.reference}" in page.text
    assert page.all("form", action=BULK)[0].get("method", "get") == "get"
    assert [button["value"] for button in page.all("button", name="action")][:2] == ["fulfil", "cancel"]


def test_the_question_says_which_will_be_done_and_which_cannot_and_why(client: Client) -> None:
    placed, draft, done = PlacedFactory(), DraftFactory(), FulfilledFactory()

    page = ask_about(client, "fulfil", placed, draft, done, list="status=placed")

    assert "Fulfil 1 order?" in page.text
    assert [box["value"] for box in page.all("input", name="order")] == [placed.reference]
    assert f"{draft.reference} is draft: only a placed order can be fulfilled." in page.text
    assert f"{done.reference} is fulfilled already." in page.text
    assert page.all("a", href="/orders/?status=placed")
    assert read_statuses(placed, draft, done) == ["placed", "draft", "fulfilled"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_confirmation_nothing_is_done(method: str, client: Client) -> None:
    placed = PlacedFactory()

    response = getattr(client, method)(BULK, {"action": "cancel", "order": placed.reference})

    assert response.status_code == 200
    assert "Cancel 1 order?" in Page(response).text
    assert read_statuses(placed) == ["placed"]


def test_a_get_carries_out_nothing_even_with_the_confirmation(client: Client) -> None:
    placed = PlacedFactory()

    assert "Fulfil 1 order?" in ask_about(client, "fulfil", placed, confirmed="1").text
    assert read_statuses(placed) == ["placed"]


def test_what_one_order_refuses_undoes_nothing_of_the_others(client: Client) -> None:
    lamp = ProductFactory(stock=10)
    first, draft, last = PlacedFactory(lines=[(lamp, 2)]), DraftFactory(), PlacedFactory(lines=[(lamp, 3)])
    assert in_stock(lamp) == 5

    page = carry_out(client, "cancel", first, draft, last)

    assert "2 of 3 orders cancelled" in page.text
    assert (
        f"{draft.reference} Not cancelled. {draft.reference} is a draft: discard it at the desk." in page.text
    )
    assert read_statuses(first, draft, last) == ["cancelled", "draft", "cancelled"]
    assert in_stock(lamp) == 10


def test_sent_twice_it_is_done_once(client: Client) -> None:
    lamp = ProductFactory(stock=10)
    first, second = PlacedFactory(lines=[(lamp, 2)]), PlacedFactory(lines=[(lamp, 3)])

    pages = [carry_out(client, "cancel", first, second) for _ in range(2)]

    assert ["2 of 2 orders cancelled" in page.text for page in pages] == [True, True]
    assert in_stock(lamp) == 10
    assert OrderEvent.objects.filter(kind="cancelled").count() == 2


def test_an_order_that_is_named_twice_is_taken_once(client: Client) -> None:
    placed = PlacedFactory()

    page = carry_out(client, "fulfil", placed, placed)

    assert "1 of 1 order fulfilled" in page.text
    assert OrderEvent.objects.filter(kind="fulfilled").count() == 1


def test_a_clerk_cannot_cancel_fulfilled_orders_and_a_manager_can(client: Client, manager: User) -> None:
    done, placed = FulfilledFactory(), PlacedFactory()

    question = ask_about(client, "cancel", done, placed)
    page = carry_out(client, "cancel", done, placed)

    assert [box["value"] for box in question.all("input", name="order")] == [placed.reference]
    assert f"{done.reference} was fulfilled. A manager can cancel it." in question.text
    assert "1 of 2 orders cancelled" in page.text
    assert read_statuses(done, placed) == ["fulfilled", "cancelled"]
    assert "1 of 1 order cancelled" in carry_out(signed_in(manager), "cancel", done).text
    assert read_statuses(done) == ["cancelled"]


def test_who_may_not_place_orders_is_refused(clerk: User) -> None:
    placed, reader = PlacedFactory(), UserFactory()
    reader.user_permissions.add(clerk.groups.get().permissions.get(codename="view_order"))
    client = signed_in(reader)

    for action in ("fulfil", "cancel", "undo"):
        answer = client.post(BULK, {"action": action, "confirmed": "1", "order": placed.reference})
        assert answer.status_code == 403
    assert not Page(client.get("/orders/")).all("button", value="fulfil")
    assert read_statuses(placed) == ["placed"]


@pytest.mark.parametrize("chosen", [[], ["nonsense", "' OR 1=1"]])
def test_nothing_selected_is_told(chosen: list[str], client: Client) -> None:
    response = client.get(BULK, {"action": "fulfil", "order": chosen, "list": "q=a"})

    assert response.status_code == 422
    assert "No order is selected" in Page(response).text
    assert Page(response).all("a", href="/orders/?q=a")


def test_more_than_a_page_of_orders_is_refused(client: Client) -> None:
    chosen = [f"AAA-{number:04}" for number in range(51)]

    response = client.post(BULK, {"action": "fulfil", "confirmed": "1", "order": chosen})

    assert response.status_code == 422
    assert "51 orders are selected. Select 50 at most" in Page(response).text


def test_an_order_that_does_not_exist_is_told(client: Client) -> None:
    placed = PlacedFactory()
    chosen = {"action": "fulfil", "order": [placed.reference, "AAA-2222"]}

    question = Page(client.get(BULK, chosen))
    result = client.post(BULK, chosen | {"confirmed": "1"})

    assert "There is no order AAA-2222." in question.text
    page = Page(client.get(result["Location"]))
    assert "1 of 2 orders fulfilled" in page.text
    assert "Not fulfilled. This order does not exist any more." in page.text


@pytest.mark.parametrize("action", ["", "place", "delete"])
def test_other_actions_do_not_exist(action: str, client: Client) -> None:
    assert client.get(BULK, {"action": action, "order": "AAA-2222"}).status_code == 404


def test_a_cancelled_order_is_offered_to_be_duplicated(client: Client) -> None:
    placed, draft = PlacedFactory(), DraftFactory()

    page = carry_out(client, "cancel", placed, draft)

    assert [form["action"] for form in page.all("form") if "duplicate" in form.get("action", "")] == [
        f"/orders/{placed.reference}/duplicate/"
    ]
    assert not page.all("input", value="undo")


# --- When the database does not answer


def test_a_busy_database_leaves_the_rest_and_says_so() -> None:
    def write(name: str) -> None:
        if name == "b":
            raise Busy(Busy.detail)

    outcomes = bulk.write_rows("abcd", write, word_error)

    assert [(outcome.name, outcome.refusal) for outcome in outcomes] == [
        ("a", ""),
        ("b", Busy.detail),
        ("c", word_error(NotTried())),
        ("d", word_error(NotTried())),
    ]


def test_a_database_that_is_busy_from_the_start_offers_to_try_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**values: object) -> None:
        raise Busy(Busy.detail)

    monkeypatch.setattr(placed_orders, "fulfil_order", busy)
    placed, other = PlacedFactory(), PlacedFactory()
    form = {"action": "fulfil", "confirmed": "1", "order": list_references(placed, other)}

    response = client.post(BULK, form)

    assert response.status_code == 503
    given_back = [(field["name"], field["value"]) for field in Page(response).all("input", type="hidden")]
    assert [value for name, value in given_back if name == "order"] == list_references(placed, other)


def test_slow_rows_are_not_begun_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_SECONDS", -1.0)

    assert [outcome.refusal for outcome in bulk.write_rows("ab", print, word_error)] == [
        "Not tried: it took too long. Do it again for what is left."
    ] * 2

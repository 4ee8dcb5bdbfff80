"""Orders, their lines and stock on the admin site: what may be changed there and what never is."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client

from shop.db import transactions
from shop.db.errors import Busy
from shop.models import Order, OrderEvent, OrderLine, Product, StockMovement, User
from shop.orders.events import describe_event
from shop.orders.services import drafts
from shop.web import admin as base
from testing.admin_pages import (
    check_sums,
    make_order,
    read_log,
    read_messages,
    run_action,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(admin_user: User) -> Order:
    return make_order(admin_user)


@pytest.fixture
def product(order: Order) -> Product:
    return Product.objects.get(order_lines__order=order)


# Orders


#: A note, and what no form of the page has but a browser may send.
CRAFTED = {
    "note": "by hand",
    "subtotal": "0.01",
    "status": "draft",
    "placed_at_0": "2001-01-01",
    "placed_at_1": "00:00",
    "reference": "AAA-AAAA",
    "lines-TOTAL_FORMS": "1",
    "lines-INITIAL_FORMS": "1",
    "lines-0-quantity": "900",
    "lines-0-unit_price": "0.01",
    "lines-0-DELETE": "on",
    "movements-TOTAL_FORMS": "1",
    "movements-INITIAL_FORMS": "0",
    "movements-0-quantity": "900",
}


def test_a_crafted_post_changes_nothing_but_the_note(admins: Client, order: Order) -> None:
    before = Order.objects.filter(pk=order.pk).values().get()
    line = order.lines.get()
    crafted = CRAFTED | {"lines-0-id": line.pk, "seen_version": order.version}

    assert admins.post(url(Order, "change", order.pk), crafted).status_code == 302

    after = Order.objects.filter(pk=order.pk).values().get()
    assert after == before | {
        "note": "by hand",
        "version": before["version"] + 1,
        "changed_at": after["changed_at"],
    }
    assert list(order.lines.all().values()) == list(OrderLine.objects.filter(pk=line.pk).values())
    event = order.events.last()
    assert event is not None
    assert (describe_event(event), event.author.username) == ("Note changed", "admin")  # type: ignore[union-attr]
    check_sums()


@pytest.mark.parametrize("model", [Order, OrderLine, StockMovement, OrderEvent])
def test_what_happened_is_not_deleted(admins: Client, order: Order, model: type[Model]) -> None:
    rows = list(model._default_manager.all())

    assert admins.post(url(model, "delete", rows[0].pk), {"post": "yes"}).status_code == 403
    run_action(admins, model, "delete_selected", rows, post="yes")

    assert list(model._default_manager.all()) == rows


def test_selected_orders_are_cancelled_and_return_their_stock_once(
    admins: Client, admin_user: User, order: Order, product: Product
) -> None:
    draft = drafts.open_draft(staff_id=admin_user.pk)
    fulfilled = make_order(admin_user, "Milk")
    run_action(admins, Order, "fulfil", [fulfilled])
    assert Order.objects.get(pk=fulfilled.pk).status == "fulfilled"

    answer = run_action(admins, Order, "cancel", [order, draft, fulfilled])

    assert sorted(read_messages(answer)) == [
        "1 order fulfilled.",
        "2 orders cancelled.",
        f"{draft.reference} is a draft: discard it at the desk.",
    ]
    run_action(admins, Order, "cancel", [order])
    product.refresh_from_db()
    assert product.stock == 10
    assert list(order.events.values_list("kind", "author__username")) == [
        ("placed", "admin"),
        ("cancelled", "admin"),
    ]
    assert Order.objects.get(pk=draft.pk).status == "draft"
    check_sums()


def test_an_action_takes_so_many_rows_and_tells_so_many_refusals(
    admins: Client, admin_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_drafts = [Order.objects.create(created_by=admin_user) for _ in range(3)]
    monkeypatch.setattr(base, "MAX_REFUSAL_MESSAGES", 1)
    answer = run_action(admins, Order, "fulfil", three_drafts)
    assert read_messages(answer)[1:] == ["2 more were refused."]

    monkeypatch.setattr(base, "MAX_ACTION_ROWS", 2)
    answer = run_action(admins, Order, "fulfil", three_drafts, select_across="1")
    assert read_messages(answer)[-1] == "Select 2 rows at most."


def test_when_the_database_gives_up_in_the_middle_what_was_done_is_told(
    admins: Client, admin_user: User, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [make_order(admin_user, name) for name in ("Milk", "Bread")]
    calls: list[object] = []

    def run(name: str, body: Callable[[], object]) -> object:
        calls.append(name)
        if len(calls) == 2:
            raise Busy(Busy.detail)
        return transactions.run_in_transaction(name, body)

    monkeypatch.setattr(base, "run_in_transaction", run)
    answer = run_action(admins, Order, "fulfil", [order, *others])

    assert len(calls) == 2
    assert Order.objects.filter(status="fulfilled").count() == 1
    assert read_messages(answer)[0] == "1 order fulfilled."
    assert Busy.detail in read_messages(answer)[1]


def test_a_correction_mends_subtotal_stock_and_timeline(
    admins: Client, order: Order, product: Product
) -> None:
    line = order.lines.get()
    data = {"quantity": "5", "unit_price": "2.00", "reason": "Miscounted.", "seen_version": order.version}
    crafted = data | {"name": "x", "position": "9"}
    assert admins.post(url(OrderLine, "change", line.pk), crafted).status_code == 302

    order.refresh_from_db()
    product.refresh_from_db()
    assert (order.subtotal, product.stock) == (Decimal(10), 5)
    event = order.events.last()
    assert event is not None
    assert describe_event(event).endswith("Miscounted.")
    assert event.author.username == "admin"  # type: ignore[union-attr]
    assert order.lines.get().name == "Tea"
    check_sums()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"quantity": "900"}, "__all__"), ({"unit_price": "-1"}, "unit_price"), ({"reason": ""}, "reason")],
)
def test_a_correction_that_cannot_be_is_told(
    admins: Client, order: Order, wrong: dict[str, str], field: str
) -> None:
    line = order.lines.get()
    data = {"quantity": "2", "unit_price": "1", "reason": "Why", "seen_version": order.version} | wrong
    page = admins.post(url(OrderLine, "change", line.pk), data)

    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [field]
    assert list(order.lines.all().values()) == [OrderLine.objects.filter(pk=line.pk).values().get()]
    assert order.lines.get().unit_price == Decimal("1.50")
    assert read_log() == []
    check_sums()


def test_a_line_of_a_draft_is_left_to_the_desk(admins: Client, admin_user: User, product: Product) -> None:
    draft = drafts.open_draft(staff_id=admin_user.pk)
    drafts.add_line(reference=draft.reference, product_id=product.pk, key="", staff_id=None)
    line = draft.lines.get()
    page = admins.post(
        url(OrderLine, "change", line.pk), {"quantity": "2", "unit_price": "1", "reason": "Why"}
    )

    assert page.status_code == 200
    assert "only a placed order is corrected here" in page.content.decode()
    check_sums()


# Stock


@pytest.mark.parametrize(
    ("quantity", "reason", "stock", "entry"),
    [("12", "received", 20, 12), ("-3", "damaged", 5, -3), ("2", "counted", 2, -6)],
)
def test_stock_moves_by_entries(
    admins: Client, product: Product, quantity: str, reason: str, stock: int, entry: int
) -> None:
    data = {"product": product.pk, "quantity": quantity, "reason": reason, "note": "because"}
    assert admins.post(url(StockMovement, "add"), data).status_code == 302

    product.refresh_from_db()
    assert product.stock == stock
    movement = StockMovement.objects.order_by("pk").last()
    assert movement is not None
    assert (movement.quantity, movement.note) == (entry, "because")
    assert movement.author.username == "admin"  # type: ignore[union-attr]
    assert LogEntry.objects.get().object_id == str(movement.pk)
    check_sums()


def test_a_count_that_finds_what_is_known_is_noted_at_the_product(admins: Client, product: Product) -> None:
    entries = StockMovement.objects.count()
    data = {"product": product.pk, "quantity": "8", "reason": "counted", "note": ""}
    answer = admins.post(url(StockMovement, "add"), data, follow=True)

    assert answer.status_code == 200
    assert "8 counted. No entry was needed." in answer.content.decode()
    assert StockMovement.objects.count() == entries
    assert read_log() == [("admin", str(product))]


def test_stock_that_is_not_there_cannot_leave(admins: Client, product: Product) -> None:
    data = {"product": product.pk, "quantity": "-9", "reason": "damaged", "note": ""}
    page = admins.post(url(StockMovement, "add"), data)

    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == ["quantity"]
    movement = StockMovement.objects.latest("pk")
    assert admins.post(url(StockMovement, "change", movement.pk), data).status_code == 403
    check_sums()

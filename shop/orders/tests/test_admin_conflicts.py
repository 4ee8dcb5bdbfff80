"""Two admins who have the same order or line open: the second sees what the first changed."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from shop.db.errors import Difference, Stale
from shop.models import Order, OrderLine, User
from shop.orders.services import placed_orders
from testing.admin_pages import check_sums, make_order, read_log, url
from testing.factories import in_stock, only_line, version_of
from testing.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(admin_user: User) -> Order:
    return make_order(admin_user)


def open_form(admins: Client, model: type[Model], pk: int, **typed: str) -> dict[str, Any]:
    """Returns what the form of a page sends when these values are typed into it."""
    form = admins.get(url(model, "change", pk)).context["adminform"].form
    return {name: form[name].value() for name in form.fields} | typed


def test_a_line_that_another_admin_corrected_is_shown_first(
    admins: Client, manager: User, order: Order
) -> None:
    line = only_line(order)
    address = url(OrderLine, "change", line.pk)
    mine = open_form(admins, OrderLine, line.pk, quantity="5", unit_price="2.00", reason="Five, not two.")
    theirs: Any = {"line_id": line.pk, "quantity": 3, "unit_price": Decimal("1.50"), "reason": "Three"}
    placed_orders.correct_line(**theirs, seen_version=version_of(order), staff_id=manager.pk)

    answer = admins.post(address, mine)

    assert answer.status_code == 200
    page = Page(answer).text
    assert "Somebody else changed this while you were editing. Nothing of yours was saved yet." in page
    assert "Quantity: yours is “5”, now it is “3”." in page
    assert "Unit price: yours is “$2.00”, now it is “$1.50”." in page
    assert "Last changed by manager, " in page
    line.refresh_from_db()
    assert (line.quantity, line.unit_price, in_stock(line.product)) == (3, Decimal("1.50"), 7)
    assert read_log() == []

    version = answer.context["adminform"].form["seen_version"].value()
    assert admins.post(address, mine | {"seen_version": version}).status_code == 302
    line.refresh_from_db()
    assert (line.quantity, line.unit_price, in_stock(line.product)) == (5, Decimal(2), 5)
    check_sums()


def test_a_note_that_another_admin_wrote_is_shown_first(admins: Client, manager: User, order: Order) -> None:
    address = url(Order, "change", order.pk)
    mine = open_form(admins, Order, order.pk, note="mine")
    placed_orders.change_note(
        reference=order.reference, note="theirs", seen_version=version_of(order), staff_id=manager.pk
    )

    answer = admins.post(address, mine)

    assert answer.status_code == 200
    page = Page(answer).text
    assert "Note: yours is “mine”, now it is “theirs”." in page
    assert "Last changed by manager, " in page
    assert Order.objects.get().note == "theirs"

    version = answer.context["adminform"].form["seen_version"].value()
    assert admins.post(address, mine | {"seen_version": version}).status_code == 302
    assert Order.objects.get().note == "mine"


@pytest.mark.parametrize("model", [Order, OrderLine])
def test_a_form_that_does_not_say_what_it_showed_is_asked_again(
    admins: Client, order: Order, model: type[Model]
) -> None:
    line = only_line(order)
    row: Order | OrderLine = order if model is Order else line
    typed = {"note": "mine", "quantity": "5", "unit_price": "2.00", "reason": "Why"}

    assert admins.post(url(model, "change", row.pk), typed).status_code == 200

    assert (Order.objects.get().note, only_line(order).quantity) == ("", 2)


def test_two_who_want_the_same_are_both_right(order: Order) -> None:
    line, seen = only_line(order), version_of(order)
    terms: Any = {"line_id": line.pk, "unit_price": Decimal(1), "reason": "x", "seen_version": seen}
    for _ in range(2):
        assert placed_orders.correct_line(quantity=3, **terms, staff_id=None).quantity == 3

    with pytest.raises(Stale) as stale:
        placed_orders.correct_line(quantity=4, **terms, staff_id=None)
    assert stale.value.differences == [Difference("quantity", now=3, wanted=4)]
    assert order.events.filter(kind="corrected").count() == 1

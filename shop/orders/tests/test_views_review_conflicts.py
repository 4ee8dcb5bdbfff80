"""The panel of a conflict between review and placing, and what accepting takes."""

from dataclasses import replace

import pytest
from django.test import Client

from shop.models import Order, Product, User
from shop.orders.services import drafts
from shop.products import stock
from testing.factories import DraftFactory, ProductFactory, in_stock, only_line, seen
from testing.pages import Page, post_step
from testing.products import reprice
from testing.snapshots import saw_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(lamp: Product) -> Order:
    return DraftFactory(lines=[(lamp, 3)])


def review(client: Client, order: Order) -> Page:
    return Page(client.get(f"{order.get_absolute_url()}review/"))


def test_the_review_says_who_changed_the_price(
    clerks: Client, order: Order, lamp: Product, manager: User
) -> None:
    saw = review(clerks, order).snapshot()
    reprice(lamp, "12", manager)
    response = post_step(clerks, order, "place", saw)
    page = Page(response)

    assert response.status_code == 409
    assert "Lamp, unit price $10.00 $12.00 Last changed by manager, " in page.text
    assert "Accept the changes: $36.00" in page.text
    assert page.focused_names == ["h2"]


def test_the_review_says_who_took_the_stock(
    clerks: Client, order: Order, lamp: Product, manager: User
) -> None:
    stock.adjust_stock(product_id=lamp.pk, quantity=-4, reason="damaged", staff_id=manager.pk, once=None)
    page = review(clerks, order)

    assert "Lamp, stock 3 wanted only 1 left Last changed by manager, " in page.text
    assert "Accept the changes: $10.00" in page.text


def test_each_row_has_its_own_name_where_several_changed_something(
    clerks: Client, order: Order, lamp: Product, manager: User, admin_user: User
) -> None:
    saw = review(clerks, order).snapshot()
    reprice(lamp, "12", manager)
    drafts.set_quantity(
        reference=order.reference,
        line_id=only_line(order).pk,
        quantity=2,
        seen_quantity=3,
        staff_id=admin_user.pk,
    )
    page = Page(post_step(clerks, order, "place", saw))

    assert "Lamp, quantity 3 2 admin, " in page.text
    assert "Lamp, unit price $10.00 $12.00 manager, " in page.text
    assert "Last changed by What" not in page.text


def test_accepting_takes_what_was_offered_once(clerks: Client, order: Order, lamp: Product) -> None:
    reprice(lamp, "12")
    offered = review(clerks, order).snapshot()
    answers = [post_step(clerks, order, "accept", offered) for _ in range(3)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, f"{order.get_absolute_url()}review/")
    }
    assert (Order.objects.get().subtotal, Order.objects.get().version) == (36, order.version + 1)
    assert "Place for $36.00" in review(clerks, order).text


def test_what_changed_after_the_offer_is_shown_and_not_accepted(
    clerks: Client, order: Order, lamp: Product, manager: User
) -> None:
    reprice(lamp, "12")
    offered = review(clerks, order).snapshot()
    reprice(lamp, "15", manager)
    drafts.set_note(reference=order.reference, note="Ring", seen_note="", staff_id=None)
    response = post_step(clerks, order, "accept", offered)
    page = Page(response)

    assert response.status_code == 409
    assert "Lamp, unit price $10.00 $15.00 Last changed by manager, " in page.text
    assert (only_line(order).unit_price, in_stock(lamp)) == (10, 5)
    assert post_step(clerks, order, "accept", page.snapshot()).status_code == 303
    assert only_line(order).unit_price == 15


def test_a_line_added_after_the_offer_is_shown_and_not_accepted(
    clerks: Client, order: Order, lamp: Product, manager: User
) -> None:
    reprice(lamp, "12")
    offered = review(clerks, order).snapshot()
    vase = ProductFactory(name="Vase")
    drafts.add_line(reference=order.reference, product_id=vase.pk, staff_id=manager.pk, key="")
    page = Page(post_step(clerks, order, "accept", offered))

    assert "Vase not on the order 1 manager, " in page.text
    assert "Lamp, unit price $10.00 $12.00 an import or a program, " in page.text
    assert Order.objects.get().subtotal == 40


def test_an_offer_that_came_true_by_itself_is_accepted(clerks: Client, order: Order, lamp: Product) -> None:
    reprice(lamp, "12")
    offered = review(clerks, order).snapshot()
    reprice(lamp, "10")

    assert post_step(clerks, order, "accept", offered).status_code == 303
    assert "Place for $30.00" in review(clerks, order).text


def test_a_customer_that_never_was_is_not_known(clerks: Client, order: Order) -> None:
    saw = saw_review(clerks, order, replace(seen(order), customer_id=2**62))

    assert "Customer not known any more Walk-in" in Page(post_step(clerks, order, "place", saw)).text

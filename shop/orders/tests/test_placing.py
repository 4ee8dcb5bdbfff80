"""Placing: exactly what the clerk saw, or nothing and the reasons."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shop.db.errors import NotFound
from shop.models import Order, Product
from shop.orders.errors import OrderChanged, OrderError
from shop.orders.events import describe_event
from shop.orders.services import drafts, placed_orders, placing
from shop.orders.services.placing import SeenOrder
from shop.products import services as products
from shop.products import stock
from shop.returns import services as returns
from shop.web.wording import WordedDifference, word_difference
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    accept,
    in_stock,
    movements,
    only_line,
    place,
    seen,
    version_of,
)
from testing.products import reprice
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def place_and_word_refusal(order: Order, saw: SeenOrder) -> list[WordedDifference]:
    """Returns the differences for which placing is refused, in words. Checks that nothing changed."""
    before = Order.objects.filter(pk=order.pk).values().get()
    with pytest.raises(OrderChanged) as changed:
        placing.place_order(reference=order.reference, seen=saw, staff_id=None)
    assert Order.objects.filter(pk=order.pk).values().get() == before
    assert not order.movements.exists()
    assert not order.events.filter(kind="placed").exists()
    return [word_difference(each) for each in changed.value.differences]


def test_placing_keeps_the_price_the_clerk_saw(lamp: Product) -> None:
    staff = UserFactory()
    order = place(DraftFactory(lines=[(lamp, 2)], customer=CustomerFactory(name="Ada")), staff)
    reprice(lamp, "99.00")

    stored = Order.objects.get(pk=order.pk)
    assert (stored.status, stored.subtotal, stored.placed_by, stored.customer_name) == (
        "placed",
        Decimal("20.00"),
        staff,
        "Ada",
    )
    assert stored.placed_at == stored.dated_at
    assert only_line(order).unit_price == Decimal("10.00")
    assert [(event.kind, event.parameters, describe_event(event)) for event in order.events.all()] == [
        ("opened", {}, ""),
        ("placed", {"subtotal": "20.00"}, "$20.00"),
    ]


def test_placing_takes_stock_with_an_entry_that_names_the_order(lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 2), ProductFactory()])

    assert (in_stock(lamp), movements(lamp)) == (3, [(5, "counted"), (-2, "sold")])
    assert order.movements.get().product == lamp


def test_the_last_item_can_be_sold(lamp: Product) -> None:
    PlacedFactory(lines=[(lamp, 5)])

    assert in_stock(lamp) == 0


def test_placing_twice_gives_the_same_order_and_takes_stock_once(lamp: Product) -> None:
    order, staff = DraftFactory(lines=[lamp]), UserFactory()
    saw = seen(order)
    answers = [placing.place_order(reference=order.reference, seen=saw, staff_id=staff.pk) for _ in range(3)]

    assert {answer.pk for answer in answers} == {order.pk}
    assert len({answer.placed_at for answer in answers}) == 1
    assert in_stock(lamp) == 4
    assert order.events.filter(kind="placed").count() == 1


def test_a_new_price_is_shown_as_was_and_now(lamp: Product) -> None:
    order = DraftFactory(lines=[lamp])
    saw = seen(order)
    reprice(lamp, "1234.50")

    assert place_and_word_refusal(order, saw) == [WordedDifference("Lamp, unit price", "$10.00", "$1,234.50")]
    assert in_stock(lamp) == 5


@pytest.mark.parametrize(("left", "now"), [(1, "only 1 left"), (0, "sold out")])
def test_too_little_stock_is_shown(lamp: Product, left: int, now: str) -> None:
    order = DraftFactory(lines=[(lamp, 3)])
    stock.count_stock(product_id=lamp.pk, counted=left, staff_id=None, once=None)

    assert place_and_word_refusal(order, seen(order)) == [WordedDifference("Lamp, stock", "3 wanted", now)]
    assert in_stock(lamp) == left


def test_a_retired_product_is_shown(lamp: Product) -> None:
    order = DraftFactory(lines=[lamp])
    products.set_product_active(product_id=lamp.pk, active=False, staff_id=None)

    assert place_and_word_refusal(order, seen(order)) == [WordedDifference("Lamp", "on sale", "retired")]


def test_everything_another_clerk_changed_is_shown_line_by_line(lamp: Product) -> None:
    vase, bowl = ProductFactory(name="Vase"), ProductFactory(name="Bowl")
    order = DraftFactory(lines=[lamp, vase], customer=CustomerFactory(name="Ada"))
    saw = seen(order)
    first, second = order.lines.all()
    drafts.set_quantity(
        reference=order.reference, line_id=first.pk, quantity=4, seen_quantity=1, staff_id=None
    )
    drafts.set_quantity(
        reference=order.reference, line_id=second.pk, quantity=0, seen_quantity=1, staff_id=None
    )
    drafts.add_line(reference=order.reference, product_id=bowl.pk, quantity=2, key="", staff_id=None)
    drafts.set_customer(
        reference=order.reference, customer_id=None, seen_customer_id=saw.customer_id, staff_id=None
    )

    assert place_and_word_refusal(order, saw) == [
        WordedDifference("Customer", "Ada", "Walk-in"),
        WordedDifference("Lamp, quantity", "1", "4"),
        WordedDifference("Bowl", "not on the order", "2"),
        WordedDifference("Vase", "1", "removed"),
    ]


def test_a_price_the_clerk_never_saw_is_shown_even_if_the_line_has_it(lamp: Product) -> None:
    order = DraftFactory(lines=[lamp])
    saw = seen(order)
    reprice(lamp, "11.00")
    accept(order)

    assert place_and_word_refusal(order, saw) == [WordedDifference("Lamp, unit price", "$10.00", "$11.00")]


def test_what_stands_in_the_way_is_said_in_one_sentence(lamp: Product) -> None:
    order = DraftFactory(lines=[lamp])
    saw = seen(order)
    reprice(lamp, "11.00")

    with raises_worded(
        OrderChanged,
        r"^The order is not what you saw\. Lamp, unit price: was \$10\.00, now \$11\.00\.$",
    ):
        placing.place_order(reference=order.reference, seen=saw, staff_id=None)


def test_a_new_name_alone_is_no_reason_to_refuse_and_is_kept_as_sold(lamp: Product) -> None:
    order = DraftFactory(lines=[lamp])
    products.update_product(
        product_id=lamp.pk,
        name="Lamp, new box",
        unit_price=Decimal("10.00"),
        sku="L",
        barcode=None,
        staff_id=None,
        seen_version=version_of(lamp),
    )

    place(order, UserFactory())

    assert only_line(order).name == "Lamp, new box"


def test_an_empty_order_is_not_placed() -> None:
    order = DraftFactory(lines=[])

    with raises_worded(OrderError, "at least one line"):
        place(order, UserFactory())


@pytest.mark.parametrize(
    "end",
    [
        lambda order: drafts.discard_draft(reference=order.reference, staff_id=None),
        lambda order: returns.cancel_order(
            reference=place(order, UserFactory()).reference, staff_id=None, allow_fulfilled=False
        ),
    ],
)
def test_a_cancelled_order_is_not_placed(end: Callable[[Order], Any]) -> None:
    order = DraftFactory()
    saw = seen(order)
    end(order)

    with raises_worded(OrderError, "is cancelled and cannot be placed"):
        placing.place_order(reference=order.reference, seen=saw, staff_id=None)


def test_an_order_that_does_not_exist_is_not_found() -> None:
    order = DraftFactory()

    with pytest.raises(NotFound):
        placing.place_order(reference="AAA-AAAA", seen=seen(order), staff_id=None)


def test_a_fulfilled_order_answers_with_itself() -> None:
    order = PlacedFactory()
    placed_orders.fulfil_order(reference=order.reference, staff_id=None)

    assert place(order, UserFactory()).status == "fulfilled"

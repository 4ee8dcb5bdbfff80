"""An order while it is taken: every step saved once, and never over somebody else's."""

from decimal import Decimal

import pytest

from shop.db.errors import InvalidValue, NotFound, Stale
from shop.models import Order, OrderLine
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.orders.services import drafts
from shop.products import services as products
from testing.drafts import add_line, reload, set_quantity
from testing.factories import DraftFactory, ProductFactory, UserFactory, only_line, place, version_of
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Order:
    return drafts.open_draft(staff_id=UserFactory().pk)


def test_opening_twice_gives_the_same_untouched_draft() -> None:
    clerk, other = UserFactory(), UserFactory()
    first = drafts.open_draft(staff_id=clerk.pk)

    assert drafts.open_draft(staff_id=clerk.pk) == first
    assert drafts.open_draft(staff_id=other.pk) != first
    assert [event.kind for event in first.events.all()] == ["opened"]


def test_a_draft_with_something_in_it_is_left_alone() -> None:
    clerk = UserFactory()
    first = DraftFactory(staff=clerk)

    assert drafts.open_draft(staff_id=clerk.pk) != first
    assert first in Order.objects.open_drafts()


def test_lines_keep_the_order_in_which_they_were_added(draft: Order) -> None:
    for name, price in (("B", "1.25"), ("A", "0.10"), ("C", "100.00")):
        add_line(draft, ProductFactory(name=name, unit_price=Decimal(price)), 3)

    assert [line.name for line in draft.lines.all()] == ["B", "A", "C"]
    assert reload(draft).subtotal == Decimal("304.05")


def test_the_same_product_again_raises_its_quantity_at_todays_price(draft: Order) -> None:
    lamp = ProductFactory(name="Lamp", sku="L")
    add_line(draft, lamp, 2)
    products.update_product(
        product_id=lamp.pk,
        name="Lamp XL",
        unit_price=Decimal("12.00"),
        sku="L",
        barcode=None,
        staff_id=None,
        seen_version=version_of(lamp),
    )
    add_line(draft, lamp, 3)

    line = only_line(draft)
    assert (line.quantity, line.unit_price, line.name) == (5, Decimal("12.00"), "Lamp XL")
    assert reload(draft).subtotal == Decimal("60.00")


def test_a_step_sent_twice_adds_once(draft: Order) -> None:
    lamp = ProductFactory()
    for key in ("one", "one", "two", "two"):
        add_line(draft, lamp, 1, key)

    assert only_line(draft).quantity == 2


def test_a_step_sent_again_adds_nothing_whatever_others_did_to_its_line(draft: Order) -> None:
    lamp, vase = ProductFactory(), ProductFactory()
    add_line(draft, lamp, 2, "ours")
    add_line(draft, lamp, 3, "theirs")
    add_line(draft, vase, 1, "vase")
    set_quantity(draft.lines.get(product=vase), 0, seen=1)

    add_line(draft, lamp, 2, "ours")
    add_line(draft, vase, 1, "vase")

    assert [(line.product_id, line.quantity) for line in draft.lines.all()] == [(lamp.pk, 5)]


def test_a_draft_remembers_its_latest_additions_and_a_placed_order_none(
    draft: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "ADDITIONS_KEPT", 2)
    lamp = ProductFactory(stock=None)
    for key in ("one", "two", "three"):
        add_line(draft, lamp, 1, key)
    assert reload(draft).additions == [["two", lamp.pk], ["three", lamp.pk]]

    place(draft, UserFactory())

    assert reload(draft).additions == []


def test_steps_without_a_key_add_each_time(draft: Order) -> None:
    lamp = ProductFactory()
    add_line(draft, lamp)
    add_line(draft, lamp)

    assert only_line(draft).quantity == 2


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1])
def test_quantities_outside_the_limits_are_refused(draft: Order, quantity: int) -> None:
    with raises_worded(InvalidValue, "A quantity is between 1 and 1,000,000"):
        add_line(draft, ProductFactory(), quantity)
    assert not draft.lines.exists()


def test_quantities_that_add_up_past_the_limit_are_refused(draft: Order) -> None:
    lamp = ProductFactory(unit_price=Decimal("9999999.99"))
    add_line(draft, lamp, MAX_QUANTITY)

    with pytest.raises(InvalidValue):
        add_line(draft, lamp)
    assert only_line(draft).quantity == MAX_QUANTITY
    assert reload(draft).subtotal == Decimal("9999999990000.00")


def test_a_total_is_exact_up_to_the_largest_amount_and_refused_beyond(draft: Order) -> None:
    add_line(draft, ProductFactory(unit_price=MAX_AMOUNT))
    assert reload(draft).subtotal == MAX_AMOUNT

    with raises_worded(InvalidValue, "total is too large"):
        add_line(draft, ProductFactory(unit_price=Decimal("0.01")))
    add_line(draft, ProductFactory(unit_price=Decimal(0)))
    assert reload(draft).subtotal == MAX_AMOUNT


def test_an_order_has_a_largest_number_of_lines(draft: Order) -> None:
    product = ProductFactory()
    OrderLine.objects.bulk_create(
        OrderLine(order=draft, product=product, position=n, name="x", quantity=1, unit_price=0)
        for n in range(drafts.MAX_LINES)
    )

    with raises_worded(InvalidValue, "An order has 500 lines at most"):
        add_line(draft, ProductFactory())


def test_a_retired_product_is_refused(draft: Order) -> None:
    with raises_worded(InvalidValue, r"Lamp \(L\) is retired and cannot be ordered"):
        add_line(draft, ProductFactory(name="Lamp", sku="L", active=False))


def test_a_quantity_is_set_from_what_was_seen(draft: Order) -> None:
    add_line(draft, ProductFactory(), 2)
    line = only_line(draft)

    assert set_quantity(line, 5, seen=2).subtotal == Decimal("50.00")
    assert set_quantity(line, 5, seen=2).subtotal == Decimal("50.00")  # sent twice
    with raises_worded(Stale, "from 2 to 5"):
        set_quantity(line, 7, seen=2)
    with pytest.raises(InvalidValue):
        set_quantity(line, MAX_QUANTITY + 1, seen=5)
    assert only_line(draft).quantity == 5


def test_a_line_is_removed_once_and_can_be_brought_back(draft: Order) -> None:
    lamp = ProductFactory()
    add_line(draft, lamp, 4)
    line = only_line(draft)

    assert set_quantity(line, 0, seen=4).subtotal == 0
    assert set_quantity(line, 0, seen=4).subtotal == 0
    with raises_worded(NotFound, "Somebody else removed this line"):
        set_quantity(line, 3, seen=4)

    add_line(draft, lamp, 4)
    assert reload(draft).subtotal == Decimal("40.00")


def test_a_line_changed_by_somebody_else_is_not_removed(draft: Order) -> None:
    add_line(draft, ProductFactory(), 4)
    set_quantity(only_line(draft), 9, seen=4)

    with pytest.raises(Stale):
        set_quantity(only_line(draft), 0, seen=4)


def test_a_line_of_another_order_is_out_of_reach(draft: Order) -> None:
    line = only_line(DraftFactory())

    with pytest.raises(NotFound):
        drafts.set_quantity(
            reference=draft.reference, line_id=line.pk, quantity=3, seen_quantity=1, staff_id=None
        )
    drafts.set_quantity(
        reference=draft.reference, line_id=line.pk, quantity=0, seen_quantity=1, staff_id=None
    )
    assert OrderLine.objects.filter(pk=line.pk).exists()

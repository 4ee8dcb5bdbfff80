"""Goods that come back, prices that are lowered, cancelled orders: rows, stock, and what is refused."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.db.errors import NotFound
from shop.models import Order, Return, ReturnLine, User
from shop.money.errors import InvalidQuantity, MoreThanBought, MoreThanLeft
from shop.orders.errors import LinesAreFixed, WrongState
from shop.orders.events import describe_event
from shop.orders.services import placed_orders
from shop.products import stock
from shop.returns import services as returns
from shop.returns.errors import NothingToReturn, ReasonMissing, ReturnChanged, UnknownLines
from shop.returns.tests.steps import (
    allow,
    cancel,
    check_order,
    check_stock,
    figures,
    get_lines,
    give_back,
    keep_balance,
    sell,
)
from testing.factories import (
    DraftFactory,
    FulfilledFactory,
    PlacedFactory,
    ProductFactory,
    in_stock,
    movements,
    version_of,
)
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def test_an_allowance_concerns_the_units_that_are_kept() -> None:
    order = sell("4 × 10.00 @ 19")
    [line] = get_lines(order)

    parts = [
        give_back(order, {line: 1}),
        allow(line, "3.00"),
        give_back(order, {line: 1}),
        give_back(order, {line: 2}),
    ]

    assert [figures(part) for part in parts] == [
        "10.00 8.40 1.60",
        "3.00 2.52 0.48",
        "9.00 7.56 1.44",
        "18.00 15.13 2.87",
    ]
    assert [part.kind for part in parts] == ["goods", "allowance", "goods", "goods"]
    assert ReturnLine.objects.get(of_return=parts[1]).quantity == 0
    assert Order.objects.get(pk=order.pk).balance == 0
    check_order(order)


def test_a_return_is_an_entry_of_its_own(clerk: User) -> None:
    lamp, oil = ProductFactory(name="Lamp", stock=10), ProductFactory(name="Oil")
    order = PlacedFactory(lines=[(lamp, 3), (oil, 2)])
    first, second = get_lines(order)

    made = give_back(order, {second: 2, first: 1}, reason=" wrong colour ", staff_id=clerk.pk)

    made.refresh_from_db()
    assert (made.kind, made.reason, made.author, made.gross) == ("goods", "wrong colour", clerk, 30)
    assert made.business_day == timezone.localdate()
    assert [(row.line, row.product, row.name, row.quantity, row.restock) for row in made.lines.all()] == [
        (first, lamp, "Lamp", 1, True),
        (second, oil, "Oil", 2, False),
    ]
    after = Order.objects.get(pk=order.pk)
    assert (after.status, after.returned, after.balance, after.total) == ("placed", 30, None, 50)
    assert (after.version, after.changed_by) == (order.version + 1, clerk)
    event = order.events.last()
    assert (event.kind, describe_event(event)) == ("returned", "3 units, $30.00. wrong colour")
    assert in_stock(lamp) == 8
    assert movements(lamp)[1:] == [(-3, "sold"), (1, "returned")]
    check_stock()


def test_broken_goods_do_not_go_back_into_stock() -> None:
    lamp = ProductFactory(stock=10)
    order = PlacedFactory(lines=[(lamp, 3)])
    [line] = get_lines(order)

    made = give_back(order, {line: 2}, restock=False)

    assert (in_stock(lamp), made.lines.get().restock) == (7, False)
    cancel(order)
    assert (in_stock(lamp), movements(lamp)[-1]) == (8, (1, "returned"))
    check_stock()


def test_what_the_order_did_not_take_does_not_go_back() -> None:
    lamp, mug = ProductFactory(), ProductFactory(stock=9)
    order = PlacedFactory(lines=[(lamp, 3), (mug, 2)])
    stock.count_stock(product_id=lamp.pk, counted=5, staff_id=None, once=None)
    stock.stop_tracking(product_id=mug.pk, staff_id=None)
    first, second = get_lines(order)

    made = give_back(order, {first: 1, second: 1})

    assert [row.restock for row in made.lines.all()] == [False, False]
    assert (in_stock(lamp), in_stock(mug)) == (5, None)
    check_stock()


def test_cancelling_takes_back_what_is_left(clerk: User) -> None:
    lamp = ProductFactory(stock=10)
    order = keep_balance(PlacedFactory(lines=[(lamp, 3), ProductFactory(unit_price=Decimal("7.77"))]))
    first, second = get_lines(order)
    give_back(order, {first: 1})
    allow(second, "0.77")

    after = returns.cancel_order(
        reference=order.reference, reason="no longer wanted", staff_id=clerk.pk, allow_fulfilled=False
    )

    made = Return.objects.get(kind="cancellation")
    assert (made.gross, made.reason, made.author) == (27, "no longer wanted", clerk)
    assert made.business_day == timezone.localdate()
    assert (after.status, after.returned, after.balance) == ("cancelled", Decimal("37.77"), 0)
    assert after.cancelled_at
    assert after.cancelled_at > timezone.now() - datetime.timedelta(minutes=1)
    assert describe_event(order.events.last()) == "$27.00. no longer wanted"
    assert in_stock(lamp) == 10
    check_order(order)
    check_stock()
    assert cancel(order).version == after.version
    assert Return.objects.filter(kind="cancellation").count() == 1


def test_cancelling_what_is_all_back_makes_no_return() -> None:
    order = PlacedFactory()
    [line] = get_lines(order)
    give_back(order, {line: 1})

    assert cancel(order).status == "cancelled"
    assert [made.kind for made in order.returns.all()] == ["goods"]
    assert describe_event(order.events.last()) == ""


def test_a_free_unit_comes_back_for_nothing() -> None:
    order = PlacedFactory(lines=[ProductFactory(unit_price=Decimal(0), stock=1)])
    [line] = get_lines(order)

    assert give_back(order, {line: 1}).gross == 0
    check_stock()


def test_a_fulfilled_order_can_be_returned_from() -> None:
    order = FulfilledFactory(lines=[(ProductFactory(), 2)])
    [line] = get_lines(order)

    assert give_back(order, {line: 1}).gross == 10


@pytest.mark.parametrize("make", [DraftFactory, lambda: cancel(PlacedFactory())])
def test_drafts_and_cancelled_orders_cannot_be_returned_from(make) -> None:
    order = make()
    [line] = get_lines(order)

    for refused in (lambda: give_back(order, {line: 1}), lambda: allow(line, "1.00")):
        with pytest.raises(WrongState, match="'wanted': 'return'"):
            refused()
    assert not order.returns.exclude(kind="cancellation").exists()


def test_more_than_bought_names_the_line_and_the_numbers() -> None:
    order = PlacedFactory(lines=[(ProductFactory(), 3)])
    [line] = get_lines(order)
    give_back(order, {line: 1})

    with pytest.raises(MoreThanBought) as refusal:
        give_back(order, {line: 3})

    assert refusal.value.values() == {"left": 2, "asked": 3, "line": line.pk}
    assert order.returns.count() == 1


def test_units_of_a_line_that_is_named_twice_are_added_up() -> None:
    order = PlacedFactory(lines=[(ProductFactory(), 3)])
    [line] = get_lines(order)
    common = {"reference": order.reference, "reason": "x", "restock": True, "staff_id": None, "once": None}

    assert returns.return_goods(lines=[(line.pk, 1), (line.pk, 2)], **common).gross == 30


def test_what_makes_no_return_is_refused() -> None:
    order, other = PlacedFactory(lines=[(ProductFactory(), 3)]), PlacedFactory()
    [line] = get_lines(order)
    common = {"reference": order.reference, "restock": True, "staff_id": None, "once": None}

    for lines, error in [
        ([], NothingToReturn),
        ([(line.pk, 0)], InvalidQuantity),
        ([(line.pk, -1)], InvalidQuantity),
    ]:
        with pytest.raises(error):
            returns.return_goods(lines=lines, reason="x", **common)
    with pytest.raises(UnknownLines, match=str(get_lines(other)[0].pk)):
        returns.return_goods(lines=[(get_lines(other)[0].pk, 1)], reason="x", **common)
    with pytest.raises(ReasonMissing):
        returns.return_goods(lines=[(line.pk, 1)], reason=" ", **common)
    with pytest.raises(NotFound):
        returns.return_goods(lines=[(line.pk, 1)], reason="x", **common | {"reference": "AAA-AAAA"})
    with pytest.raises(MoreThanLeft):
        allow(line, "30.01")
    assert not Return.objects.exists()


def test_another_amount_than_the_clerk_saw_is_refused() -> None:
    order = PlacedFactory(lines=[(ProductFactory(unit_price=Decimal("3.35")), 2)])
    [line] = get_lines(order)
    allow(line, "1.00")

    with raises_worded(ReturnChanged, "You saw .3.35; now it is .2.85"):
        give_back(order, {line: 1}, seen_gross=Decimal("3.35"))
    with raises_worded(ReturnChanged, "You saw .6.70; now it is .5.70"):
        allow(line, "1.00", seen_left=Decimal("6.70"))
    assert give_back(order, {line: 1}, seen_gross=Decimal("2.85")).gross == Decimal("2.85")


def test_a_line_is_corrected_only_before_anything_came_back() -> None:
    order = keep_balance(PlacedFactory(lines=[(ProductFactory(), 3)]))
    [line] = get_lines(order)
    values = {"line_id": line.pk, "unit_price": Decimal(9), "reason": "miscounted", "staff_id": None}

    placed_orders.correct_line(quantity=2, seen_version=version_of(order), **values)
    assert Order.objects.get(pk=order.pk).balance == 18
    give_back(order, {line: 1})

    with raises_worded(LinesAreFixed, "Lower the price by an allowance, or take units back"):
        placed_orders.correct_line(quantity=3, seen_version=version_of(order), **values)

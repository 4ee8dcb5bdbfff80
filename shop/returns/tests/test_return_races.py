"""Two clerks at once, or one key twice, with real commits."""

import pytest

from shop.db.errors import KeyReused, ShopError
from shop.models import IdempotencyKey, Return
from shop.money.errors import MoreThanBought
from shop.orders.services import placed_orders
from shop.returns.tests.steps import allow, cancel, check_order, check_stock, get_lines, give_back, make_once
from testing.factories import PlacedFactory, ProductFactory, in_stock
from testing.transactions import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_unit_comes_back_once() -> None:
    lamp = ProductFactory(stock=5)
    order = PlacedFactory(lines=[(lamp, 1)])
    [line] = get_lines(order)

    results = run_at_once(*[lambda: give_back(order, {line: 1})] * 3)

    assert [isinstance(result, Return) for result in results].count(True) == 1
    assert [isinstance(result, MoreThanBought) for result in results].count(True) == 2
    assert in_stock(lamp) == 5
    check_order(order)
    check_stock()


def test_the_same_key_at_once_is_one_return() -> None:
    order = PlacedFactory(lines=[(ProductFactory(stock=9), 3)])
    [line] = get_lines(order)

    results = run_at_once(*[lambda: give_back(order, {line: 1}, once=make_once("k"))] * 4)

    assert {result.pk for result in results} == {Return.objects.get().pk}
    check_order(order)
    check_stock()


def test_return_allowance_and_cancelling_take_turns() -> None:
    lamp, mug = ProductFactory(stock=9), ProductFactory(stock=9)
    order = PlacedFactory(lines=[(lamp, 3), (mug, 2)])
    first, second = get_lines(order)

    results = run_at_once(
        lambda: give_back(order, {first: 2, second: 1}),
        lambda: allow(second, "5.00"),
        lambda: cancel(order),
        lambda: placed_orders.correct_line(
            line_id=first.pk,
            quantity=2,
            unit_price=first.unit_price,
            reason="x",
            seen_version=order.version,
            staff_id=None,
        ),
    )

    errors = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, ShopError) for error in errors)
    order.refresh_from_db()
    assert (order.status, order.returned) == ("cancelled", order.total)
    assert (in_stock(lamp), in_stock(mug)) == (9, 9)
    check_order(order)
    check_stock()


def test_the_same_key_twice_is_one_return() -> None:
    order = PlacedFactory(lines=[(ProductFactory(), 3)])
    [line] = get_lines(order)

    made = give_back(order, {line: 1}, once=make_once("r1"))
    again = give_back(order, {line: 1}, once=make_once("r1"))
    lowered = [allow(line, "1.00", once=make_once("a1")).pk for _ in range(2)]

    assert again == made
    assert lowered[0] == lowered[1]
    assert (order.returns.count(), IdempotencyKey.objects.count()) == (2, 2)
    with pytest.raises(KeyReused):
        give_back(order, {line: 1}, once=make_once("r1", "another payload"))

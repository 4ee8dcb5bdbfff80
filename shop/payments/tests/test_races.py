"""Several clerks and programs pay at once, on real connections."""

from decimal import Decimal
from typing import Any

import pytest

from shop.db.idempotency import Once
from shop.models import Order, Payment, Register, TillSession
from shop.payments import errors
from shop.payments.tests.entries import check_account, make_order, pay, refund, reverse
from shop.returns.services import cancel_order
from testing.transactions import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_sixteen_clients_at_four_tills() -> None:
    tills = [Register.objects.get(prefix="T1")]
    tills += [Register.objects.create(name=f"Till {number}", prefix=f"T{number}") for number in (2, 3, 4)]
    orders = [make_order("20.00") for _ in range(16)]

    def serve(number: int) -> list[Payment]:
        order, till = orders[number], tills[number % 4].pk
        first = pay(order, "cash", "5.00", "10.00", register_id=till)
        back = refund(order, "cash", "1.00", first, register_id=till)
        return [first, back, pay(order, "cash", tendered="20.00", register_id=till)]

    results = run_at_once(*[lambda number=number: serve(number) for number in range(16)])

    assert [type(result) for result in results] == [list] * 16, results
    assert {check_account(order) for order in orders} == {"20.00 0.00"}
    sessions = TillSession.objects.all()
    assert sorted(session.register_id for session in sessions) == sorted(till.pk for till in tills)
    for session in sessions:
        assert sum(session.payments.values_list("cash", flat=True)) == Decimal("80.00")


def test_sixteen_clients_of_the_api_share_its_register() -> None:
    orders = [make_order("20.00") for _ in range(16)]

    results = run_at_once(
        *[lambda order=order: pay(order, "cash", tendered="50.00", register_id=None) for order in orders]
    )

    assert [type(result) for result in results] == [Payment] * 16, results
    [session] = TillSession.objects.all()
    assert sum(session.payments.values_list("cash", flat=True)) == Decimal("320.00")


def test_two_clerks_on_one_order() -> None:
    order = make_order("100.00")

    def take(method: str) -> Payment:
        return pay(order, method, "100.00", seen_balance=Decimal("100.00"))

    results = run_at_once(lambda: take("cash"), lambda: take("card"))

    [paid] = [result for result in results if isinstance(result, Payment)]
    [told] = [result for result in results if isinstance(result, errors.BalanceChanged)]
    assert (told.balance, told.last and told.last.method) == (0, paid.method)
    assert check_account(order) == "100.00 0.00"


def test_one_key_several_times_at_once_pays_once() -> None:
    order = make_order("100.00")

    def take() -> Payment:
        once = Once.from_payload("k", operation="payment", user_id=1, payload="5")
        return pay(order, "card", "60.00", once=once)

    def give_back(payment: Payment) -> Any:
        once = Once.from_payload("r", operation="refund", user_id=1, payload="5")
        return refund(order, "card", "60.00", payment, once=once)

    taken = run_at_once(*[take] * 4)
    assert {payment.pk for payment in taken} == {Payment.objects.get().pk}
    given = run_at_once(*[lambda: give_back(taken[0])] * 4)
    assert len({payment.pk for payment in given}) == 1
    assert check_account(order) == "0.00 100.00"


def test_of_two_refunds_of_one_payment_one_is_refused() -> None:
    order = make_order("100.00")
    payment = pay(order, "card", "60.00")

    results = run_at_once(*[lambda: refund(order, "card", "60.00", payment)] * 3)

    assert sum(isinstance(result, Payment) for result in results) == 1
    assert check_account(order) == "0.00 100.00"


def test_a_refund_against_a_reversal() -> None:
    order = make_order("100.00")
    payment = pay(order, "cash", "60.00")

    run_at_once(lambda: refund(order, "cash", "60.00", payment), lambda: reverse(payment))

    assert check_account(order) == "0.00 100.00"
    assert Payment.objects.count() == 2


def test_reversing_several_times_at_once_adds_one_entry() -> None:
    order = make_order("100.00")
    payment = pay(order, "cash", "60.00")

    results = run_at_once(*[lambda: reverse(payment)] * 4)

    assert len({result.pk for result in results}) == 1
    assert check_account(order) == "0.00 100.00"


def test_a_payment_against_cancelling() -> None:
    order = make_order("100.00")

    def cancel() -> Order:
        return cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)

    _, taken = run_at_once(cancel, lambda: pay(order, "card", "100.00"))

    order.refresh_from_db()
    assert order.status == "cancelled"
    if isinstance(taken, Payment):
        assert check_account(order) == "100.00 -100.00"
    else:
        assert isinstance(taken, errors.NotPayable)
        assert not Payment.objects.exists()

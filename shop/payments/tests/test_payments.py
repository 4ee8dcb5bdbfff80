"""Payments and refunds by their services."""

from decimal import Decimal

import pytest

from shop.db.errors import ShopError
from shop.models import Order, Payment, Register, TillSession, User
from shop.money.errors import MoreThanDue, MoreThanPaid
from shop.payments import errors
from shop.payments.tests.entries import check_account, figures, make_order, pay, refund
from testing.factories import DraftFactory

pytestmark = pytest.mark.django_db


def test_several_payments_settle_an_order(clerk: User) -> None:
    order = make_order("100.00")
    pay(order, "voucher", "25.00", slip="V-1", staff_id=clerk.pk)
    pay(order, "card", "50.00")
    pay(order, "cash", tendered="20.00")
    last = pay(order, "cash", tendered="50.00")

    assert figures(last) == "5.00 45.00 5.00 0.00"
    assert check_account(order) == "100.00 0.00"
    assert last.order.balance == 0
    voucher = order.payments.get(method="voucher")
    assert (voucher.author, voucher.reference, voucher.currency) == (clerk, "V-1", "USD")
    assert (order.changed_by, order.version) == (None, 7)


def test_what_is_paid_at_a_counter_is_in_the_session_of_its_till() -> None:
    order = make_order("30.00")
    assert not TillSession.objects.exists()
    pay(order, "cash", "10.00")
    pay(order, "card", "10.00")

    [session] = TillSession.objects.all()
    assert (session.number, session.opening_float, session.register.prefix) == (1, 0, "T1")
    assert set(order.payments.values_list("session", flat=True)) == {session.pk}
    assert Register.objects.get(prefix="T1").open_session == session


def test_the_clerk_is_told_who_was_first(clerk: User, manager: User) -> None:
    order = make_order("100.00")
    pay(order, "cash", "60.00", staff_id=manager.pk)

    with pytest.raises(errors.BalanceChanged) as refusal:
        pay(order, "card", "100.00", seen_balance=Decimal("100.00"), staff_id=clerk.pk)

    last = refusal.value.last
    assert last is not None
    assert (last.by, last.method, last.amount, refusal.value.is_own) == ("manager", "cash", 60, False)
    assert (refusal.value.seen, refusal.value.balance) == (100, 40)
    assert check_account(order) == "60.00 40.00"
    with pytest.raises(errors.BalanceChanged):
        refund(order, "cash", "1.00", seen_balance=Decimal("0.00"))


def test_a_deposit_may_go_back() -> None:
    order = make_order("100.00")
    deposit = pay(order, "card", "30.00")

    assert (
        figures(refund(order, "card", "30.00", deposit, reason="Comes tomorrow")) == "-30.00 0.00 0.00 0.00"
    )
    assert check_account(order) == "0.00 100.00"
    with pytest.raises(MoreThanPaid):
        refund(order, "card", "0.01", deposit)


@pytest.mark.parametrize("status", ["cancelled", "draft"])
def test_nobody_pays_for_it(status: str) -> None:
    order = DraftFactory() if status == "draft" else make_order("10.00")
    Order.objects.filter(pk=order.pk).update(status=status)

    with pytest.raises(errors.NotPayable):
        pay(order, "card", "1.00")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "slip",
    [
        "4111111111111111",
        "Visa 4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "378282246310005",
        "4111 1111 1111 1111 12/26",
    ],
)
def test_no_number_of_a_card_is_stored(slip: str) -> None:
    order = make_order("10.00")

    with pytest.raises(errors.CardNumberRefused) as refusal:
        pay(order, "card", "1.00", slip=slip)
    assert "1111" not in str(refusal.value)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "slip", ["4111111111111112", "0042", "TA 000123456789", "123456789012", "41111111111111110000"]
)
def test_numbers_of_slips_are(slip: str) -> None:
    assert pay(make_order("10.00"), "card", "1.00", slip=slip).reference == slip


def test_an_error_changes_nothing() -> None:
    order = make_order("10.00")
    pay(order, "card", "4.00")

    with pytest.raises(MoreThanDue):
        pay(order, "card", "6.01")
    with pytest.raises(ShopError):
        pay(order, "cash", "6.00", "5.99")
    assert check_account(order) == "4.00 6.00"

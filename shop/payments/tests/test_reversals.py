"""Reversals: what was keyed by mistake is taken back in the same session."""

from decimal import Decimal

import pytest
from django.test.utils import override_settings
from django.utils import timezone

from shop.models import Register, TillSession, User
from shop.money.errors import MoreThanPaid
from shop.payments import errors, services
from shop.payments.tests.entries import check_account, figures, make_order, pay, refund, reverse

pytestmark = pytest.mark.django_db


def close_till() -> None:
    """Closes the open session of Till 1, as counting it does."""
    Register.objects.filter(prefix="T1").update(open_session=None)
    TillSession.objects.filter(closed_at=None).update(
        closed_at=timezone.now(), expected=0, counted=0, difference=0, banked=0
    )


def test_a_payment_is_reversed_once(clerk: User) -> None:
    order = make_order("100.00")
    payment = pay(order, "cash", "60.00", "100.00")

    first = services.reverse_payment(payment_id=payment.pk, reason="Wrong order", staff_id=clerk.pk)

    assert figures(first) == "-60.00 0.00 -60.00 0.00"
    assert (first.reverses, first.reason, first.author, first.session) == (
        payment,
        "Wrong order",
        clerk,
        payment.session,
    )
    assert check_account(order) == "0.00 100.00"
    assert reverse(payment) == first
    assert check_account(order) == "0.00 100.00"


@override_settings(SHOP_CASH_STEP=Decimal("0.05"))
def test_a_refund_is_reversed_with_its_rounding() -> None:
    order = make_order("12.91")
    pay(order, "cash", tendered="20.00")
    back = refund(order, "cash", "12.91")
    assert figures(back) == "-12.91 0.00 -12.90 -0.01"

    assert figures(reverse(back)) == "12.91 0.00 12.90 0.01"
    assert check_account(order) == "12.91 0.00"
    # What was reversed does not count: the same refund again gives the same.
    assert figures(refund(order, "cash", "12.91")) == "-12.91 0.00 -12.90 -0.01"


def test_only_in_the_same_session() -> None:
    order = make_order("100.00")
    payment, without = pay(order, "card", "10.00"), pay(order, "card", "10.00", register_id=None)
    close_till()

    for row in (payment, without):
        with pytest.raises(errors.NotReversible) as refusal:
            reverse(row)
        assert refusal.value.why == "session"
    assert check_account(order) == "20.00 80.00"


def test_of_a_till_that_is_closed_it_says_to_refund() -> None:
    order = make_order("100.00")
    payment = pay(order, "card", "10.00")
    close_till()
    Register.objects.filter(prefix="T1").update(opens_itself=False)

    with pytest.raises(errors.NotReversible) as refusal:
        reverse(payment)

    assert refusal.value.why == "session"


def test_what_was_given_back_or_reversed_is_not_reversed() -> None:
    order = make_order("100.00")
    refunded, reversed_once = pay(order, "card", "10.00"), pay(order, "card", "10.00")
    refund(order, "card", "5.00", refunded)

    with pytest.raises(errors.NotReversible, match="refunded"):
        reverse(refunded)
    with pytest.raises(errors.NotReversible, match="reversal"):
        reverse(reverse(reversed_once))
    with pytest.raises(MoreThanPaid):
        refund(order, "card", "5.00", reversed_once)
    with pytest.raises(errors.ReasonMissing):
        reverse(refunded, reason="")


def test_never_more_than_is_paid() -> None:
    order = make_order("100.00")
    payment = pay(order, "cash", "10.00")
    refund(order, "cash", "10.00")

    with pytest.raises(MoreThanPaid):
        reverse(payment)


def test_the_next_session_begins_with_what_the_last_one_left() -> None:
    order = make_order("100.00")
    pay(order, "cash", "10.00")
    close_till()
    TillSession.objects.update(counted=Decimal(50), banked=Decimal(20), expected=Decimal(50))

    payment = pay(order, "cash", "10.00")

    assert payment.session is not None
    assert (payment.session.number, payment.session.opening_float) == (2, Decimal(30))

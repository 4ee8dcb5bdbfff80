"""What the database itself refuses, whoever writes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.db import transaction as transactions
from django.utils import timezone

from shop.models import Order, Payment, TillSession
from shop.payments.tests.entries import make_order, pay
from shop.till.services import find_register_id

pytestmark = pytest.mark.django_db


def add(**values: Any) -> Payment:
    """Adds a row: 10.00 in cash, unless said otherwise."""
    order = make_order("100.00")
    pay(order, "card", "1.00")
    session = TillSession.objects.get()
    amounts = {"amount": "10.00", "cash": "10.00", "tendered": "10.00", "change": "0", "rounding": "0"}
    row = {"order": order, "method": "cash", "session": session, "currency": "USD"} | amounts | values
    row |= {name: Decimal(row[name]) for name in amounts}
    with transactions.atomic():
        return Payment.objects.create(business_day=timezone.localdate(), **row)


NO_CASH = {"method": "card", "cash": "0", "tendered": "0"}


@pytest.mark.parametrize(
    "values",
    [
        {"amount": "0.30", "cash": "0.10", "rounding": "0.20", "tendered": "0.10"},
        {"tendered": "50.00", "change": "40.00"},
        {"amount": "-10.00", "cash": "-10.00", "tendered": "0"},
        {"amount": "0.02", "cash": "0", "rounding": "0.02", "tendered": "0"},
        NO_CASH,
        NO_CASH | {"session": None},
    ],
)
def test_a_right_row_is_stored(values: dict[str, Any]) -> None:
    assert add(**values).pk


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"amount": "0", "cash": "0", "tendered": "0"}, "payment_not_zero"),
        ({"session": None}, "payment_cash_adds_up"),
        ({"cash": "9.99", "tendered": "9.99"}, "payment_cash_adds_up"),
        ({"rounding": "0.01"}, "payment_cash_adds_up"),
        ({"method": "card"}, "payment_cash_adds_up"),
        (NO_CASH | {"change": "1.00", "tendered": "1.00"}, "payment_cash_adds_up"),
        ({"tendered": "50.00", "change": "39.99"}, "payment_change_adds_up"),
        ({"tendered": "9.00", "change": "-1.00"}, "payment_change_adds_up"),
        ({"amount": "-10.00", "cash": "-10.00", "tendered": "5", "change": "5"}, "payment_change_adds_up"),
        ({"amount": "-1", "cash": "1", "rounding": "-2", "tendered": "1"}, "payment_change_adds_up"),
    ],
)
def test_a_wrong_row_is_refused(values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        add(**values)


def test_entries_about_other_entries() -> None:
    payment = add()

    with pytest.raises(IntegrityError, match="payment_refund_is_negative"):
        add(refund_of=payment)
    back = {"amount": "-10.00", "cash": "-10.00", "tendered": "0", "reverses": payment}
    with pytest.raises(IntegrityError, match="payment_reversal_has_reason"):
        add(**back)
    add(**back, reason="x")
    with pytest.raises(IntegrityError):
        add(**back, reason="x")


@pytest.mark.parametrize(
    "values",
    [
        {"balance": Decimal("99.99")},
        {"balance": None, "paid": Decimal(1)},
        {"paid": Decimal(-1), "balance": Decimal(101)},
        {"returned": Decimal("100.01"), "balance": Decimal("-0.01")},
    ],
)
def test_an_account_that_does_not_add_up_is_refused(values: dict[str, Any]) -> None:
    order = make_order("100.00")

    with pytest.raises(IntegrityError), transactions.atomic():
        Order.objects.filter(pk=order.pk).update(**values)


def test_a_register_is_open_once() -> None:
    register = find_register_id(None)
    TillSession.objects.create(register_id=register, number=1)

    with pytest.raises(IntegrityError):
        TillSession.objects.create(register_id=register, number=2)

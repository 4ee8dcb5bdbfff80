"""Paper that is issued after a return: its sums add up, whether a credit note says so or not."""

import pytest
from django.test import Client

from shop.documents import services as documents
from shop.documents.tests.sales import credit_note, invoice, make_customer, pay_in_cash, sell_e8, take_back
from shop.documents.tests.test_views_documents import show
from shop.documents.withdrawing import withdraw_invoice
from shop.models import Payment
from shop.payments.tests.entries import refund
from shop.till.services import find_register_id

pytestmark = pytest.mark.django_db


def test_an_invoice_after_a_return_adds_up(clerks: Client) -> None:
    order = sell_e8(customer=make_customer())
    pay_in_cash(order=order, amount="60.00", tendered="100.00")
    take_back(order=order, units={1: 1})

    page = show(clerks, invoice(order))

    # 134.99 - 28.93 - 60.00 = 46.06
    for text in ("Total $134.99", "Returned−$28.93", "change $40.00 $60.00", "Still to pay$46.06"):
        assert text in page


def test_an_invoice_that_nobody_paid_adds_up_after_a_return(clerks: Client) -> None:
    order = sell_e8(customer=make_customer())
    take_back(order=order, units={1: 1})

    page = show(clerks, invoice(order))

    for text in ("Total $134.99", "Returned−$28.93", "Still to pay$106.06"):
        assert text in page


def test_a_new_invoice_says_what_its_credit_notes_leave_of_a_return(clerks: Client) -> None:
    order = sell_e8(customer=make_customer())
    wrong = invoice(order)
    credit_note(take_back(order=order, units={1: 1}))
    withdraw_invoice(number=wrong.number, reason="name", register_id=find_register_id(None), staff_id=None)
    take_back(order=order, units={2: 1})

    page = show(clerks, invoice(order))

    # 134.99 - 28.93 = 106.06; 106.06 - 48.21 = 57.85
    for text in ("T1-000002 of", "−$28.93", "Total $106.06", "Returned−$48.21", "Still to pay$57.85"):
        assert text in page


def print_slip(payment: Payment) -> str:
    """Issues the slip of a payment, and returns the balance that it says."""
    slip = documents.issue_payment_slip(
        reference=payment.order.reference,
        payment_id=payment.pk,
        register_id=find_register_id(None),
        staff_id=None,
    )
    return str(slip.body["balance"])


def test_a_slip_says_the_balance_after_its_payment_whenever_it_is_printed() -> None:
    order = sell_e8(customer=make_customer())
    deposit = pay_in_cash(order=order, amount="60.00", tendered="100.00")
    take_back(order=order, units={1: 1})
    rest = pay_in_cash(order=order, amount="46.06", tendered="46.06")
    take_back(order=order, units={2: 1})
    back = refund(order, "cash", "48.21")

    # 134.99 - 60.00 = 74.99; 74.99 - 28.93 - 46.06 = 0.00; 0.00 - 48.21 + 48.21 = 0.00
    assert [print_slip(payment) for payment in (deposit, rest, back)] == ["74.99", "0.00", "0.00"]


def test_a_slip_counts_no_refund_that_came_later() -> None:
    order = sell_e8(customer=make_customer())
    rest = pay_in_cash(order=order, amount="134.99", tendered="134.99")
    take_back(order=order, units={1: 1})
    part = refund(order, "cash", "20.00")

    assert [print_slip(payment) for payment in (rest, part)] == ["0.00", "-8.93"]

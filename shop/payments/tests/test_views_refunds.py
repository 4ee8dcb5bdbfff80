"""The page of a refund: sent twice, and what it says goes back in cash."""

from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import Settings

from shop.payments.tests.entries import check_account, make_order, pay
from shop.payments.tests.test_views_payments import fill

pytestmark = pytest.mark.django_db


def test_a_refund_of_all_of_a_payment_is_sent_twice_and_given_once(clerks: Client) -> None:
    order = make_order("100.00")
    card = pay(order, "card", "30.00")
    data = fill(clerks, order, "refund", source=str(card.pk), amount="30")

    answers = [clerks.post(f"{order.get_absolute_url()}refund/", data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert check_account(order) == "0.00 100.00"


def test_cash_that_was_rounded_goes_back_rounded_before_the_card(clerks: Client, settings: Settings) -> None:
    settings.SHOP_CASH_STEP = Decimal("0.05")
    order = make_order("12.91")
    pay(order, "card", "10.00")
    pay(order, "cash", tendered="2.90")
    data = fill(clerks, order, "refund", source="cash", amount="2.91")

    clerks.post(f"{order.get_absolute_url()}refund/", data)

    assert "Give back $2.90 (Cash)." in clerks.get(order.get_absolute_url()).content.decode()
    assert check_account(order) == "10.00 2.91"

"""The page of a refund: what it proposes, sent twice, and what it says goes back in cash."""

from decimal import Decimal

import pytest
from django.test import Client
from django.test.utils import override_settings
from pytest_django import Settings

from shop.models import Payment
from shop.money.errors import MoreThanPaid
from shop.payments.tests.entries import check_account, make_order, pay, refund, take_back
from shop.payments.tests.test_views_payments import fill, read
from testing.pages import Page

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


def test_a_refund_is_proposed_to_the_card_first(clerks: Client) -> None:
    order = make_order("100.00")
    pay(order, "cash", "50.00")
    card = pay(order, "card", "50.00")
    take_back(order, "60.00")
    address = f"{order.get_absolute_url()}refund/"
    assert "Refund $60.00" in read(clerks, order.get_absolute_url()).text

    page = read(clerks, address)
    assert [(row["value"]) for row in page.all("input", name="source")] == [str(card.pk), "cash"]
    assert [row["value"] for row in page.all("input", name="amount", type="hidden")] == ["50.00", "10.00"]
    first = clerks.post(address, page.fields("refund/"))
    assert (first.status_code, first["Location"]) == (303, address)
    assert "Give back $50.00 (Card)" in read(clerks, address).text
    second = clerks.post(address, read(clerks, address).fields("refund/"))
    assert (second.status_code, second["Location"]) == (303, order.get_absolute_url())
    assert check_account(order) == "40.00 0.00"


def test_a_deposit_goes_back_with_a_reason(clerks: Client) -> None:
    order = make_order("100.00")
    card = pay(order, "card", "30.00")
    fields = {"source": str(card.pk), "amount": "30.01", "reason": "Too dear"}
    data = fill(clerks, order, "refund", **fields)

    response = clerks.post(f"{order.get_absolute_url()}refund/", data)
    assert (response.status_code, "Only $30.00 is left" in Page(response).text) == (422, True)
    clerks.post(f"{order.get_absolute_url()}refund/", data | {"amount": "30"})

    back = Payment.objects.get(amount__lt=0)
    assert (back.refund_of, back.reason, back.method) == (card, "Too dear", "card")
    assert "Card, refund Too dear" in read(clerks, order.get_absolute_url()).text


def test_a_refund_of_cash_names_what_leaves_the_drawer(clerks: Client) -> None:
    order = make_order("49.99")
    with override_settings(SHOP_CASH_STEP=Decimal("0.05")):
        pay(order, "cash", tendered="50.00")
        data = fill(clerks, order, "refund", source="cash", amount="49.99")
        response = clerks.post(f"{order.get_absolute_url()}refund/", data)

    assert "Give back $50.00 (Cash)" in read(clerks, response["Location"]).text
    with pytest.raises(MoreThanPaid):
        refund(order, "cash", "0.01")

"""The till is closed: nothing that was typed is lost, and it can be sent again once the till is open."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.conftest import PASSWORD
from shop.counter.tests.test_views_counter import read_form, send
from shop.counter.tests.test_views_exchange import open_above_limit
from shop.models import Order, Payment, Register, User
from shop.payments.tests.entries import make_order, pay
from shop.payments.tests.test_views_payments import fill
from shop.till.tests.test_sessions import close, start
from testing.pages import Page

pytestmark = pytest.mark.django_db

MANAGER = {"manager": "manager", "password": PASSWORD}


def close_till() -> None:
    """Closes the till as somebody who opened it by hand does, so that no payment opens it."""
    if session := Register.objects.get(prefix="T1").open_session:
        close(session, "4×50")
    close(start(), "4×50")


def expect_given_back(answer: Any, **typed: str) -> dict[str, str]:
    """Expects the page that leads to opening the till; opens it, and returns the page's fields."""
    page, path = Page(answer), answer.wsgi_request.path
    assert answer.status_code == 409
    assert "Till 1 is closed. Open it first." in page.text
    # The page stays, so that the form can be sent after the till was opened elsewhere.
    [link] = page.all("a", href=f"/tills/{Register.objects.get(prefix='T1').pk}/open/")
    assert (link["target"], page.focused_names) == ("_blank", ["a"])
    assert PASSWORD not in page.source
    fields = page.fields(path)
    assert fields.items() >= typed.items()
    start()
    return fields


def test_a_payment_is_sent_again(clerks: Client) -> None:
    order = make_order("100.00")
    typed = {"method": "cash", "amount": "60", "tendered": "100", "reference": "K7"}
    data, path = fill(clerks, order, **typed), f"{order.get_absolute_url()}payment/"
    close_till()

    fields = expect_given_back(clerks.post(path, data), **typed, key=data["key"])

    assert [clerks.post(path, fields).status_code for _ in range(2)] == [303, 303]
    assert [(str(row.amount), str(row.change)) for row in Payment.objects.all()] == [("60.00", "40.00")]


def test_a_confirmed_refund_is_sent_again(clerks: Client, manager: User) -> None:
    pay(order := make_order("500.00"), "cash", tendered="500")
    typed = {"source": "cash", "amount": "300", "reason": "Broken"}
    data, path = fill(clerks, order, "refund", **typed), f"{order.get_absolute_url()}refund/"
    close_till()

    fields = expect_given_back(clerks.post(path, data | MANAGER), **typed, manager="manager", password="")

    assert clerks.post(path, fields | {"password": PASSWORD}).status_code == 303
    assert str(order.payments.get(amount__lt=0).amount) == "-300.00"


def test_a_sale_is_sent_again(draft: Order, clerks: Client) -> None:
    form = read_form(clerks, draft)
    close_till()

    fields = expect_given_back(send(clerks, draft, form, "c 5 + 50"), tender="c 5 + 50")

    assert clerks.post(f"{draft.get_absolute_url()}sell/", fields).status_code == 303
    assert [str(row.amount) for row in draft.payments.order_by("id")] == ["5.00", "15.00"]


def test_a_confirmed_exchange_is_sent_again(draft: Order, clerks: Client, manager: User) -> None:
    form, path = open_above_limit(clerks, draft), f"{draft.get_absolute_url()}exchange/"
    close_till()

    fields = expect_given_back(clerks.post(path, form | MANAGER), **form)

    assert clerks.post(path, fields | {"password": PASSWORD}).status_code == 303
    assert draft.payments.get(method="cash", amount__lt=0).amount == Decimal("-6.00")


def test_a_name_on_an_invoice_is_sent_again(clerks: Client) -> None:
    order, typed = make_order("5.00"), {"name": "Ada King", "address": "Ockham Park"}
    path = f"{order.get_absolute_url()}invoice/"
    close_till()

    assert clerks.post(path, expect_given_back(clerks.post(path, typed), **typed)).status_code == 303


def test_where_nothing_was_typed_the_page_leads_to_the_till_only(clerks: Client) -> None:
    path = f"{make_order('5.00').get_absolute_url()}receipt/"
    close_till()

    page = Page(clerks.post(path))

    assert "Till 1 is closed. Open it first." in page.text
    assert not page.all("form", action=path)

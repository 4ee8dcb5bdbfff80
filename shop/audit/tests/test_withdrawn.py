"""A10 and A11 of invoices that were withdrawn, and of those that follow them."""

from typing import Any

import pytest
from django.db.models import F

from shop.audit.tests.planting import CENT, failed, fill_shop, update
from shop.documents.models import Document, DocumentTax
from shop.documents.tests.sales import credit_note, invoice, sell_e8, take_back
from shop.documents.tests.test_withdrawing import withdraw
from shop.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """E8 with its first line back, and what is left of its invoice withdrawn."""
    order = fill_shop()
    withdraw(order.documents.get(kind="invoice"))
    return order


def rows_of(document: Document) -> tuple[Any, Any]:
    return Document.objects.filter(pk=document.pk), DocumentTax.objects.filter(document=document)


def test_withdrawals_and_new_invoices_add_up(order: Order) -> None:
    assert failed() == {}
    invoice(order)
    assert failed() == {}
    credit_note(take_back(order=order, units={2: 1}))
    assert failed() == {}

    whole = invoice(sell_e8(), name="Ada King")
    withdraw(whole)
    assert failed() == {}


def test_a_rate_that_was_not_taken_back_is_found(order: Order) -> None:
    note = Document.objects.order_by("pk").last()
    update(DocumentTax.objects.filter(document=note, percent=7), percent=19)

    assert any("At 7.000 % it states 48.21 with 3.15 tax; the" in text for text in failed()["A11"])


def test_a_withdrawal_of_less_is_found(order: Order) -> None:
    for rows in rows_of(Document.objects.order_by("pk").last()):
        update(rows, gross=F("gross") - CENT, net=F("net") - CENT)

    assert any("It is 134.99, for 134.98." in text for text in failed()["A11"])


def test_a_new_invoice_over_what_was_credited_is_found(order: Order) -> None:
    for rows in rows_of(invoice(order)):
        update(rows, gross=F("gross") + CENT, net=F("net") + CENT)

    assert any("It is 48.22, for 48.21." in text for text in failed()["A11"])

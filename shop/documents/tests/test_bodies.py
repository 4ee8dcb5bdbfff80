"""What receipts, invoices, slips and credit notes say, to the cent, with prices with and without tax."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from shop.documents import services as documents
from shop.documents.models import Document
from shop.documents.tests.sales import (
    credit_note,
    give_receipt,
    invoice,
    make_customer,
    pay_in_cash,
    sell_e3,
    sell_e8,
    take_back,
)
from shop.documents.withdrawing import withdraw_invoice
from shop.money.amounts import format_percent
from shop.till.services import find_register_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(settings: Settings) -> None:
    settings.SHOP_NAME, settings.SHOP_CURRENCY = "Lamps & Co", "EUR"
    settings.SHOP_ADDRESS, settings.SHOP_TAX_ID = "1 High Street\nBerlin", "DE123456789"


def amounts(rows: list[dict[str, Any]], *names: str) -> list[str]:
    """The texts of some keys of each row, with a space between them."""
    return [" ".join(str(row[name]) for name in names) for row in rows]


def taxes(document: Document) -> list[str]:
    """What is stored for each rate; it must be what is printed."""
    stored = [
        f"{tax.code} {format_percent(tax.percent)} {tax.gross:.2f} {tax.net:.2f} {tax.tax:.2f}"
        for tax in Document.objects.get(pk=document.pk).taxes.order_by("id")
    ]
    if document.counts_tax:
        assert amounts(document.body["taxes"], "code", "percent", "gross", "net", "tax") == stored
    return stored


MONEY = ("discount", "share", "gross", "net", "tax")


@pytest.mark.parametrize(
    ("include_tax", "lines", "rates", "total"),
    [
        (
            True,
            ["0.00 6.35 33.63 28.26 5.37", "0.00 1.66 8.81 8.23 0.58", "0.00 1.99 10.51 8.83 1.68"],
            ["T19 19 44.14 37.09 7.05", "T7 7 8.81 8.23 0.58"],
            "52.95 45.32 7.63",
        ),
        (
            False,
            ["0.00 6.35 40.02 33.63 6.39", "0.00 1.66 9.43 8.81 0.62", "0.00 1.99 12.51 10.51 2.00"],
            ["T19 19 52.53 44.14 8.39", "T7 7 9.43 8.81 0.62"],
            "61.96 52.95 9.01",
        ),
    ],
    ids=["prices with tax", "net prices"],
)
def test_the_receipt_of_e3(
    settings: Settings, include_tax: bool, lines: list[str], rates: list[str], total: str
) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = include_tax
    order = sell_e3()
    payment = pay_in_cash(order=order, amount=str(order.total), tendered="100.00")

    receipt = give_receipt(order=order, payments=[payment])

    body = Document.objects.get(pk=receipt.pk).body
    assert amounts(body["lines"], *MONEY) == lines
    assert amounts(body["lines"], "name", "quantity", "unit_price", "tax_code", "tax_percent") == [
        "Thing of 19.99 2 19.99 T19 19",
        "Thing of 3.49 3 3.49 T7 7",
        "Thing of 12.50 1 12.50 T19 19",
    ]
    assert taxes(receipt) == rates
    assert amounts([body], "gross", "net", "tax") == [total]
    assert amounts([body], "subtotal", "discount", "currency", "returned", "balance") == [
        "62.95 10.00 EUR 0.00 0.00"
    ]


def test_a_receipt_says_who_sold_what_to_whom_and_how_it_was_paid() -> None:
    order = sell_e3()
    payment = pay_in_cash(order=order, amount="52.95", tendered="100.00")

    body = Document.objects.get(pk=give_receipt(order=order, payments=[payment]).pk).body

    assert body["payments"] == [
        {
            "id": payment.pk,
            "method": "cash",
            "day": timezone.localdate().isoformat(),
            "reference": "",
            "amount": "52.95",
            "tendered": "100.00",
            "change": "47.05",
            "cash": "52.95",
            "rounding": "0.00",
        }
    ]
    assert body["company"] == {
        "name": "Lamps & Co",
        "address": "1 High Street\nBerlin",
        "tax_id": "DE123456789",
    }
    assert body["customer"] is None
    assert body["order"] == {"reference": order.reference, "day": timezone.localdate().isoformat()}
    assert (body["kind"], body["number"], body["register"]) == ("receipt", "T1-000001", "Till 1")
    assert body["prices_include_tax"] is True


@pytest.mark.parametrize(
    ("include_tax", "lines", "rates", "returned"),
    [
        (
            True,
            ["10.00 3.21 86.78 72.92 13.86", "0.00 1.79 48.21 45.06 3.15"],
            ["T19 19 86.78 72.92 13.86", "T7 7 48.21 45.06 3.15"],
            ["T19 19 57.85 48.61 9.24", "T19 19 28.93 24.31 4.62"],
        ),
        (
            False,
            ["10.00 3.21 103.27 86.78 16.49", "0.00 1.79 51.58 48.21 3.37"],
            ["T19 19 103.27 86.78 16.49", "T7 7 51.58 48.21 3.37"],
            ["T19 19 68.85 57.86 10.99", "T19 19 34.42 28.92 5.50"],
        ),
    ],
    ids=["prices with tax", "net prices"],
)
def test_the_invoice_and_the_credit_notes_of_e8(
    settings: Settings, include_tax: bool, lines: list[str], rates: list[str], returned: list[str]
) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = include_tax
    order = sell_e8(customer=make_customer())

    made = invoice(order)
    notes = [credit_note(take_back(order=order, units={1: units})) for units in (2, 1)]

    assert amounts(made.body["lines"], *MONEY) == lines
    assert taxes(made) == rates
    assert made.body["customer"] == {"name": "Ada Lovelace", "address": "12 St James's Square\nLondon"}
    assert made.body["names"] is None
    assert [taxes(note)[0] for note in notes] == returned
    assert [amounts(note.body["lines"], "name", "quantity") for note in notes] == [
        ["Thing of 33.33 2"],
        ["Thing of 33.33 1"],
    ]
    today = timezone.localdate().isoformat()
    for note in notes:
        assert note.corrects == made
        assert note.body["names"] == {"kind": "invoice", "number": made.number, "day": today}
        assert note.body["customer"] == made.body["customer"]
        assert note.body["return"] == {"kind": "goods", "reason": "too bright", "day": today}
    assert [made.number, *(note.number for note in notes)] == ["T1-000001", "T1-000002", "T1-000003"]


def test_an_invoice_starts_the_balance() -> None:
    order = sell_e8(customer=make_customer())
    assert order.balance is None

    body = invoice(order).body

    order.refresh_from_db()
    assert (order.balance, body["balance"]) == (order.total, "134.99")


def test_an_invoice_after_a_receipt_names_it_and_counts_no_tax() -> None:
    order = sell_e8(customer=make_customer())
    receipt = give_receipt(order=order)

    made = invoice(order)

    assert made.counts_tax is False
    assert made.body["names"]["number"] == receipt.number
    # It prints the tax, which its reader needs, and the sums count once.
    assert amounts(made.body["taxes"], "code", "tax") == ["T19 13.86", "T7 3.15"]
    assert taxes(made) == []
    assert credit_note(take_back(order=order, units={1: 1})).corrects == receipt


def test_a_credit_note_after_receipt_and_invoice_is_for_whom_the_invoice_was_and_names_it() -> None:
    order = sell_e8(customer=make_customer())
    receipt = give_receipt(order=order)
    made = invoice(order, name="Analytical Engines", address="1 Mill Lane")

    note = credit_note(take_back(order=order, units={1: 1}))

    # It takes back tax, which the receipt counts.
    assert (note.corrects, note.counts_tax, taxes(note)) == (receipt, True, ["T19 19 28.93 24.31 4.62"])
    assert note.body["customer"] == {"name": "Analytical Engines", "address": "1 Mill Lane"}
    assert (note.body["names"]["kind"], note.body["names"]["number"]) == ("invoice", made.number)
    # The invoice is withdrawn: what is valid is the receipt, for the customer of the order.
    withdraw_invoice(number=made.number, reason="name", register_id=find_register_id(None), staff_id=None)
    later = credit_note(take_back(order=order, units={2: 1}))
    assert (later.corrects, later.body["customer"]["name"]) == (receipt, "Ada Lovelace")
    assert later.body["names"]["number"] == receipt.number


def test_an_invoice_may_be_for_somebody_else() -> None:
    made = invoice(sell_e8(), name="Analytical Engines", address="1 Mill Lane")

    assert made.body["customer"] == {"name": "Analytical Engines", "address": "1 Mill Lane"}


def test_the_slip_of_a_payment() -> None:
    order = sell_e8(customer=make_customer())
    payment = pay_in_cash(order=order, amount="60.00", tendered="100.00")

    slip = documents.issue_payment_slip(
        reference=order.reference,
        payment_id=payment.pk,
        register_id=find_register_id(None),
        staff_id=None,
    )

    assert amounts(slip.body["payments"], "amount", "tendered", "change") == ["60.00 100.00 40.00"]
    assert amounts([slip.body], "kind", "gross", "tax", "balance") == ["slip 60.00 0.00 74.99"]
    assert taxes(slip) == []

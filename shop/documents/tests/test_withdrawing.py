"""A wrong invoice is withdrawn once, as a whole or what returns left of it, and a new one follows."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from shop.db.errors import NotFound
from shop.documents.errors import InvoiceNeedsName, NothingToWithdraw, WithdrawalNeedsReason
from shop.documents.models import Document
from shop.documents.tests.sales import (
    credit_note,
    give_receipt,
    invoice,
    make_customer,
    sell_e3,
    sell_e8,
    series,
    take_back,
)
from shop.documents.tests.test_documents import assert_chain_holds, run_in_threads
from shop.documents.tests.test_views_documents import read
from shop.documents.withdrawing import withdraw_invoice
from shop.models import Order
from shop.till.services import find_register_id

WHOLE = [("19", "86.78", "72.92", "13.86"), ("7", "48.21", "45.06", "3.15")]


def withdraw(document: Document, reason: str = "another name") -> Document:
    return withdraw_invoice(
        number=document.number, reason=reason, register_id=find_register_id(None), staff_id=None
    )


def rates(document: Document) -> list[tuple[str, ...]]:
    return [
        tuple(str(value) for value in (f"{row.percent.normalize():f}", row.gross, row.net, row.tax))
        for row in document.taxes.order_by("id")
    ]


@pytest.fixture
def order() -> Order:
    return sell_e8(customer=make_customer())


@pytest.mark.django_db
def test_a_whole_invoice_is_taken_back_and_followed_by_another(order: Order) -> None:
    wrong = invoice(order)
    account = Order.objects.values("total", "returned", "paid", "balance").get(pk=order.pk)

    note = withdraw(wrong)
    right = invoice(order, name="Ada King", address="Ockham Park")

    assert (note.kind, note.corrects, note.of_return, note.counts_tax) == ("credit_note", wrong, None, True)
    assert rates(note) == rates(wrong) == rates(right) == WHOLE
    assert note.gross == Decimal("134.99")
    assert (note.body["customer"], note.body["reason"]) == (wrong.body["customer"], "another name")
    assert right.body["customer"] == {"name": "Ada King", "address": "Ockham Park"}
    assert (right.body["names"], right.body["credited"]) == (None, [])
    assert Order.objects.values("total", "returned", "paid", "balance").get(pk=order.pk) == account
    assert_chain_holds(3)


@pytest.mark.django_db
def test_after_a_return_only_what_is_left_is_taken_back_and_invoiced(order: Order) -> None:
    wrong = invoice(order)
    credit_note(take_back(order=order, units={1: 2}))
    left = [("19", "28.93", "24.31", "4.62"), WHOLE[1]]

    second = withdraw(wrong), invoice(order)
    credit_note(take_back(order=order, units={1: 1}))
    third = withdraw(second[1]), invoice(order)

    assert [rates(paper) for paper in second] == [left, left]
    assert [rates(paper) for paper in third] == [[WHOLE[1]], [WHOLE[1]]]
    assert [row["gross"] for row in third[1].body["credited"]] == ["57.85", "28.93"]
    assert [row["gross"] for row in third[0].body["credited"]] == ["57.85", "28.93"]
    order.refresh_from_db()
    assert third[1].gross == order.total - order.returned == Decimal("48.21")


@pytest.mark.django_db
def test_an_invoice_after_a_receipt_is_withdrawn_without_tax() -> None:
    order = sell_e3(customer=make_customer())
    receipt, wrong = give_receipt(order=order), invoice(order)

    note, right = withdraw(wrong), invoice(order, name="Ada King")

    assert (note.counts_tax, rates(note), note.gross) == (False, [], receipt.gross)
    assert (right.counts_tax, rates(right), right.body["names"]["number"]) == (False, [], receipt.number)
    assert withdraw(wrong) == note


@pytest.mark.django_db
def test_asked_twice_it_is_the_same_and_the_new_invoice_stays(order: Order) -> None:
    wrong = invoice(order)
    note, right = withdraw(wrong), invoice(order)

    assert withdraw(wrong, "again") == note
    assert invoice(order) == right
    assert_chain_holds(3)


@pytest.mark.django_db(transaction=True)
def test_at_once_it_is_withdrawn_once() -> None:
    wrong = invoice(sell_e8(customer=make_customer()))

    assert run_in_threads(4, lambda number: withdraw(wrong)) == []
    assert_chain_holds(2)


@pytest.mark.django_db
def test_the_database_takes_one_withdrawal(order: Order) -> None:
    note = withdraw(invoice(order))
    note.pk, note.sequence, note.number, note._state.adding = None, 99, "T1-99", True

    with pytest.raises(IntegrityError):
        note.save()


@pytest.mark.django_db
def test_what_cannot_be_withdrawn() -> None:
    receipt = give_receipt(order=sell_e3())
    walk_in = sell_e8()
    named = invoice(walk_in, name="Ada King")
    for units in ({1: 3}, {2: 1}):
        credit_note(take_back(order=walk_in, units=units))

    for document in (receipt, named):
        with pytest.raises(NothingToWithdraw):
            withdraw(document)
    with pytest.raises(NotFound):
        withdraw_invoice(number="T1-9", reason="x", register_id=find_register_id(None), staff_id=None)
    other = invoice(sell_e8(customer=make_customer()))
    with pytest.raises(WithdrawalNeedsReason):
        withdraw(other, "  ")
    nameless = sell_e8()
    withdraw(invoice(nameless, name="Ada King"))
    with pytest.raises(InvoiceNeedsName):
        invoice(nameless)
    assert series().next_number == Document.objects.count() + 1


def post(client: Client, path: str, reason: str = "wrong street") -> Any:
    return client.post(path, {"reason": reason})


@pytest.mark.django_db
def test_the_page_asks_why_and_leads_to_the_credit_note(clerks: Client, order: Order) -> None:
    wrong = invoice(order)
    credit_note(take_back(order=order, units={1: 2}))
    page, path = order.get_absolute_url(), f"/documents/{wrong.number}/withdraw/"
    assert f'href="{path}"' in clerks.get(page).content.decode()
    assert "No goods come back" in read(clerks.get(path))
    assert post(clerks, path, "").status_code == 422

    answers = [post(clerks, path), post(clerks, path)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (303, "/documents/T1-000003/")
    ] * 2
    paper = read(clerks.get("/documents/T1-000003/"))
    assert "Corrects invoice T1-000001" in paper
    assert "Withdrawn: wrong street" in paper
    assert "Credited by T1-000002" in paper
    assert "Credited $77.14" in paper
    shown = clerks.get(page).content.decode()
    assert f'href="{page}invoice/"' in shown
    assert path not in shown


@pytest.mark.django_db
def test_only_an_invoice_has_the_page(clerks: Client) -> None:
    receipt = give_receipt(order=sell_e3())

    answer = clerks.get(f"/documents/{receipt.number}/withdraw/")

    assert (answer.status_code, answer["Location"]) == (303, receipt.get_absolute_url())

"""Numbers, the chain, what is asked for twice, and what is refused."""

import threading
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from shop.audit.checks import CHECKS, run_checks
from shop.audit.scope import Scope
from shop.db.errors import NotFound
from shop.db.transactions import retried_transaction
from shop.documents import services as documents
from shop.documents.chain import compute_hash
from shop.documents.errors import InvoiceNeedsName, NothingToCorrect, NothingToInvoice
from shop.documents.hooks import document_issued
from shop.documents.models import Document
from shop.documents.tests.sales import (
    credit_note,
    invoice,
    make_customer,
    make_product,
    pay_in_cash,
    sell,
    sell_e3,
    sell_e8,
    series,
    take_back,
)
from shop.models import User
from shop.money.pricing import NO_DISCOUNT
from shop.payments.services import record_payment
from shop.payments.tenders import Tender
from shop.till.services import find_register_id, lock_register
from testing.factories import DraftFactory


def run_in_threads(count: int, write: Any) -> list[Exception]:
    """Runs `write(number)` in so many threads at once; returns what they raised."""
    start, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait(5)
        try:
            write(number)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


def assert_chain_holds(count: int) -> None:
    register, rows = series(), list(Document.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == list(range(1, count + 1))
    assert register.next_number == count + 1
    previous = ""
    for row in rows:
        assert (row.previous_hash, row.hash) == (previous, compute_hash(previous, row.body))
        previous = row.hash
    assert register.chain == previous
    assert all(first.issued_at <= second.issued_at for first, second in pairwise(rows))


class Aborted(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_threads_issue_and_some_fail() -> None:
    lamp = make_product("10.00", "19")
    orders = [sell([(lamp, 1, NO_DISCOUNT)], customer=make_customer()) for _ in range(12)]

    @retried_transaction
    def issue_and_fail(*, order: Any) -> None:
        documents.issue_invoice.inside(
            reference=order.reference, register_id=find_register_id(None), staff_id=None
        )
        raise Aborted

    def issue_or_abort(number: int) -> None:
        order = orders[number]
        if number % 3 == 0:
            with pytest.raises(Aborted):
                issue_and_fail(order=order)
        else:
            invoice(order)

    assert run_in_threads(12, issue_or_abort) == []
    assert_chain_holds(8)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_one_invoice_get_the_same() -> None:
    order = sell_e8(customer=make_customer())

    assert run_in_threads(4, lambda number: invoice(order)) == []
    assert_chain_holds(1)


@pytest.mark.django_db
def test_what_is_there_is_returned() -> None:
    order = sell_e8(customer=make_customer())
    made, note = invoice(order), credit_note(back := take_back(order=order, units={1: 1}))

    assert invoice(order) == made
    assert credit_note(back) == note
    assert_chain_holds(2)


@pytest.mark.django_db
def test_a_withdrawn_invoice_is_followed_by_a_new_one() -> None:
    order = sell_e8(customer=make_customer())
    first = invoice(order)
    # A credit note over the whole invoice has no return.
    Document.objects.create(
        register=series(),
        sequence=99,
        number="T1-99",
        kind="credit_note",
        order=order,
        corrects=first,
        currency="USD",
        body={},
        gross=first.gross,
        net=first.net,
        tax=first.tax,
        hash="x",
    )

    second = invoice(order)

    assert (second.number, second.counts_tax, second.body["names"]) == ("T1-000002", True, None)


@pytest.mark.django_db
def test_refusals() -> None:
    draft, walk_in = DraftFactory(), sell_e3()
    order = sell_e8(customer=make_customer())
    back = take_back(order=order, units={1: 1})

    with pytest.raises(NothingToInvoice):
        invoice(draft)
    with pytest.raises(InvoiceNeedsName):
        invoice(walk_in)
    with pytest.raises(NothingToCorrect):
        credit_note(back)
    with pytest.raises(NotFound):
        documents.issue_credit_note(
            reference=order.reference, return_id=0, register_id=find_register_id(None), staff_id=None
        )
    assert_chain_holds(0)


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [1, 12])
def test_a_receipt_takes_three_statements(lines: int, manager: User) -> None:
    order = sell([(make_product("1.00", "19"), 1, NO_DISCOUNT)] * lines, "0.50", staff=manager)
    payment = pay_in_cash(order=order, amount=str(order.total), tendered=str(order.total))
    taken = []

    @retried_transaction
    def issue() -> None:
        register = lock_register(find_register_id(None))
        with CaptureQueriesContext(connection) as captured:
            documents.issue_receipt(order, order.line_list, [payment], register, manager.pk)
        taken.extend(captured.captured_queries)

    issue()

    assert [query["sql"].split()[0] for query in taken] == ["INSERT", "INSERT", "UPDATE"]


@pytest.mark.django_db(transaction=True)
def test_the_hook_is_told_of_each_stored_document_and_stops_nobody() -> None:
    told = []

    def note(document: Document, **others: Any) -> None:
        told.append(document.number)
        raise RuntimeError("the device is off")

    document_issued.connect(note)
    try:
        made = invoice(order := sell_e8(customer=make_customer()))
        invoice(order)
    finally:
        document_issued.disconnect(note)

    assert told == [made.number]


def test_an_order_that_was_paid_in_steps_gets_one_receipt(manager: User) -> None:
    order = sell_e3()
    for amount in ("20.00", "32.95"):
        record_payment(
            reference=order.reference,
            tender=Tender("card", amount=Decimal(amount)),
            register_id=find_register_id(None),
            seen_balance=None,
            staff_id=manager.pk,
            once=None,
        )
    ask = {
        "reference": order.reference,
        "register_id": find_register_id(None),
        "staff_id": manager.pk,
    }

    receipt = documents.issue_order_receipt(**ask)

    assert (receipt.kind, receipt.counts_tax, receipt.gross, receipt.tax) == (
        "receipt",
        True,
        Decimal("52.95"),
        Decimal("7.63"),
    )
    assert [payment["amount"] for payment in receipt.body["payments"]] == ["20.00", "32.95"]
    assert documents.issue_order_receipt(**ask) == receipt
    assert [result.failed for result in run_checks(Scope())] == [0] * len(CHECKS)

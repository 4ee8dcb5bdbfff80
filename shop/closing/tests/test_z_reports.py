"""The numbered Z-report that closing a till issues, and the X-report before it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.audit.checks import run_checks
from shop.audit.scope import Scope
from shop.closing.services import read_x_report
from shop.documents.chain import compute_hash
from shop.documents.tests.sales import credit_note, give_receipt, pay_in_cash, sell_e3, sell_e8, take_back
from shop.models import Document, Register, TillSession, User
from shop.payments.tests.entries import make_order, pay, refund, reverse
from shop.till import errors
from shop.till.sessions import note_drawer_opening
from shop.till.tests.test_sessions import close, move, start

pytestmark = pytest.mark.django_db


def list_failures() -> list[Any]:
    return [(result.code, result.failures) for result in run_checks(Scope()) if result.failed]


def run_e12(clerk: User) -> Document:
    session = start(staff_id=clerk.pk)
    pay(make_order("75.00"), "cash", tendered="100.00")
    move(session, "payout", "20.00")
    move(session, "drop", "100.00")
    note_drawer_opening(session_id=session.pk, once=None)
    close(session, "3×50 9×0.50", "54.50", note="A coin is missing", staff_id=clerk.pk)
    return session.documents.get()


def test_e12(clerk: User) -> None:
    report = run_e12(clerk)

    body = report.body
    assert (report.kind, report.number, body["z"]) == ("z_report", "T1-000001", 1)
    assert (body["opened_by"], body["closed_by"]) == (clerk.username, clerk.username)
    assert body["note"] == "A coin is missing"
    assert body["drawer"] == {
        "float_expected": "0.00",
        "float": "200.00",
        "cash": "75.00",
        "rounding": "0.00",
        "moved": {"float": "0.00", "drop": "-100.00", "payout": "-20.00", "found": "0.00"},
        "expected": "155.00",
    }
    assert body["count"] == {
        "pieces": [{"denomination": "50.00", "pieces": 3}, {"denomination": "0.50", "pieces": 9}],
        "counted": "154.50",
        "difference": "-0.50",
        "banked": "54.50",
        "next_float": "100.00",
    }
    assert body["counts"]["drawer_openings"] == 1
    # The order was sold without a receipt, so what was paid for it was open before.
    assert (body["sold"], body["paid"], body["open_balances"]) == ("0.00", "75.00", "-75.00")
    assert start("2×50").float_expected == 100
    assert list_failures() == []


def sell_and_take_back() -> TillSession:
    """E3 and E8 with receipts, E8 paid in part and returned in part; a refund by card, and a reversal."""
    session = start("1×100")
    for order, amount in ((sell_e3(), "52.95"), (sell_e8(), "60.00")):
        give_receipt(order=order, payments=[pay_in_cash(order=order, amount=amount, tendered="100.00")])
    order.refresh_from_db()
    credit_note(take_back(order=order, units={1: 2}))
    card = pay(other := make_order("30.00"), "card", "30.00")
    refund(other, "card", "10.00", card)
    reverse(pay(make_order("8.00"), "cash", "8.00"))
    return session


def test_what_was_sold_and_taken_back() -> None:
    session = sell_and_take_back()

    x_report = read_x_report(session.pk)
    assert x_report is not None
    close(session, "2×100 1×10 1×2 19×0.05")

    body = session.documents.get().body
    assert (body["first_number"], body["last_number"]) == ("T1-000001", "T1-000003")
    assert list(body["counts"].values()) == [2, 1, 2, 1, 0]
    assert (body["sold"], body["returned"]) == ("187.94", "57.85")
    # 44.14 of E3, 86.78 − 57.85 of E8; and 8.81 of E3, 48.21 of E8.
    assert [(tax["percent"], tax["gross"], tax["net"], tax["tax"]) for tax in body["taxes"]] == [
        ("19", "73.07", "61.40", "11.67"),
        ("7", "57.02", "53.29", "3.73"),
    ]
    assert (body["gross"], body["net"], body["tax"]) == ("130.09", "114.69", "15.40")
    assert [(row["method"], row["payments"], row["total"]) for row in body["methods"]] == [
        ("card", 1, "20.00"),
        ("cash", 3, "112.95"),
    ]
    assert (body["paid"], body["open_balances"]) == ("132.95", "-2.86")
    assert body["count"]["difference"] == "0.00"
    assert {name: body[name] for name in x_report} == x_report
    assert list_failures() == []


def test_z_numbers_and_totals_go_on() -> None:
    first = start()
    give_receipt(
        order=(order := sell_e3()), payments=[pay_in_cash(order=order, amount="52.95", tendered="60.00")]
    )
    close(first, "4×50")
    second = start()
    close(second, "4×50")
    third = start()
    give_receipt(
        order=(order := sell_e3()), payments=[pay_in_cash(order=order, amount="52.95", tendered="60.00")]
    )
    close(third, "4×50")

    reports = Document.objects.filter(kind="z_report").order_by("sequence")
    assert [(row.body["z"], row.number) for row in reports] == [
        (1, "T1-000002"),
        (2, "T1-000003"),
        (3, "T1-000005"),
    ]
    assert [row.body["perpetual"]["total"] for row in reports] == ["52.95", "52.95", "105.90"]
    assert [row.body["counts"]["sales"] for row in reports] == [1, 0, 1]
    documents = list(Document.objects.order_by("sequence"))
    assert [row.sequence for row in documents] == [1, 2, 3, 4, 5]
    chain = ""
    for row in documents:
        chain = compute_hash(chain, row.body)
        assert row.hash == chain
    assert Register.objects.get(prefix="T1").chain == chain
    assert list_failures() == []


def test_closed_again_there_is_one_report() -> None:
    session = start()
    close(session, "4×50")
    close(session, "4×50")

    assert session.documents.count() == 1
    with pytest.raises(errors.ClosedOtherwise):
        close(session, "3×50")


def test_what_came_between_is_named(clerk: User) -> None:
    session = start()
    pay(make_order("5.00"), "cash", "5.00", staff_id=clerk.pk)
    move(session, "drop", "3.00", staff_id=clerk.pk)

    with pytest.raises(errors.TillChanged) as refusal:
        close(session, "4×50", seen_entries=0)

    newest = [(entry.kind, entry.amount, entry.by) for entry in refusal.value.newest]
    assert newest == [("drop", Decimal("-3.00"), clerk.username), ("cash", Decimal("5.00"), clerk.username)]
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("payments", [3, 300])
def test_closing_takes_ten_statements_whatever_was_sold(payments: int) -> None:
    session = start()
    order = make_order("400.00")
    give_receipt(
        order=(sold := sell_e3()), payments=[pay_in_cash(order=sold, amount="52.95", tendered="60.00")]
    )
    for _ in range(payments):
        pay(order, "cash", "1.00")

    with CaptureQueriesContext(connection) as captured:
        close(session, "4×50 3×20")
    assert len(captured) <= 10, [query["sql"] for query in captured]
    assert session.documents.get().body["counts"]["sales"] == 1


def test_an_x_report_takes_four_statements() -> None:
    session = TillSession.objects.with_register().get(pk=sell_and_take_back().pk)

    with CaptureQueriesContext(connection) as captured:
        read_x_report(session.pk)

    # Without the savepoint that stands for a transaction in this test.
    assert len([query for query in captured if query["sql"].startswith("SELECT")]) == len(captured) - 2 == 4


def test_a_closed_session_has_no_x_report() -> None:
    session = start()
    close(session, "4×50")

    assert read_x_report(session.pk) is None

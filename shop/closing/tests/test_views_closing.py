"""The pages of a day at a till: opening, cash, counting blind, closing, and the reports."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.models import Document, TillSession
from shop.payments.tests.entries import make_order, pay
from shop.till.services import find_register_id
from shop.till.tests.test_sessions import close, move, start
from testing.pages import HTMX, Page

pytestmark = pytest.mark.django_db

E12 = {"pieces-50": "3", "pieces-0.50": "9"}


def read(client: Client, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, response.content
    return Page(response)


def run_e12() -> TillSession:
    session = start()
    pay(make_order("75.00"), "cash", tendered="100.00")
    move(session, "payout", "20.00")
    move(session, "drop", "100.00")
    return session


def send_count(client: Client, session: TillSession, **more: str) -> Any:
    """Sends the count of E12 as the page of the count does, or closes when `more` says so."""
    seen = {"seen": more.pop("seen", "3")}
    return client.post(f"/tills/sessions/{session.pk}/close/", E12 | seen | more)


def test_opening_shows_what_was_left(clerks: Client) -> None:
    close(start(), "4×50", "50")
    path = f"/tills/{find_register_id(None)}/open/"

    page = read(clerks, path)
    assert "The session before left $150.00 in the drawer. Is it there?" in page.text
    key = page.value("key")
    answers = [clerks.post(path, {"key": key, "pieces-50": "2", "pieces-20": "2"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    session = TillSession.objects.get(number=2)
    assert (session.float_expected, session.opening_float) == (150, 140)


@pytest.mark.parametrize(
    ("fields", "status", "opening_float"),
    [
        ({"amount": "99.50"}, 303, "99.50"),
        ({"amount": "0"}, 303, "0"),
        ({"pieces-0.01": "0"}, 303, "0"),
        ({"pieces-50": "2", "amount": "100"}, 303, "100"),
        ({"pieces-50": "2", "amount": "101"}, 422, None),
        ({}, 422, None),
        ({"pieces-50": "-1"}, 422, None),
        ({"amount": "1.001"}, 422, None),
    ],
)
def test_a_float(clerks: Client, fields: dict[str, str], status: int, opening_float: str | None) -> None:
    response = clerks.post(f"/tills/{find_register_id(None)}/open/", fields)

    assert response.status_code == status
    opened = [session.opening_float for session in TillSession.objects.all()]
    assert opened == ([] if opening_float is None else [Decimal(opening_float)])


def test_cash_goes_in_and_out_with_a_reason(clerks: Client) -> None:
    session = start()
    path = f"/tills/sessions/{session.pk}/cash/"
    key = read(clerks, path).value("key")

    for _ in range(2):
        sent = {"key": key, "kind": "payout", "amount": "20", "reason": "Window cleaner"}
        assert clerks.post(path, sent).status_code == 303
    assert clerks.post(path, {"kind": "drop", "amount": "5", "reason": ""}).status_code == 422
    assert clerks.post(f"/tills/sessions/{session.pk}/drawer/").status_code == 303

    session.refresh_from_db()
    assert ([row.amount for row in session.movements.all()], session.drawer_openings) == ([-20], 1)
    text = read(clerks, f"/tills/{session.register_id}/").text
    assert "Paid out Window cleaner" in text
    assert "-$20.00" in text


def test_a_clerk_counts_blind(clerks: Client) -> None:
    session = run_e12()
    till, path = f"/tills/{session.register_id}/", f"/tills/sessions/{session.pk}/"
    pages = [read(clerks, url) for url in ("/", "/tills/", till, f"{path}close/", f"{path}report/")]

    confirm = Page(send_count(clerks, session))
    closed = send_count(clerks, session, close="1", banked="54.50")
    pages += [confirm, read(clerks, closed["Location"])]
    pages.append(read(clerks, Document.objects.get().get_absolute_url()))

    assert "Counted $154.50" in confirm.text
    assert "Next float $100.00" in pages[-1].text
    for page in pages:
        assert not re.search(r"155[.,]|15500|-\$0\.50|[^s]-0\.50|Expected|Difference", page.source)


def test_a_manager_sees_the_difference_after_the_count(managers: Client) -> None:
    session = run_e12()
    count = read(managers, f"/tills/sessions/{session.pk}/close/")
    assert "155" not in count.source

    confirm = Page(send_count(managers, session, seen=count.value("seen")))
    assert "Counted $154.50 Expected $155.00 Difference -$0.50" in confirm.text
    closed = send_count(managers, session, close="1", banked="54.50", note="Coin")

    session.refresh_from_db()
    assert (session.difference, session.banked, session.note) == (Decimal("-0.50"), Decimal("54.50"), "Coin")
    text = read(managers, closed["Location"]).text
    for part in ("Z-report T1-000001", "Expected $155.00", "Difference -$0.50", "Next float $100.00"):
        assert part in text
    assert "Credit notes 0" in text
    assert "Credited −$0.00" in text
    assert "Difference -$0.50" in read(managers, "/documents/T1-000001/").text


def test_clues_to_a_difference(managers: Client) -> None:
    session = start()
    order = make_order("10.00")
    pay(order, "cash", "10.00")
    pay(make_order("5.00"), "card", "5.00")

    sent = {"pieces-50": "4", "seen": "2"}
    page = Page(managers.post(f"/tills/sessions/{session.pk}/close/", sent))

    assert "Difference -$10.00" in page.text
    assert f"Cash $10.00 of {order.reference}" in page.text
    assert "is booked as cash taken. Was it paid by card, or not at all?" in page.text
    close(session, "4×50")
    assert f"Cash $10.00 of {order.reference}" in read(managers, f"/tills/sessions/{session.pk}/report/").text


def test_only_the_newest_entries_are_searched_for_clues(managers: Client, monkeypatch: Any) -> None:
    session = start()
    old, new = make_order("10.00"), make_order("10.00")
    for order in (old, new):
        pay(order, "cash", "10.00")
    sent = {"pieces-50": "4", "pieces-10": "1", "seen": "2"}
    path = f"/tills/sessions/{session.pk}/close/"

    both = Page(managers.post(path, sent)).text
    monkeypatch.setattr("shop.closing.clues.MAX_SEARCHED", 1)
    newest = Page(managers.post(path, sent)).text

    assert [order.reference in both for order in (old, new)] == [True, True]
    assert [order.reference in newest for order in (old, new)] == [False, True]
    assert ["Only the newest entries were searched" in text for text in (both, newest)] == [False, True]


@pytest.mark.parametrize(("method", "words"), [("card", "by card"), ("cash", "in cash")])
@pytest.mark.parametrize("step", [{}, {"close": "1"}])
def test_a_payment_between_is_named(clerks: Client, step: dict[str, str], method: str, words: str) -> None:
    session = run_e12()
    pay(make_order("12.00"), method, "12.00")

    response = send_count(clerks, session, **step)

    assert response.status_code == 409
    page = Page(response)
    assert f"While you counted: a program took $12.00 {words} at" in page.text
    assert page.value("seen") == "4"
    session.refresh_from_db()
    assert session.closed_at is None


def test_a_payment_in_the_last_moment_loses_nothing_that_was_typed(clerks: Client) -> None:
    session = run_e12()
    pay(make_order("5.00"), "cash", "5.00")
    typed = {"banked": "54.50", "note": "A coin <rolled> away"}

    response = send_count(clerks, session, close="1", **typed)
    assert response.status_code == 409
    count = Page(response)
    fields = {name: count.value(name) for name in ("seen", *E12, *typed)}
    assert fields == {"seen": "4"} | E12 | typed
    confirm = Page(clerks.post(f"/tills/sessions/{session.pk}/close/", fields))

    assert (confirm.value("banked"), confirm.value("note")) == ("54.50", "A coin <rolled> away")
    assert "Counted $154.50" in confirm.text
    assert send_count(clerks, session, **fields, close="1").status_code == 303
    session.refresh_from_db()
    assert (session.banked, session.note) == (Decimal("54.50"), "A coin <rolled> away")


def test_closing_twice(clerks: Client) -> None:
    session = run_e12()
    answers = [send_count(clerks, session, close="1", banked="54.50") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert send_count(clerks, session, close="1", banked="50").status_code == 409
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"banked": "154.51"}, "154.50"), ({"banked": "x"}, "Enter a number")],
)
def test_what_the_bank_cannot_get(clerks: Client, fields: dict[str, str], sentence: str) -> None:
    session = run_e12()

    response = send_count(clerks, session, close="1", **fields)

    assert response.status_code == 422
    assert sentence in Page(response).text
    assert "Counted $154.50" in Page(response).text


def test_a_count_of_nothing_is_refused(clerks: Client) -> None:
    session = start("1×50")
    path = f"/tills/sessions/{session.pk}/close/"

    refused = clerks.post(path, {"seen": "0"})
    assert refused.status_code == 422
    assert "type a 0 if it is empty" in Page(refused).text
    assert clerks.post(path, {"seen": "0", "pieces-100": "0"}).status_code == 200
    assert clerks.post(path, {"seen": "0", "pieces-100": "0", "close": "1"}).status_code == 303
    session.refresh_from_db()
    assert session.counted == 0


def test_two_devices_see_each_others_payments(clerks: Client) -> None:
    session = start()
    path = f"/tills/{session.register_id}/"
    first = clerks.get(path, headers=HTMX)
    assert clerks.get(path, headers=HTMX | {"If-None-Match": first["ETag"]}).status_code == 304

    order = make_order("5.00")
    pay(order, "cash", "5.00")

    fresh = clerks.get(path, headers=HTMX | {"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert order.reference in fresh.content.decode()
    assert not Page(fresh).is_whole

"""Opening, moving cash, counting and closing."""

from decimal import Decimal
from typing import Any

import pytest

from shop.closing.services import close_till
from shop.db.idempotency import Once
from shop.models import CashMovement, Register, TillCount, TillSession, User
from shop.money.errors import MoreThanCounted, ZeroAmount
from shop.payments.tests.entries import make_order, pay, refund, reverse
from shop.till import errors
from shop.till.figures import read_figures
from shop.till.services import find_register_id
from shop.till.sessions import move_cash, note_drawer_opening, open_till

pytestmark = pytest.mark.django_db


def count(text: str) -> dict[Decimal, int]:
    """Notes and coins, as in "3×50 1×4.50"."""
    pairs = [part.split("×") for part in text.split()]
    return {Decimal(denomination): int(pieces) for pieces, denomination in pairs}


def start(pieces: str = "4×50", **more: Any) -> TillSession:
    values = {"register_id": find_register_id(None), "staff_id": None, "once": None} | more
    return open_till(pieces=count(pieces), **values)


def move(session: TillSession, kind: str, amount: str, **more: Any) -> CashMovement:
    values = {"reason": "Window cleaner", "staff_id": None, "once": None} | more
    return move_cash(session_id=session.pk, kind=kind, amount=Decimal(amount), **values)


def close(session: TillSession, pieces: str, banked: str = "0", **more: Any) -> TillSession:
    values = {"seen_entries": None, "staff_id": None} | more
    return close_till(session_id=session.pk, pieces=count(pieces), banked=Decimal(banked), **values)


def test_e12_a_day_at_a_till(clerk: User) -> None:
    session = start(staff_id=clerk.pk)
    pay(make_order("75.00"), "cash", tendered="100.00")
    move(session, "payout", "20.00")
    move(session, "drop", "100.00")
    assert read_figures(session).expected == Decimal("155.00")

    closed = close(session, "3×50 9×0.50", "54.50", seen_entries=3, staff_id=clerk.pk)

    assert (closed.expected, closed.counted, closed.difference) == (
        Decimal("155.00"),
        Decimal("154.50"),
        Decimal("-0.50"),
    )
    assert (closed.opened_by, closed.closed_by) == (clerk, clerk)
    counts = TillCount.objects.filter(session=closed, moment="close").order_by("-denomination")
    assert list(counts.values_list("denomination", "pieces")) == [(50, 3), (Decimal("0.50"), 9)]
    following = start("2×50")
    assert (following.number, following.float_expected, following.opening_float) == (2, 100, 100)


def test_the_figures_of_a_session() -> None:
    session = start()
    order = make_order("100.00")
    pay(order, "cash", "10.00", "50.00")
    card = pay(order, "card", "30.00")
    refund(order, "card", "5.00", card)
    reverse(pay(order, "cash", "20.00"))
    move(session, "float", "50.00")

    figures = read_figures(session)

    by_method = {row.method: row for row in figures.methods}
    assert {
        name: (row.payments, row.taken, row.refunded, row.reversed) for name, row in by_method.items()
    } == {
        "card": (1, 30, -5, 0),
        "cash": (2, 30, 0, -20),
    }
    assert (by_method["card"].total, by_method["cash"].total, figures.cash) == (25, 10, 10)
    assert (figures.movements, figures.expected, figures.entries) == ({"float": Decimal(50)}, 260, 6)


def test_a_till_that_was_opened_by_hand_stays_closed() -> None:
    close(start(), "4×50")

    with pytest.raises(errors.TillClosed):
        pay(make_order("5.00"), "cash", "5.00")
    assert Register.objects.get(prefix="T1").opens_itself is False
    start()
    assert pay(make_order("5.00"), "cash", "5.00").session == TillSession.objects.get(number=2)


def test_it_is_open_once() -> None:
    once = Once.from_payload("k", operation="open", user_id=1, payload="4×50")
    session = start(once=once)

    assert start(once=once) == session
    with pytest.raises(errors.TillOpen):
        start()
    assert list(TillCount.objects.values_list("moment", "pieces")) == [("open", 4)]


def test_closing_again_changes_nothing() -> None:
    session = start()
    close(session, "4×50", "50")

    assert close(session, "2×100", "50").counted == 200
    with pytest.raises(errors.ClosedOtherwise):
        close(session, "3×50", "50")
    with pytest.raises(errors.ClosedOtherwise):
        close(session, "4×50", "60")
    with pytest.raises(errors.TillClosed):
        move(session, "drop", "5.00")
    with pytest.raises(errors.TillClosed):
        note_drawer_opening(session_id=session.pk, once=None)


def test_what_came_after_the_count_is_noticed() -> None:
    session = start()
    seen = read_figures(session).entries
    pay(make_order("5.00"), "cash", "5.00")

    with pytest.raises(errors.TillChanged) as refusal:
        close(session, "4×50", seen_entries=seen)
    assert (refusal.value.seen, refusal.value.entries) == (0, 1)
    session.refresh_from_db()
    assert session.closed_at is None


def test_what_cannot_be_moved_or_banked() -> None:
    session = start()

    with pytest.raises(errors.CashReasonMissing):
        move(session, "drop", "5.00", reason="")
    with pytest.raises(errors.UnknownCashKind):
        move(session, "theft", "5.00")
    with pytest.raises(ZeroAmount):
        move(session, "drop", "0")
    with pytest.raises(MoreThanCounted):
        close(session, "4×50", "200.01")
    assert not CashMovement.objects.exists()


def test_a_key_moves_cash_once() -> None:
    session = start()
    once = Once.from_payload("k", operation="drop", user_id=1, payload="5")

    assert move(session, "drop", "5.00", once=once) == move(session, "drop", "5.00", once=once)
    assert read_figures(session).expected == 195


def test_opening_the_drawer_is_counted() -> None:
    session = start()
    once = Once.from_payload("k", operation="drawer", user_id=1, payload="")
    for key in (None, once, None, once):
        assert note_drawer_opening(session_id=session.pk, once=key) == session

    session.refresh_from_db()
    assert session.drawer_openings == 3

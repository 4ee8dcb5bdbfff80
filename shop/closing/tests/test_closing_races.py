"""Closing a till while others pay at it."""

import pytest

from shop.models import Payment, TillSession
from shop.payments.tests.entries import make_order, pay
from shop.till import errors
from shop.till.tests.test_sessions import close, start
from testing.transactions import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_payment_against_closing() -> None:
    session, order = start(), make_order("5.00")

    closed, paid = run_at_once(
        lambda: close(session, "4×50", seen_entries=0), lambda: pay(order, "cash", "5.00")
    )

    if isinstance(paid, Payment):
        assert isinstance(closed, errors.TillChanged)
    else:
        assert isinstance(paid, errors.TillClosed)
        assert (closed.expected, closed.difference) == (200, 0)
    assert TillSession.objects.get().payments.count() == Payment.objects.count()


def test_closing_several_times_at_once_closes_once() -> None:
    session = start()

    results = run_at_once(*[lambda: close(session, "4×50")] * 4)

    assert {(type(result), result.pk) for result in results} == {(TillSession, session.pk)}

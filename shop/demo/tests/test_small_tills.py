"""The tills of the small demo: two weeks of closed sessions that add up, and one that is open."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.audit.checks import run_checks
from shop.audit.scope import Scope
from shop.demo.small import load_demo
from shop.models import CashMovement, Document, Payment, Register, TillSession
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def now(shared_rows: SharedRows) -> datetime:
    """Loads the demo. Returns the time at which it ends."""
    now = timezone.now()
    with shared_rows():
        load_demo(now=now)
    return now


def list_failures() -> list[str]:
    return [
        f"{result.code} {failure.row}: {failure.sentence}"
        for result in run_checks(Scope())
        for failure in result.failures
    ]


def test_each_day_has_a_closed_session_and_today_an_open_one(now: datetime) -> None:
    sessions = list(TillSession.objects.order_by("number"))
    today = timezone.localdate(now)
    days = [timezone.localdate(session.opened_at) for session in sessions]
    assert days == sorted({*Payment.objects.values_list("business_day", flat=True), today})
    assert len(days) > 8
    assert [session.closed_at is None for session in sessions] == [day == today for day in days]
    assert Register.objects.get(pk=sessions[0].register_id).open_session == sessions[-1]
    for session in sessions[:-1]:
        assert timezone.localdate(session.closed_at) == timezone.localdate(session.opened_at)
        assert session.payments.exists()
        assert not session.payments.exclude(created_at__range=(session.opened_at, session.closed_at)).exists()
    assert Document.objects.filter(kind="z_report").count() == len(sessions) - 1
    assert Document.objects.filter(kind="receipt").count() == Payment.objects.count()


def test_ten_are_missing_on_one_day_and_every_other_count_is_right() -> None:
    sessions = TillSession.objects.exclude(closed_at=None)
    wrong = sessions.exclude(difference=0)
    assert [(row.number, row.difference) for row in wrong] == [(5, Decimal("-10.00"))]
    assert [row.amount for row in CashMovement.objects.all()] == [Decimal("-15.00")]
    assert list_failures() == []


def test_a_till_that_is_used_is_left_alone() -> None:
    first = list(TillSession.objects.order_by("pk").values_list("pk", "closed_at"))

    load_demo(now=timezone.now(), seed=2, force=True)

    assert list(TillSession.objects.filter(register__name="Till 1").values_list("pk", "closed_at")) == first
    assert Register.objects.get(name="Demo till 2").prefix == "DEMO2"
    assert list_failures() == []

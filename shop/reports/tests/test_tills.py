"""Till differences: the sessions that were closed on some days, however long they were open."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.models import Register, TillSession
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report

pytestmark = pytest.mark.django_db

MARCH = Days(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))


def make_at(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def make_session(register: Register, number: int, opened: str, closed: str | None) -> TillSession:
    """Makes a session in which as many cents are missing as its number says."""
    missing = Decimal(number).scaleb(-2)
    counted: dict[str, Any] = {"expected": 100, "counted": 100 - missing, "difference": -missing, "banked": 0}
    if closed is not None:
        counted["closed_at"] = make_at(closed)
    return TillSession.objects.create(
        register=register, number=number, opened_at=make_at(opened), **(counted if closed else {})
    )


@pytest.fixture
def sessions(db: None) -> list[TillSession]:
    one, other = Register.objects.order_by("id")[0], Register.objects.create(name="Second", prefix="S")
    return [
        make_session(one, 1, "2025-11-01 08:00", "2026-02-28 23:59"),  # closed the day before
        make_session(one, 2, "2026-03-01 08:00", "2026-03-01 18:00"),
        make_session(one, 3, "2026-03-31 08:00", "2026-04-01 00:00"),  # closed the day after
        make_session(one, 4, "2026-04-01 08:00", None),
        make_session(other, 1, "2025-06-01 08:00", "2025-06-01 18:00"),
        make_session(other, 2, "2025-06-02 08:00", "2026-03-31 23:59"),  # open for ten months
    ]


def read_tills(days: Days, limit: int | None = None) -> Any:
    return read_report(REPORTS["till-differences"], days, limit=limit).table


def test_a_session_is_listed_on_the_day_it_was_closed(sessions: list[TillSession]) -> None:
    table = read_tills(MARCH)

    assert [(line.values["day"], line.values["number"]) for line in table.lines] == [
        (datetime.date(2026, 3, 31), 2),
        (datetime.date(2026, 3, 1), 2),
    ]
    assert table.totals == {"expected": 20000, "counted": 19996, "difference": -4}


def test_the_newest_are_shown_and_the_totals_are_of_all(sessions: list[TillSession]) -> None:
    cut, whole = read_tills(MARCH, limit=1), read_tills(MARCH, limit=2)

    assert [line.values["day"] for line in cut.lines] == [datetime.date(2026, 3, 31)]
    assert cut.totals == whole.totals == {"expected": 20000, "counted": 19996, "difference": -4}
    assert (cut.left_out, whole.left_out) == (True, False)


def test_days_before_any_session_have_none(sessions: list[TillSession]) -> None:
    day = datetime.date(2024, 1, 1)

    assert read_tills(Days(day, day)).lines == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="others choose by a table's size, tiny here")
def test_no_session_of_other_days_is_walked_over(sessions: list[TillSession]) -> None:
    with CaptureQueriesContext(connection) as queries:
        read_tills(MARCH)
    plans = []
    for query in queries:
        if "shop_tillsession" in query["sql"] and query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plans.append([row[-1] for row in cursor.fetchall()])

    assert len(plans) == 2
    assert [step for plan in plans for step in plan if step.startswith("SCAN shop_tillsession")] == []
    assert [step for step in plans[1] if "session_by_date (opened_at>? AND opened_at<?)" in step]

"""What is seen from outside: request ids, figures, and connections cut at the deadline."""

import logging
import re
import time

import pytest
from django.db import OperationalError, connection
from django.test import Client

from shop.db import deadline
from shop.db.errors import Busy
from shop.db.metrics import render_metrics
from shop.db.transactions import run_in_transaction
from shop.orders.errors import OrderError
from shop.web import request_id


def figure(name: str) -> float:
    """The value of one line of the exposition; 0 where it is not there yet."""
    match = re.search(rf"^{re.escape(name)} (\S+)$", render_metrics().decode(), re.MULTILINE)
    return float(match[1]) if match else 0.0


def test_an_answer_carries_a_new_id_or_the_one_that_a_proxy_gave(client: Client) -> None:
    first, second = (client.get("/sign-in/").headers["X-Request-ID"] for _ in range(2))

    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second
    assert (
        client.get("/sign-in/", headers={"X-Request-ID": "proxy-1234"}).headers["X-Request-ID"]
        == "proxy-1234"
    )


@pytest.mark.parametrize("proposed", ["short", "x" * 65, "two words", "line\tbreak", "ümlaut-1234"])
def test_an_id_that_could_garble_the_log_is_not_taken(proposed: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", request_id.set_request_id(proposed))
    request_id.clear_request_id()


def test_log_lines_name_the_request() -> None:
    def logged() -> str:
        record = logging.makeLogRecord({"msg": "retry"})
        request_id.RequestIdFilter().filter(record)
        return record.request_id  # type: ignore[attr-defined,no-any-return]

    request_id.set_request_id("proxy-1234")
    assert logged() == "proxy-1234"
    request_id.clear_request_id()
    assert logged() == "-"


def test_metrics_are_off_unless_asked_for(client: Client, settings: pytest.FixtureRequest) -> None:
    assert client.get("/metrics").status_code == 404

    settings.SHOP_METRICS = True  # type: ignore[attr-defined]
    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "# TYPE shop_transaction_attempts_total counter" in answer.content.decode()


def test_requests_are_timed_by_view_and_status(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.SHOP_METRICS = True  # type: ignore[attr-defined]
    counted = 'shop_request_seconds_count{method="GET",status="200",view="sign-in"}'
    before = figure(counted)

    client.get("/sign-in/")

    assert figure(counted) == before + 1


@pytest.mark.django_db(transaction=True)
def test_attempts_are_counted_by_outcome() -> None:
    committed = 'shop_transaction_attempts_total{outcome="committed",phase="after",sqlstate=""}'
    refused = 'shop_transaction_attempts_total{outcome="refused",phase="body",sqlstate=""}'
    before = figure(committed), figure(refused)

    def refuse() -> None:
        raise OrderError("No.")

    run_in_transaction("fine", lambda: None)
    with pytest.raises(OrderError):
        run_in_transaction("refused", refuse)

    assert (figure(committed), figure(refused)) == (before[0] + 1, before[1] + 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file has no server that could be silent")
class TestDeadline:
    """A server that does not answer; it is asked to sleep, past its own timeout."""

    def sleep(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_sleep(4)")

    def test_a_silent_server_ends_a_read_at_the_deadline(self) -> None:
        began = time.monotonic()

        with pytest.raises(OperationalError), deadline.deadline(0.5):
            self.sleep()

        assert time.monotonic() - began < 3
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)

    def test_a_silent_server_ends_a_write_as_busy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shop.db.retries.BUDGET", 1.0)
        before = figure("shop_cut_connections_total")

        with pytest.raises(Busy), deadline.deadline(0.5):
            run_in_transaction("silent", self.sleep)

        assert figure("shop_cut_connections_total") > before

    def test_who_answers_in_time_is_left_alone(self) -> None:
        with deadline.deadline(0.2), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        time.sleep(deadline.CHECK_SECONDS + 0.3)

        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)

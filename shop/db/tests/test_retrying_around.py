"""Retries around the loop: Django's own handlers, lone statements, and the waits between."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db import statements, transactions
from shop.db.transactions import retry_request
from testing.transactions import raise_busy, replace_waiting

pytestmark = pytest.mark.django_db(transaction=True)


def test_messages_of_a_failed_attempt_are_dropped(
    rf: pytest.FixtureRequest, other: BaseDatabaseWrapper
) -> None:
    request = rf.get("/")  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)
    request._messages.add(20, "before")
    attempts = []

    class Admin:
        @retry_request
        def change(self, request: object, name: str) -> str:
            attempts.append(1)
            request._messages.add(20, f"changed {name}")  # type: ignore[attr-defined]
            if len(attempts) == 1:
                Group.objects.create(name="taken twice")
                Group.objects.create(name="taken twice")
            return name

    assert Admin().change(request, "it") == "it"

    assert len(attempts) == 2
    assert [str(message) for message in request._messages._queued_messages] == ["before", "changed it"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a lone SELECT is never refused by SQLite")
class TestStatement:
    """Statements outside of transactions; a function of the database's own refuses the first two."""

    @pytest.fixture(autouse=True)
    def refusing(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SEQUENCE asked")
            cursor.execute(
                "CREATE FUNCTION seven() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
                "IF nextval('asked') <= 2 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF; "
                "RETURN 7; END $$"
            )
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION seven()")
            cursor.execute("DROP SEQUENCE asked")

    def ask(self) -> int:
        with connection.execute_wrapper(statements.retry_statement), connection.cursor() as cursor:
            cursor.execute("SELECT seven()")
            return cursor.fetchone()[0]

    def test_a_lone_statement_is_sent_again(self) -> None:
        assert self.ask() == 7

    def test_within_a_transaction_the_whole_is_run_again(self) -> None:
        runs = []

        def body() -> int:
            runs.append(1)
            return self.ask()

        assert transactions.run_in_transaction("ask", body) == 7
        assert len(runs) == 3


def test_waits_are_random_and_bounded_and_hold_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tutorial's loop sleeps the same 0.1 s · 2ⁿ for everybody, and may do so with locks held."""
    waits: list[float] = []
    held: list[bool] = []

    def note(seconds: float) -> None:
        waits.append(seconds)
        held.append(connection.in_atomic_block)

    def refused_ten_times() -> int:
        if len(waits) < 10:
            raise_busy()
        return len(waits)

    replace_waiting(monkeypatch, note)

    assert transactions.run_in_transaction("refused", refused_ten_times) == 10
    assert held == [False] * 10
    assert all(0 <= wait <= 0.01 * 2**n for n, wait in enumerate(waits[:2], start=1))
    # From the third on it runs alone.
    assert all(0 <= wait <= 0.01 * n for n, wait in enumerate(waits[2:], start=3))
    assert len(set(waits)) == 10

"""The retry loop against the real engine of this run; faults are made, not mocked."""

import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shop import transactions
from shop.errors import Busy, ShopError, UnknownOutcome
from shop.models import Product
from shop.tests import proxy
from shop.transactions import SwallowedDatabaseError, retried, retried_transaction

pytestmark = pytest.mark.django_db(transaction=True)

SQLITE = connection.vendor == "sqlite"
on_a_server = pytest.mark.skipif(SQLITE, reason="needs a database server")
on_sqlite = pytest.mark.skipif(not SQLITE, reason="about SQLite's locks")

Body = Callable[[], Group]
Retries = Callable[[], list[dict[str, str]]]


@pytest.fixture
def retries(caplog: pytest.LogCaptureFixture) -> Retries:
    """What the loop logged of each retry: attempt, phase, failure, sqlstate, ambiguous."""
    return lambda: [
        dict(re.findall(r"(\w+)=(\S+)", record.getMessage()))
        for record in caplog.records
        if record.name == "shop.transactions" and record.getMessage().startswith("retry ")
    ]


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database."""
    wrapper = connection.copy()
    yield wrapper
    wrapper.close()


@pytest.fixture
def short_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "BUDGET", 0.5)


def execute(wrapper: BaseDatabaseWrapper, sql: str, *parameters: int) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute(sql, parameters)


@contextmanager
def locked_by(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite's only write lock, held by `wrapper`; everyone else gives up after 10 ms."""
    execute(connection, "PRAGMA busy_timeout = 10")
    execute(wrapper, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        execute(wrapper, "ROLLBACK")


def meet_a_conflict(other: BaseDatabaseWrapper) -> None:
    """Makes the database itself answer a statement with a serialization failure, or busy."""
    if SQLITE:
        with locked_by(other):
            Group.objects.create(name="never stored")
    else:
        execute(connection, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")


def end_connection(wrapper: BaseDatabaseWrapper) -> None:
    """Ends the backend of the connection that the service uses."""
    if not is_postgresql(wrapper):
        pytest.skip("CockroachDB has no pg_terminate_backend")
    pid = connection.connection.info.backend_pid
    execute(wrapper, "SELECT pg_terminate_backend(%s, 2000)", pid)


def named(name: str) -> list[str]:
    return list(Group.objects.filter(name__startswith=name).values_list("name", flat=True))


# Conflicts


@on_a_server
def test_write_skew_found_at_commit_is_run_again_once(other: BaseDatabaseWrapper, retries: Retries) -> None:
    def interloper() -> None:
        with other.cursor() as cursor, other_transaction(other):
            cursor.execute("SELECT count(*) FROM auth_group WHERE name LIKE 'skew%%'")
            cursor.execute("INSERT INTO auth_group (name) VALUES ('skew theirs')")

    def write() -> None:
        Group.objects.create(name="skew ours")

    attempts = []

    @retried_transaction
    def only_one() -> None:
        """At most one skew: neither unique nor checkable, so only SERIALIZABLE keeps it."""
        attempts.append(named("skew"))
        if attempts[-1]:
            return
        # CockroachDB itself lets nobody read what is being written: there the interloper goes first.
        for step in (write, interloper) if is_postgresql(other) else (interloper, write):
            step()

    only_one()

    assert attempts == [[], ["skew theirs"]]
    assert named("skew") == ["skew theirs"]
    [retry] = retries()
    assert retry["failure"] == "conflict"
    assert retry["sqlstate"] == "40001"
    assert retry["attempt"] == "1"
    assert retry["ambiguous"] == "False"
    if is_postgresql(other):
        assert retry["phase"] == "commit"


def is_postgresql(wrapper: BaseDatabaseWrapper) -> bool:
    """Whether PostgreSQL answers, as itself or as the stand-in."""
    return wrapper.vendor == "postgresql" or "stand-in" in getattr(wrapper, "cockroachdb_server_info", "")


@contextmanager
def other_transaction(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    execute(wrapper, "BEGIN")
    yield
    execute(wrapper, "COMMIT")


@on_a_server
def test_a_row_changed_by_an_interloper_is_read_again(other: BaseDatabaseWrapper, retries: Retries) -> None:
    product = Product.objects.create(sku="A", name="A", name_key="a", unit_price=Decimal(1), stock=10)
    attempts = []

    @retried_transaction
    def sell_one(*, pk: int) -> None:
        row = Product.objects.get(pk=pk)
        attempts.append(row.stock)
        if len(attempts) == 1:
            execute(other, "UPDATE shop_product SET stock = stock - 1 WHERE id = %s", pk)
        assert row.stock is not None
        row.stock -= 1
        row.save()

    sell_one(pk=product.pk)

    assert attempts == [10, 9]
    product.refresh_from_db()
    assert product.stock == 8
    [retry] = retries()
    assert (retry["phase"], retry["sqlstate"]) == ("body", "40001")


@on_sqlite
def test_a_busy_database_is_tried_again(
    other: BaseDatabaseWrapper, retries: Retries, monkeypatch: pytest.MonkeyPatch
) -> None:
    @retried_transaction
    def create() -> None:
        Group.objects.create(name="patient")

    lock = locked_by(other)
    lock.__enter__()
    monkeypatch.setattr(time, "sleep", lambda delay: lock.__exit__(None, None, None))
    create()

    assert named("patient") == ["patient"]
    [retry] = retries()
    assert (retry["phase"], retry["failure"]) == ("entering", "conflict")


@on_a_server
def test_a_conflict_that_was_caught_and_stumbled_over_is_run_again(
    other: BaseDatabaseWrapper, retries: Retries
) -> None:
    attempts = []

    @retried_transaction
    def create() -> None:
        attempts.append(1)
        try:
            if len(attempts) == 1:
                meet_a_conflict(other)
        except OperationalError:
            Group.objects.count()  # refused: the transaction is already lost
        Group.objects.create(name="stumbled")

    create()

    assert named("stumbled") == ["stumbled"]
    assert len(attempts) == 2
    assert len(retries()) == 1


def test_a_conflict_that_never_ends_is_busy_within_the_budget(
    other: BaseDatabaseWrapper, retries: Retries, short_budget: None
) -> None:
    @retried_transaction
    def create() -> None:
        Group.objects.create(name="never")
        meet_a_conflict(other)

    began = time.monotonic()
    with locked_by(other) if SQLITE else nullcontext(), pytest.raises(Busy) as raised:
        create()

    assert time.monotonic() - began < 1.5
    assert not isinstance(raised.value, UnknownOutcome)
    assert raised.value.status == 503
    assert len(retries()) >= 2
    assert named("never") == []


@on_a_server
def test_a_statement_that_takes_too_long_is_busy_at_once(retries: Retries) -> None:
    @retried_transaction
    def dawdle() -> None:
        Group.objects.create(name="slow")
        execute(connection, "SET LOCAL statement_timeout = 50")
        execute(connection, "SELECT pg_sleep(3)")

    with pytest.raises(Busy):
        dawdle()

    assert [retry["failure"] for retry in retries()] == ["timeout"]
    assert named("slow") == []


def test_increments_from_many_threads_all_count() -> None:
    product = Product.objects.create(sku="B", name="B", name_key="b", unit_price=Decimal(1), stock=0)
    failures: list[BaseException] = []

    @retried_transaction
    def receive_one(*, pk: int) -> None:
        row = Product.objects.get(pk=pk)
        assert row.stock is not None
        row.stock += 1
        row.save()

    def work() -> None:
        try:
            for _ in range(5):
                receive_one(pk=product.pk)
        except BaseException as error:  # told to the test below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    product.refresh_from_db()
    assert product.stock == 20


# Duplicates


def test_a_duplicate_is_looked_for_again(retries: Retries) -> None:
    theirs = Group.objects.create(name="race")
    attempts = []

    @retried_transaction
    def get_or_make() -> Group:
        attempts.append(1)
        found = Group.objects.filter(name="race").first() if len(attempts) > 1 else None
        return found or Group.objects.create(name="race")

    assert get_or_make() == theirs
    assert len(attempts) == 2
    assert [retry["failure"] for retry in retries()] == ["duplicate"]


def test_a_duplicate_that_stays_is_an_error() -> None:
    Group.objects.create(name="taken")
    attempts = []

    @retried_transaction
    def create() -> None:
        attempts.append(1)
        Group.objects.create(name="taken")

    with pytest.raises(IntegrityError):
        create()

    assert len(attempts) == transactions.MAX_DUPLICATES


# What is not run again


def test_a_refusal_is_not_run_again() -> None:
    attempts = []

    @retried_transaction
    def refuse() -> None:
        attempts.append(1)
        Group.objects.create(name="refused")
        raise ShopError("Not today.")

    with pytest.raises(ShopError, match="Not today"):
        refuse()

    assert len(attempts) == 1
    assert named("refused") == []


def test_a_bug_is_not_run_again() -> None:
    attempts = []

    @retried_transaction
    def stumble() -> None:
        attempts.append(1)
        Group.objects.create(name="bug")
        raise KeyError("bug")

    with pytest.raises(KeyError):
        stumble()

    assert len(attempts) == 1
    assert named("bug") == []


def test_a_hook_that_fails_after_commit_does_not_run_the_body_again(
    other: BaseDatabaseWrapper, retries: Retries
) -> None:
    attempts = []

    @retried_transaction
    def create() -> None:
        attempts.append(1)
        Group.objects.create(name="hooked")
        transaction.on_commit(lambda: meet_a_conflict(other))

    with pytest.raises(OperationalError):
        create()

    assert len(attempts) == 1
    assert retries() == []
    assert named("hooked") == ["hooked"]


def test_a_swallowed_database_error_is_no_success() -> None:
    @retried_transaction
    def swallow() -> None:
        Group.objects.create(name="swallowed")
        with pytest.raises(DatabaseError):
            # SQLite alone can go on after most errors; one that ends the transaction is like the others'.
            execute(
                connection,
                "INSERT OR ROLLBACK INTO auth_group (name) VALUES ('swallowed')" if SQLITE else "SELECT 1/0",
            )

    with pytest.raises(SwallowedDatabaseError):
        swallow()

    assert named("swallowed") == []


def test_an_error_swallowed_in_a_marked_transaction_is_no_success() -> None:
    @retried_transaction
    def swallow() -> None:
        Group.objects.create(name="marked")
        transaction.set_rollback(True)

    with pytest.raises(SwallowedDatabaseError):
        swallow()

    assert named("marked") == []


def test_nested_use_is_refused() -> None:
    @retried_transaction
    def inner() -> None:
        Group.objects.create(name="nested")

    @retried_transaction
    def outer() -> None:
        Group.objects.create(name="nested around")
        inner()

    with pytest.raises(RuntimeError, match="nested"):
        outer()

    assert named("nested") == []


def test_inside_joins_the_transaction_of_its_caller() -> None:
    @retried_transaction
    def inner() -> None:
        Group.objects.create(name="joined")

    @retried_transaction
    def outer() -> None:
        inner.inside()
        raise ShopError("All or nothing.")

    with pytest.raises(ShopError):
        outer()
    assert named("joined") == []
    with pytest.raises(RuntimeError, match="transaction that is open"):
        inner.inside()


# Lost connections


@on_a_server
def test_a_connection_killed_in_the_body_is_replaced(other: BaseDatabaseWrapper, retries: Retries) -> None:
    backends = []

    @retried_transaction
    def create() -> None:
        Group.objects.create(name="survivor")
        backends.append(connection.connection.info.backend_pid)
        if len(backends) == 1:
            end_connection(other)
        Group.objects.count()

    create()

    assert named("survivor") == ["survivor"]
    assert len(set(backends)) == 2
    [retry] = retries()
    assert (retry["phase"], retry["failure"], retry["ambiguous"]) == ("body", "lost", "False")


@on_a_server
def test_a_connection_killed_while_idle_is_replaced(other: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    end_connection(other)

    @retried_transaction
    def create() -> None:
        Group.objects.create(name="after idling")

    create()

    assert named("after idling") == ["after idling"]


@on_a_server
def test_a_swallowed_loss_of_the_connection_is_no_success(
    other: BaseDatabaseWrapper, retries: Retries
) -> None:
    @retried_transaction
    def swallow() -> None:
        Group.objects.create(name="lost")
        end_connection(other)
        with pytest.raises(DatabaseError):
            Group.objects.count()

    with pytest.raises(SwallowedDatabaseError):
        swallow()

    assert retries() == []
    assert named("lost") == []


@pytest.fixture
def through_proxy() -> Iterator[proxy.Proxy]:
    """The default connection goes through a proxy before the server's Unix socket."""
    host = connection.settings_dict["HOST"]
    if not host.startswith("/"):
        pytest.skip("the proxy stands before a Unix socket")
    with proxy.before(Path(host)) as (stand, directory):
        connection.close()
        connection.settings_dict["HOST"] = directory
        yield stand
        stand.lose = proxy.Lose.NOTHING
        connection.close()
        connection.settings_dict["HOST"] = host


def make_once(name: str, attempts: list[int]) -> Body:
    """A service whose name is its key: it looks before it makes."""

    @retried_transaction
    def make() -> Group:
        attempts.append(1)
        return Group.objects.filter(name=name).first() or Group.objects.create(name=name)

    return make


@on_a_server
@pytest.mark.parametrize("lost", [proxy.Lose.REPLY, proxy.Lose.REQUEST])
def test_a_connection_lost_at_commit_is_run_again_and_stored_once(
    through_proxy: proxy.Proxy, retries: Retries, lost: proxy.Lose
) -> None:
    attempts: list[int] = []
    make = make_once("ambiguous", attempts)
    through_proxy.lose = lost

    assert make().name == "ambiguous"

    assert through_proxy.commits == 1
    assert len(attempts) == 2
    [retry] = retries()
    assert (retry["phase"], retry["failure"], retry["ambiguous"]) == ("commit", "lost", "True")
    assert named("ambiguous") == ["ambiguous"]


@on_a_server
def test_a_commit_that_is_lost_every_time_is_an_unknown_outcome(
    through_proxy: proxy.Proxy, short_budget: None
) -> None:
    make = make_once("who knows", [])
    through_proxy.lose, through_proxy.times = proxy.Lose.REPLY, 1000

    with pytest.raises(UnknownOutcome) as raised:
        make()

    assert raised.value.code == "unknown_outcome"
    through_proxy.lose = proxy.Lose.NOTHING
    assert make().name == "who knows"
    assert named("who knows") == ["who knows"]


@on_a_server
@pytest.mark.parametrize("then", ["conflict", "refusal", "duplicate"])
def test_what_fails_after_an_ambiguous_commit_is_an_unknown_outcome(
    through_proxy: proxy.Proxy, other: BaseDatabaseWrapper, short_budget: None, then: str
) -> None:
    attempts = []

    @retried_transaction
    def make() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            Group.objects.create(name="once")
        elif then == "conflict":
            meet_a_conflict(other)
        elif then == "duplicate":
            Group.objects.create(name="once")
        else:
            raise ShopError("It is there already.")

    through_proxy.lose = proxy.Lose.REPLY
    with pytest.raises(UnknownOutcome):
        make()

    assert named("once") == ["once"]


# Django's own handlers


def test_messages_of_a_failed_attempt_are_dropped(
    rf: pytest.FixtureRequest, other: BaseDatabaseWrapper
) -> None:
    request = rf.get("/")  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)
    request._messages.add(20, "before")
    attempts = []

    class Admin:
        @retried
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
        with connection.execute_wrapper(transactions.retry_statement), connection.cursor() as cursor:
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
            cause = sqlite3.OperationalError("database is locked")
            cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise OperationalError("database is locked") from cause
        return len(waits)

    monkeypatch.setattr(transactions.time, "sleep", note)

    assert transactions.run_in_transaction("refused", refused_ten_times) == 10
    assert held == [False] * 10
    assert all(0 <= wait <= min(0.25, 0.01 * 2**n) for n, wait in enumerate(waits, start=1))
    assert len(set(waits)) == 10

"""Conflicts that the database reports, and the attempts that are run again."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db.errors import Busy, UnknownOutcome
from shop.db.transactions import retried_transaction
from shop.models import Product
from testing.transactions import (
    SQLITE,
    Retries,
    execute,
    hold_write_lock,
    is_postgresql,
    list_group_names,
    on_a_server,
    on_sqlite,
    open_transaction,
    provoke_conflict,
    replace_waiting,
)

pytestmark = pytest.mark.django_db(transaction=True)


# Conflicts


def insert_ours() -> None:
    Group.objects.create(name="skew ours")


def insert_theirs(other: BaseDatabaseWrapper) -> None:
    """Looks for skews and inserts one, as the service of the test does, in the transaction of `other`."""
    with other.cursor() as cursor, open_transaction(other):
        cursor.execute("SELECT count(*) FROM auth_group WHERE name LIKE 'skew%%'")
        cursor.execute("INSERT INTO auth_group (name) VALUES ('skew theirs')")


@on_a_server
def test_write_skew_found_at_commit_is_run_again_once(other: BaseDatabaseWrapper, retries: Retries) -> None:
    steps: list[Callable[[], None]] = [insert_ours, partial(insert_theirs, other)]
    attempts = []

    @retried_transaction
    def only_one() -> None:
        """At most one skew: neither unique nor checkable, so only SERIALIZABLE keeps it."""
        attempts.append(list_group_names("skew"))
        if attempts[-1]:
            return
        # CockroachDB itself lets nobody read what is being written: there `other` goes first.
        for step in steps if is_postgresql(other) else reversed(steps):
            step()

    only_one()

    assert attempts == [[], ["skew theirs"]]
    assert list_group_names("skew") == ["skew theirs"]
    [retry] = retries()
    assert retry["failure"] == "conflict"
    assert retry["sqlstate"] == "40001"
    assert retry["attempt"] == "1"
    assert retry["ambiguous"] == "False"
    if is_postgresql(other):
        assert retry["phase"] == "commit"


@on_a_server
def test_a_row_changed_by_somebody_else_is_read_again(other: BaseDatabaseWrapper, retries: Retries) -> None:
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

    lock = hold_write_lock(other)
    lock.__enter__()
    replace_waiting(monkeypatch, lambda seconds: lock.__exit__(None, None, None))
    create()

    assert list_group_names("patient") == ["patient"]
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
                provoke_conflict(other)
        except OperationalError:
            Group.objects.count()  # refused: the transaction is already lost
        Group.objects.create(name="stumbled")

    create()

    assert list_group_names("stumbled") == ["stumbled"]
    assert len(attempts) == 2
    assert len(retries()) == 1


def test_a_conflict_that_never_ends_is_busy_within_the_budget(
    other: BaseDatabaseWrapper, retries: Retries, short_budget: None
) -> None:
    @retried_transaction
    def create() -> None:
        Group.objects.create(name="never")
        provoke_conflict(other)

    began = time.monotonic()
    with hold_write_lock(other) if SQLITE else nullcontext(), pytest.raises(Busy) as raised:
        create()

    assert time.monotonic() - began < 1.5
    assert not isinstance(raised.value, UnknownOutcome)
    assert raised.value.http_status == 503
    assert len(retries()) >= 2
    assert list_group_names("never") == []


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
    assert list_group_names("slow") == []


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

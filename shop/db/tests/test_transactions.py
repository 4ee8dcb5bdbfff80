"""Transactions: duplicates, refusals, bugs, swallowed errors and nested use."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db import retries
from shop.db.errors import ShopError
from shop.db.failures import Failure
from shop.db.transactions import SwallowedDatabaseError, retried_transaction
from testing.transactions import (
    SQLITE,
    Retries,
    execute,
    list_group_names,
    provoke_conflict,
)

pytestmark = pytest.mark.django_db(transaction=True)


# Duplicates


def test_a_duplicate_is_looked_for_again(retries: Retries) -> None:
    theirs = Group.objects.create(name="race")
    attempts = []

    @retried_transaction
    def get_or_make() -> Group:
        attempts.append(1)
        group = Group.objects.filter(name="race").first() if len(attempts) > 1 else None
        return group or Group.objects.create(name="race")

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

    assert len(attempts) == retries.MAX_FAILURES[Failure.DUPLICATE]


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
    assert list_group_names("refused") == []


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
    assert list_group_names("bug") == []


def test_a_hook_that_fails_after_commit_does_not_run_the_body_again(
    other: BaseDatabaseWrapper, retries: Retries
) -> None:
    attempts = []

    @retried_transaction
    def create() -> None:
        attempts.append(1)
        Group.objects.create(name="hooked")
        transaction.on_commit(lambda: provoke_conflict(other))

    with pytest.raises(OperationalError):
        create()

    assert len(attempts) == 1
    assert retries() == []
    assert list_group_names("hooked") == ["hooked"]


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

    assert list_group_names("swallowed") == []


def test_an_error_swallowed_in_a_marked_transaction_is_no_success() -> None:
    @retried_transaction
    def swallow() -> None:
        Group.objects.create(name="marked")
        transaction.set_rollback(True)

    with pytest.raises(SwallowedDatabaseError):
        swallow()

    assert list_group_names("marked") == []


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

    assert list_group_names("nested") == []


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
    assert list_group_names("joined") == []
    with pytest.raises(RuntimeError, match="transaction that is open"):
        inner.inside()

"""Connections that die: before COMMIT nothing happened, at COMMIT we do not know."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db.errors import ShopError, UnknownOutcome
from shop.db.statements import retry_statement
from shop.db.transactions import SwallowedDatabaseError, retried_transaction
from testing.faulty_proxy import Fault, FaultyProxy
from testing.transactions import (
    Body,
    Retries,
    end_connection,
    list_group_names,
    on_a_server,
    provoke_conflict,
)

pytestmark = pytest.mark.django_db(transaction=True)


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

    assert list_group_names("survivor") == ["survivor"]
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

    assert list_group_names("after idling") == ["after idling"]


@on_a_server
def test_a_lone_select_on_a_dead_connection_is_sent_on_a_new_one(other: BaseDatabaseWrapper) -> None:
    connection.ensure_connection()
    end_connection(other)

    with connection.execute_wrapper(retry_statement):
        assert Group.objects.filter(name="clerk").count() == 1
        end_connection(other)
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("DELETE FROM auth_group WHERE name = 'nobody'")
    connection.close()


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
    assert list_group_names("lost") == []


@pytest.fixture
def through_proxy() -> Iterator[FaultyProxy]:
    """The default connection goes through a proxy before the server's Unix socket."""
    host = connection.settings_dict["HOST"]
    if not host.startswith("/"):
        pytest.skip("the proxy stands before a Unix socket")
    with TemporaryDirectory(prefix="shop-proxy-") as directory:
        proxy = FaultyProxy(Path(host), Path(directory))
        connection.close()
        connection.settings_dict["HOST"] = directory
        yield proxy
        proxy.disarm()
        connection.close()
        connection.settings_dict["HOST"] = host
        proxy.close()


def make_once(name: str, attempts: list[int]) -> Body:
    """A service whose name is its key: it looks before it makes."""

    @retried_transaction
    def make() -> Group:
        attempts.append(1)
        return Group.objects.filter(name=name).first() or Group.objects.create(name=name)

    return make


@on_a_server
@pytest.mark.parametrize("lost", [Fault.LOSE_REPLY, Fault.LOSE_REQUEST])
def test_a_connection_lost_at_commit_is_run_again_and_stored_once(
    through_proxy: FaultyProxy, retries: Retries, lost: Fault
) -> None:
    attempts: list[int] = []
    make = make_once("ambiguous", attempts)
    through_proxy.arm(lost)

    assert make().name == "ambiguous"

    assert through_proxy.counts[lost] == 1
    assert len(attempts) == 2
    [retry] = retries()
    assert (retry["phase"], retry["failure"], retry["ambiguous"]) == ("commit", "lost", "True")
    assert list_group_names("ambiguous") == ["ambiguous"]


@on_a_server
def test_a_commit_that_is_lost_every_time_is_an_unknown_outcome(
    through_proxy: FaultyProxy, short_budget: None
) -> None:
    make = make_once("who knows", [])
    through_proxy.arm(Fault.LOSE_REPLY, times=1000)

    with pytest.raises(UnknownOutcome) as raised:
        make()

    assert raised.value.code == "unknown_outcome"
    through_proxy.disarm()
    assert make().name == "who knows"
    assert list_group_names("who knows") == ["who knows"]


@on_a_server
@pytest.mark.parametrize("then", ["conflict", "refusal", "duplicate"])
def test_what_fails_after_an_ambiguous_commit_is_an_unknown_outcome(
    through_proxy: FaultyProxy, other: BaseDatabaseWrapper, short_budget: None, then: str
) -> None:
    attempts = []

    @retried_transaction
    def make() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            Group.objects.create(name="once")
        elif then == "conflict":
            provoke_conflict(other)
        elif then == "duplicate":
            Group.objects.create(name="once")
        else:
            raise ShopError("It is there already.")

    through_proxy.arm(Fault.LOSE_REPLY)
    with pytest.raises(UnknownOutcome):
        make()

    assert list_group_names("once") == ["once"]

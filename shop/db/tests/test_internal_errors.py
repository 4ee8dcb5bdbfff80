"""XXUUU: what CockroachDB says when the node that was answering has died, and for its own bugs."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.contrib.auth.models import Group
from django.db import InternalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db.errors import UnknownOutcome
from shop.db.statements import retry_statement
from shop.db.transactions import retried_transaction
from testing.transactions import Retries, execute, is_postgresql, list_group_names, on_a_server

pytestmark = [pytest.mark.django_db(transaction=True), on_a_server]

#: Raises XXUUU as often as the sequence "deaths" says, which no rollback takes back.
DIE = """
CREATE SEQUENCE deaths;
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('deaths') <= {times} THEN
        RAISE EXCEPTION 'rpc error: code = Unavailable desc = transport is closing' USING ERRCODE = 'XXUUU';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON auth_group {when} FOR EACH ROW EXECUTE FUNCTION die();
"""
FORGET = "DROP TRIGGER dies ON auth_group; DROP FUNCTION die(); DROP SEQUENCE deaths;"
IN_THE_BODY, AT_COMMIT = "", "DEFERRABLE INITIALLY DEFERRED"


@contextmanager
def dying(other: BaseDatabaseWrapper, times: int, when: str) -> Iterator[None]:
    """A server whose next `times` inserts of a group end with XXUUU, at once or at COMMIT."""
    if not is_postgresql(other):
        pytest.skip("CockroachDB has no such triggers")
    execute(other, DIE.format(times=times, when=when))
    try:
        yield
    finally:
        connection.close()
        execute(other, FORGET)


@retried_transaction
def make_group() -> Group:
    return Group.objects.filter(name="survivor").first() or Group.objects.create(name="survivor")


@pytest.mark.parametrize(
    ("when", "phase", "ambiguous"), [(IN_THE_BODY, "body", "False"), (AT_COMMIT, "commit", "True")]
)
def test_a_node_that_died_is_run_again_on_another_one(
    when: str, phase: str, ambiguous: str, other: BaseDatabaseWrapper, retries: Retries
) -> None:
    with dying(other, 2, when):
        assert make_group().name == "survivor"

    assert list_group_names("survivor") == ["survivor"]
    assert [(retry["phase"], retry["sqlstate"], retry["ambiguous"]) for retry in retries()] == [
        (phase, "XXUUU", ambiguous)
    ] * 2


def test_a_genuine_internal_error_ends_as_one_after_three_attempts(
    other: BaseDatabaseWrapper, retries: Retries
) -> None:
    with dying(other, 1000, IN_THE_BODY), pytest.raises(InternalError):
        make_group()

    assert len(retries()) == 3
    assert list_group_names("survivor") == []


def test_an_internal_error_at_every_commit_is_an_unknown_outcome_after_three_attempts(
    other: BaseDatabaseWrapper, retries: Retries
) -> None:
    with dying(other, 1000, AT_COMMIT), pytest.raises(UnknownOutcome):
        make_group()

    assert [retry["ambiguous"] for retry in retries()] == ["True"] * 3


@pytest.mark.parametrize(("deaths", "answer"), [(2, 7), (3, None)])
def test_a_lone_select_is_sent_three_times_at_most(deaths: int, answer: int | None) -> None:
    sent = []

    def answer_in_time(sql: str) -> int:
        sent.append(sql)
        if len(sent) <= deaths:
            with connection.cursor() as cursor:
                cursor.cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'XXUUU'; END $$")
        return 7

    def ask() -> int:
        return retry_statement(
            lambda sql, params, many, context: answer_in_time(sql),
            "SELECT 7",
            (),
            many=False,
            context={"connection": connection},
        )

    if answer:
        assert ask() == answer
    else:
        with pytest.raises(psycopg2.InternalError):
            ask()
    assert len(sent) == 3

"""Causes conflicts and delays by triggers in the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from e2e.faults.databases import Postgres

_SETUP = """
CREATE SEQUENCE fault_tries;
CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('fault_tries') <= {times} THEN {action}; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fault AFTER INSERT OR UPDATE ON {table} {when}
    FOR EACH ROW EXECUTE FUNCTION fault();
"""
_TEARDOWN = """
DROP TRIGGER IF EXISTS fault ON {table};
DROP FUNCTION IF EXISTS fault;
DROP SEQUENCE IF EXISTS fault_tries;
"""


class Forced:
    """An installed trigger. A sequence counts its calls, because a rollback does not reset a sequence."""

    def __init__(self, database: Postgres) -> None:
        self.database = database

    def tries(self) -> int:
        last, called = self.database.rows("SELECT last_value, is_called FROM fault_tries")[0]
        return int(last) if called else 0


@contextmanager
def force_conflicts(
    database: Postgres,
    times: int,
    *,
    at_commit: bool,
    table: str = "shop_orderevent",
    sqlstate: str = "40001",
) -> Iterator[Forced]:
    """Makes the first `times` attempts to write into `table` end in a conflict."""
    action = f"RAISE EXCEPTION 'forced by a test' USING ERRCODE = '{sqlstate}'"
    with _trigger(
        database, action, times, "DEFERRABLE INITIALLY DEFERRED" if at_commit else "", table
    ) as forced:
        yield forced


@contextmanager
def force_delay(database: Postgres, seconds: float, table: str = "shop_orderevent") -> Iterator[Forced]:
    """Makes the first statement that writes into `table` take `seconds`."""
    with _trigger(database, f"PERFORM pg_sleep({seconds})", 1, "", table) as forced:
        yield forced


@contextmanager
def _trigger(database: Postgres, action: str, times: int, when: str, table: str) -> Iterator[Forced]:
    database.rows(_TEARDOWN.format(table=table))
    database.rows(_SETUP.format(action=action, times=times, when=when, table=table))
    try:
        yield Forced(database)
    finally:
        database.rows(_TEARDOWN.format(table=table))

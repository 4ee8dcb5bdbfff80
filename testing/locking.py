"""Finds what a service reads before it locks it, although it writes it."""

import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Customer, Order, Product, Register, RoleLimit, SavedView, TillSession

#: The rows that people meet at. Lines, events, payments and terms have a row of these above them.
MODELS = (Order, Product, Customer, SavedView, Register, TillSession, RoleLimit)
#: Services by name, ready to be called.
Calls = dict[str, Callable[[], object]]


def find_unlocked_reads(calls: Calls) -> dict[str, list[str]]:
    """Calls each service. Returns by its name the tables that it read without a lock, and then wrote."""
    unlocked = {}
    for name, call in calls.items():
        with CaptureQueriesContext(connection) as captured:
            call()
        statements = [query["sql"] for query in captured]
        # What a test reads to call the service comes before its transaction.
        statements = statements[statements.index("BEGIN") :]
        assert any(sql.startswith(("UPDATE", "DELETE", "INSERT")) for sql in statements), name
        unlocked[name] = find_reads_without_a_lock(statements)
    return unlocked


def find_reads_without_a_lock(statements: list[str]) -> list[str]:
    """Returns the tables that are written and that a statement read before another one locked them."""
    written = {table for sql in statements for table in re.findall(r'^(?:UPDATE|DELETE FROM) "(\w+)"', sql)}
    written |= {
        table for sql in statements for table in re.findall(r'^INSERT INTO "(\w+)".* ON CONFLICT', sql)
    }
    unlocked = []
    for table in (model._meta.db_table for model in MODELS):
        reads = [sql for sql in statements if sql.startswith("SELECT") and f'"{table}"' in sql]
        if table in written and reads and "FOR UPDATE" not in reads[0]:
            unlocked.append(table)
    return unlocked

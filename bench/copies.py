"""Copies the rows of a shop on SQLite into an empty one on PostgreSQL.

To make a million orders twice takes three times as long as to make them once and copy them.
"""

import io
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

#: Rows that are sent at once.
CHUNK = 5_000


def copy_rows(source: Path, url: str) -> None:
    """Copies all rows but those of migrations, into the same tables, which are emptied before."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as file,
        closing(psycopg2.connect(url)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        tables = list(_list_tables(file))
        # Rows come table by table, whatever refers to whatever; SQLite's dates have no zone, and are UTC.
        cursor.execute(
            "SET session_replication_role = replica; SET TIME ZONE 'UTC'; SET statement_timeout = 0"
        )
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute(f"TRUNCATE {', '.join(table for table, _ in tables)}")
        for table, columns in tables:
            names = ", ".join(f'"{name}"' for name in columns)
            for text in _read_chunks(file, table, columns):
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO(text))
            if "id" in columns:
                _set_next_id(cursor, table, file.execute(f"SELECT max(id) FROM {table}").fetchone()[0])


def _set_next_id(cursor: Any, table: str, largest: object) -> None:
    """Lets new rows of a table have ids beyond the largest one, if they are numbers."""
    if isinstance(largest, int):
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table, largest))


def _list_tables(file: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Yields each table of Django's with its columns."""
    names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in names:
        if name != "django_migrations" and not name.startswith("sqlite_"):
            yield name, [row[1] for row in file.execute(f"PRAGMA table_info({name})")]


def _read_chunks(file: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[str]:
    """Yields the rows as COPY reads them: SQLite itself writes each as a line, which is the fast way."""
    cells = [
        rf"""ifnull(replace(replace(replace("{name}", '\', '\\'), char(10), '\n'), char(9), '\t'), '\N')"""
        for name in columns
    ]
    rows = file.execute(f"SELECT {' || char(9) || '.join(cells)} FROM {table}")
    while lines := rows.fetchmany(CHUNK):
        yield "\n".join(line for (line,) in lines) + "\n"

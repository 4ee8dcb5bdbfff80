"""Shops of any size, made by `manage.py load_demo --orders N` once and kept under var/bench."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime

from bench.copies import copy_rows
from bench.database import MeasuredPostgres
from bench.servers import MeasuredServer
from bench.setup import PASSWORD, VAR, Setup
from testing.seeding import Seeder

STAFF = ("clerk", "manager")
#: Loading may take a statement longer than a request may.
PATIENT = "-c statement_timeout=0"


def postgresql(setup: Setup, orders: int) -> MeasuredServer:
    """Returns a server, not started, on a PostgreSQL database with so many orders, copied from SQLite."""
    name = f"bench_orders_{orders}"
    loading = MeasuredServer("shop", VAR / "shop", setup.postgres.url(name, options=PATIENT))
    if _read_note(setup.postgres, name) is None:
        setup.postgres.create_database(name)
        loading.manage("migrate", "--verbosity=0")
        copy_rows(sqlite(orders).var / "shop.sqlite3", loading.database_url)
        _write_note(setup.postgres, name, "loaded")
    if "Applying" in loading.manage("migrate"):
        setup.postgres.vacuum(name)  # a migration may have rewritten much
    loading.manage("prepare_shop")  # its static files, where no other part of the bench ran before
    _make_staff(loading)
    _move_to_today(setup.postgres, name)
    return MeasuredServer("shop", VAR / "shop", setup.postgres.url(name))


def sqlite(orders: int) -> MeasuredServer:
    """Returns a server, not started, on a file of SQLite with so many orders."""
    var = VAR / f"sqlite-{orders}"
    server = MeasuredServer("shop", var)
    if not (var / "loaded").exists():
        for left in var.glob("shop.sqlite3*"):
            left.unlink()
        _load(server, orders)
        with closing(sqlite3.connect(var / "shop.sqlite3", isolation_level=None)) as connection:
            connection.execute("VACUUM")
            connection.execute("ANALYZE")
        (var / "loaded").touch()
    # A kept file may be older than the code: its tables and its style sheets are brought up to date.
    server.manage("prepare_shop")
    _make_staff(server)
    return server


def patient(server: MeasuredServer) -> MeasuredServer:
    """Returns a server on the same database whose statements may take longer than a request may."""
    url = server.database_url
    extra = f"&options={PATIENT.replace(' ', '%20').replace('=', '%3D')}" if url else ""
    return MeasuredServer("shop", server.var, f"{url}{extra}")


def _make_staff(server: MeasuredServer) -> None:
    with Seeder(server) as seeder:
        seeder.make_staff(*STAFF, password=PASSWORD)


def _load(server: MeasuredServer, orders: int) -> None:
    print(f"Making {orders:,} orders in SQLite, once …", flush=True)
    began = time.monotonic()
    server.manage("migrate", "--verbosity=0")
    # Before the orders, so that they are theirs; and prepare_shop fills no shop that has staff.
    _make_staff(server)
    server.manage("prepare_shop")
    server.manage("load_demo", "--orders", str(orders))
    print(f"… took {time.monotonic() - began:.0f} s.", flush=True)


def _move_to_today(postgres: MeasuredPostgres, name: str) -> None:
    """Gives the newest orders today's date, so that the home page has a day to add up.

    At first those of the last whole day and what there is of the day after it.
    """
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    said = _read_note(postgres, name)
    if said == today:
        return
    newest = "(SELECT max(dated_at) AT TIME ZONE 'UTC' FROM shop_order)::date"
    first = f"({newest} - {1 if said == 'loaded' else 0})::timestamp AT TIME ZONE 'UTC'"
    moved = "((date '{today}' + ({column} AT TIME ZONE 'UTC')::time) AT TIME ZONE 'UTC')"
    dated, placed = (moved.format(today=today, column=column) for column in ("dated_at", "placed_at"))
    postgres.execute(
        f"UPDATE shop_order SET dated_at = {dated}, placed_at = {placed}, "
        f"business_day = CASE WHEN business_day IS NOT NULL THEN date '{today}' END "
        f"WHERE dated_at >= {first}",
        name,
    )
    # The stored sums of both days are wrong now. `seal_days` computes the sums of all days again.
    tables = postgres.execute(
        "SELECT tablename FROM pg_tables WHERE tablename ~ '^shop_(sealed|day|month|year)'", name
    )
    postgres.execute(f"TRUNCATE {', '.join(table for (table,) in tables)}", name)
    postgres.vacuum(name)
    _write_note(postgres, name, today)


def _read_note(postgres: MeasuredPostgres, name: str) -> str | None:
    """Returns a database's note: None until it is filled, then "loaded", then the day of its last order."""
    rows = postgres.execute(
        f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'"
    )
    return rows[0][0] if rows else None


def _write_note(postgres: MeasuredPostgres, name: str, text: str) -> None:
    postgres.execute(f"COMMENT ON DATABASE {name} IS '{text}'")

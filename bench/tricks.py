"""What each trick of shop gains: a cache, a bit mask, fingerprints, hand-made SQL, a thread.

Each is compared with shop without it in one process, by turns, on PostgreSQL: the search on a big desk,
the others on a small one.
A run of its own, `python -m bench --tricks`: bench/BEFORE_AFTER.md keeps what it found.
"""

import json
from pathlib import Path
from typing import Any

from bench.datasets import postgresql
from bench.report import Table
from bench.servers import MeasuredServer
from bench.setup import VAR, Setup
from testing.counting_proxy import run_proxy

FEW, MANY = 1_000, 100_000
AWAY = 0.002
HOW = "the quickest of 12 requests a turn, medians of 5 rounds, in one process without a server before it"
TITLES = {
    "rows": "(b) marks of the rows that a page has",
    "session": "(c) a session's SQL, compiled once",
    "deadlines": "(d) the watcher of deadlines, and the prober behind /ping/",
    "stale": "(e) a SELECT again on a new connection, instead of Django's health checks",
    "stale, away": "(e) the same with the database 2 ms away",
    "search": "(a) the bits beside a search word",
}


def measure(setup: Setup) -> list[Table]:
    """Every trick's table."""
    postmaster = (setup.postgres.data / "postmaster.pid").read_text().split()[0]
    tables = []
    for group in TITLES:
        name, _, is_away = group.partition(", ")
        if is_away:
            with run_proxy(setup.postgres.socket, delay=AWAY) as wire:
                found = _run(_through(setup, wire.directory), name, postmaster)
        else:
            found = _run(postgresql(setup, MANY if name == "search" else FEW), name, postmaster)
        tables.append(_table(TITLES[group], found))
        print(tables[-1].markdown(), flush=True)
    return tables


def _through(setup: Setup, directory: Path) -> MeasuredServer:
    return MeasuredServer("shop", VAR / "desk", setup.postgres.url(f"bench_orders_{FEW}", directory))


def _run(server: MeasuredServer, group: str, postmaster: str) -> list[dict[str, Any]]:
    said = server.run_python("-m", "bench.without", group, postmaster)
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def _table(title: str, found: list[dict[str, Any]]) -> Table:
    table = Table(title, ["what", "with", "without", "without / with"])
    table.notes = [f"Milliseconds unless said otherwise, {HOW}."]
    for one in found:
        if "times" in one:
            table.rows.append(_row(one))
        else:
            table.notes.append(_note(one))
    return table


def _row(one: dict[str, Any]) -> list[str]:
    digits = 0 if one.get("unit") == "bytes" else 2
    return [one["what"], *(f"{one[key]:,.{digits}f}" for key in ("with", "without")), f"{one['times']:.2f}×"]


def _note(one: dict[str, Any]) -> str:
    if "statuses" in one:
        ours, djangos, neither = one["statuses"]
        return f"{one['what']}: {ours} with the trick, {djangos} with health checks, {neither} with neither."
    answered = one["answered"]
    said = f"{answered[0]:.0f} after {answered[1]:.1f} s" if answered else "no answer in 15 s"
    return f"{one['what']}: {said}."

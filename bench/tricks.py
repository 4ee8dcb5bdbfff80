"""What each trick of shop gains: a cache, a bit mask, fingerprints, hand-made SQL, a thread.

Each is compared with shop without it in one process, by turns, on PostgreSQL: the search among many rows,
the others on a small one.
A run of its own, `python -m bench --tricks`: bench/BEFORE_AFTER.md keeps what it found.
"""

import json
from pathlib import Path
from typing import Any

from bench.datasets import postgresql
from bench.results import Table
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
                results = _run(_through(setup, wire.directory), name, postmaster)
        else:
            results = _run(postgresql(setup, MANY if name == "search" else FEW), name, postmaster)
        tables.append(_table(TITLES[group], results))
        print(tables[-1].markdown(), flush=True)
    return tables


def _through(setup: Setup, directory: Path) -> MeasuredServer:
    return MeasuredServer("shop", VAR / "shop", setup.postgres.url(f"bench_orders_{FEW}", directory))


def _run(server: MeasuredServer, group: str, postmaster: str) -> list[dict[str, Any]]:
    said = server.run_python("-m", "bench.trick_runs", group, postmaster)
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def _table(title: str, results: list[dict[str, Any]]) -> Table:
    table = Table(title, ["what", "with", "without", "without / with"])
    table.notes = [f"Milliseconds unless said otherwise, {HOW}."]
    for result in results:
        if "times" in result:
            table.rows.append(_row(result))
        else:
            table.notes.append(_note(result))
    return table


def _row(result: dict[str, Any]) -> list[str]:
    digits = 0 if result.get("unit") == "bytes" else 2
    return [
        result["what"],
        *(f"{result[key]:,.{digits}f}" for key in ("with", "without")),
        f"{result['times']:.2f}×",
    ]


def _note(result: dict[str, Any]) -> str:
    if "statuses" in result:
        ours, djangos, neither = result["statuses"]
        return (
            f"{result['what']}: {ours} with the trick, {djangos} with health checks, {neither} with neither."
        )
    answered = result["answered"]
    said = f"{answered[0]:.0f} after {answered[1]:.1f} s" if answered else "no answer in 15 s"
    return f"{result['what']}: {said}."

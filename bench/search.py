"""Search as you type, in lists and at the desk, among very many customers and products."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from bench.datasets import postgresql, sqlite
from bench.figures import percentile
from bench.pages import read_contents
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from bench.staff_requests import StaffRequests
from bench.taking_turns import Asker
from testing.servers import serve

MOST_MS = 50.0


@dataclass
class Search:
    """What is typed where, and the milliseconds of its answers."""

    where: str
    kind: str
    typed: str
    path: str
    #: Whether htmx asks for a part of the page.
    fragment: bool = False
    taken: list[float] = field(default_factory=list)


def measure(setup: Setup) -> Findings:
    """PostgreSQL, then SQLite, each asked by one client."""
    findings = Findings()
    for engine, server in (
        ("PostgreSQL", postgresql(setup, setup.scale.orders)),
        ("SQLite", sqlite(setup.scale.orders)),
    ):
        contents = read_contents(server)
        searches = _ask(server, contents, setup.scale.search_requests)
        findings.tables.append(_table(engine, contents, searches))
        worst = max(searches, key=lambda search: percentile(search.taken, 95))
        slow = percentile(worst.taken, 95)
        over = sum(percentile(search.taken, 95) > MOST_MS for search in searches)
        said = f"{slow:.0f} ms at most ({worst.where}, “{worst.typed}”)"
        said += f"; {over} searches are over" if over > 1 else ""
        what = f"search as you type at {setup.scale.orders:,} orders, {engine}: p95"
        findings.bars.append(Bar(what, f"≤ {MOST_MS:.0f} ms", said, not over))
    return findings


def _ask(server: MeasuredServer, contents: dict[str, Any], times: int) -> list[Search]:
    with serve(server):
        clerk = StaffRequests(server)
        searches = list(_searches(contents, clerk.draft()))
        with Asker([server]) as asker:
            for search in searches:
                (search.taken,) = asker.ask([clerk.get(search.path, fragment=search.fragment)], times)
    return searches


def _searches(contents: dict[str, Any], reference: str) -> Iterator[Search]:
    for noun, kinds in contents["words"].items():
        for kind, typed in kinds.items():
            for text in typed:
                yield Search(f"list of {noun}", kind, text, f"/{noun}/?q={quote_plus(text)}", fragment=True)
                asked = {"customers": "customer", "products": "add"}[noun]
                path = f"/orders/{reference}/?{asked}={quote_plus(text)}"
                yield Search(f"desk, {noun}", kind, text, path)


def _table(engine: str, contents: dict[str, Any], searches: list[Search]) -> Table:
    counts = contents["counts"]
    title = (
        f"Search as you type, {engine}: {counts['customers']:,} customers, {counts['products']:,} products"
    )
    table = Table(title, ["where", "what", "typed", "p50 ms", "p95 ms"])
    for search in sorted(searches, key=lambda search: search.where):
        figures = [f"{percentile(search.taken, percent):.1f}" for percent in (50, 95)]
        table.rows.append([search.where, search.kind, search.typed, *figures])
    table.notes = [
        f"One client, {len(searches[0].taken)} times each, the whole time from request to answer.",
        "Lists: the part that htmx asks for. Desk: the whole page of a draft with what the text finds.",
    ]
    return table

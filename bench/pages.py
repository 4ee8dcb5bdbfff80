"""Pages of a shop with very many orders beside the same pages of one with few."""

import functools
import json
import math
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.datasets import patient, postgresql
from bench.figures import percentile
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from bench.staff_requests import StaffRequests
from bench.taking_turns import Asker
from testing.servers import serve

TIMES, MOST_MS = 1.5, 200.0
LISTS, FILTERS, DETAILS, HOME, MORE = "lists", "filters", "details", "home", "more"
#: What each bar is about. Other combinations of filter and sort are measured beside them.
BARS = {
    LISTS: "lists, first and last pages",
    FILTERS: "lists filtered by status, date, customer",
    DETAILS: "pages of an order, a customer, a product",
    HOME: "home",
}


@dataclass(frozen=True)
class Page:
    """A page that both shops have, each at an address of its own."""

    group: str
    name: str
    paths: tuple[str, str]


@dataclass
class Result:
    """Milliseconds of a page: with few orders and with many."""

    page: Page
    few: list[float]
    many: list[float]

    @property
    def times(self) -> float:
        return self.slow / percentile(self.few, 95) if math.isfinite(self.slow) else math.inf

    @property
    def slow(self) -> float:
        """The p95 with many orders."""
        return percentile(self.many, 95)


def read_contents(server: MeasuredServer) -> dict[str, Any]:
    """Returns what `bench.contents` finds in a server's database."""
    return _read_cached_contents(server.var, server.database_url)


@functools.cache
def _read_cached_contents(var: Path, url: str) -> dict[str, Any]:
    contents: dict[str, Any] = json.loads(
        patient(MeasuredServer("shop", var, url)).run_python("-m", "bench.contents")
    )
    return contents


def measure(setup: Setup) -> Findings:
    """Two servers on two databases of one PostgreSQL, asked by turns by one client."""
    servers = [postgresql(setup, orders) for orders in (setup.scale.few_orders, setup.scale.orders)]
    few, many = (read_contents(server) for server in servers)
    results = []
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(serve(server))
        clerks = [StaffRequests(server) for server in servers]
        asker = stack.enter_context(Asker(servers))
        for page in _pages(few, many, every_sort=setup.scale.every_sort):
            requests = [clerk.get(path) for clerk, path in zip(clerks, page.paths, strict=True)]
            results.append(Result(page, *asker.ask(requests, setup.scale.page_requests)))
    return Findings([_table(setup, results, few, many)], _bars(setup, results))


def _pages(few: dict[str, Any], many: dict[str, Any], *, every_sort: bool) -> list[Page]:
    """Returns every page that is measured and that both shops have."""
    ours, theirs = (_addresses(contents, every_sort=every_sort) for contents in (few, many))
    return [
        Page(group, name, (ours[group, name], theirs[group, name]))
        for group, name in theirs
        if (group, name) in ours
    ]


def _addresses(contents: dict[str, Any], *, every_sort: bool) -> dict[tuple[str, str], str]:
    """The address of each page, by its group and name."""
    details = {
        "an order": f"/orders/{contents['order']}/",
        "the customer with most orders": f"/customers/{contents['customer']['id']}/",
        "the product with most orders": f"/products/{contents['product']}/",
    }
    groups = {
        HOME: {"home": "/"},
        LISTS: _lists(contents, every_sort=every_sort),
        DETAILS: details,
        FILTERS: {name: f"/orders/?{urlencode(query)}" for name, query in _filters(contents).items()},
        MORE: {name: f"/orders/?{urlencode(query)}" for name, query in _more(contents).items()},
    }
    return {(group, name): path for group, paths in groups.items() for name, path in paths.items()}


def _lists(contents: dict[str, Any], *, every_sort: bool) -> dict[str, str]:
    addresses = {}
    for noun, sorts in contents["lists"].items():
        default = next(iter(sorts))
        for sort, cursor in list(sorts.items())[: None if every_sort else 2]:
            # The address of a list does not name the default: whoever does is redirected.
            query = {} if sort == default else {"sort": sort}
            addresses[f"{noun} by {sort}, first page"] = f"/{noun}/?{urlencode(query)}"
            if cursor:
                addresses[f"{noun} by {sort}, last page"] = f"/{noun}/?{urlencode(query | {'after': cursor})}"
    return addresses


def _filters(contents: dict[str, Any]) -> dict[str, dict[str, str]]:
    states = ("draft", "placed", "fulfilled", "cancelled")
    day = {"first": contents["day"], "last": contents["day"]}
    return {f"orders {status}": {"status": status} for status in states} | {
        "orders of a day": day,
        "orders of half the time": {"last": contents["day"]},
        "orders of a day, fulfilled": day | {"status": "fulfilled"},
        "orders of one customer": {"customer": contents["customer"]["name"]},
    }


def _more(contents: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Returns combinations of filter and sort that no bar is about."""
    letters = {noun: words["common letters"][0] for noun, words in contents["words"].items()}
    return {
        "orders cancelled, largest": {"status": "cancelled", "sort": "largest"},
        "orders of a day, largest": {"first": contents["day"], "last": contents["day"], "sort": "largest"},
        "orders of customers with a common letter": {"customer": letters["customers"]},
        "orders with products of a common letter": {"product": letters["products"]},
        "orders of a clerk": {"clerk": str(contents["clerk"])},
    }


def _table(setup: Setup, results: list[Result], few: dict[str, Any], many: dict[str, Any]) -> Table:
    counts = [f"{contents['counts']['orders']:,}" for contents in (few, many)]
    head = ["page", *(f"{part} ms, {count}" for count in counts for part in ("p50", "p95")), "p95, times"]
    table = Table(f"Pages with {counts[1]} orders and with {counts[0]}", head)
    for result in results:
        figures = [percentile(taken, percent) for taken in (result.few, result.many) for percent in (50, 95)]
        mark = " *" if result.page.group == MORE else ""
        table.rows.append(
            [f"{result.page.name}{mark}", *(f"{ms:.1f}" for ms in figures), f"{result.times:.2f}"]
        )
    table.notes = [
        f"Whole pages, one client, {setup.scale.page_requests} requests to each by turns, after warming.",
        "Made by `load_demo --orders`, then VACUUM (ANALYZE). The newest orders are dated today.",
        *(_counted(contents) for contents in (few, many)),
        "last page: the one that a cursor reaches at the very end. * : beside the bars.",
    ]
    return table


def _counted(contents: dict[str, Any]) -> str:
    counts = [f"{count:,} {name}" for name, count in contents["counts"].items()]
    return f"{', '.join(counts)}; {contents['today']:,} orders sold today."


def _bars(setup: Setup, results: list[Result]) -> list[Bar]:
    bars = []
    sizes = f"p95 at {setup.scale.orders:,} orders for p95 at {setup.scale.few_orders:,}"
    for group, what in BARS.items():
        worst = max(
            (result for result in results if result.page.group == group), key=lambda result: result.times
        )
        over = sum(result.page.group == group and result.times > TIMES for result in results)
        said = f"{worst.times:.2f}× at most ({worst.page.name})" + (
            f"; {over} pages are over" if over > 1 else ""
        )
        bars.append(Bar(f"{what}: {sizes}", f"≤ {TIMES}×", said, not over))
    slowest = max(
        (result for result in results if result.page.group in (LISTS, HOME)), key=lambda result: result.slow
    )
    bars.append(
        Bar(
            f"home and lists at {setup.scale.orders:,} orders: p95",
            f"≤ {MOST_MS:.0f} ms",
            f"{slowest.slow:.0f} ms at most ({slowest.page.name})",
            slowest.slow <= MOST_MS,
        )
    )
    return bars

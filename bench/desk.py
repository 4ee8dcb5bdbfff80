"""The browser's path: adding lines, placing, searching while typing, lists, home."""

import gzip
import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice, repeat

from bench import load
from bench.counting import Cost, measure_cost
from bench.figures import Series, Turn
from bench.load import CLIENTS
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from bench.staff_requests import LINES, StaffRequests
from testing.counting_proxy import run_proxy

WARM = 4
#: What adding a line may cost: statements, bytes compressed, times the do-nothing view, and ms on top.
STATEMENTS, BYTES, TIMES, DATABASE_MS = 8, 6 * 1024, 2.0, 5.0
PLACED_LINES = 5
#: Placings a turn: each wants a draft of its own.
PLACINGS = 40
#: Lines a second that no client adds.
FASTEST = 200
BY_SKU, BY_WORDS, NOTHING = "add a line by SKU", "add a line by two words", "do-nothing view"

Streams = Callable[[int], list[Iterator[bytes]]]


@dataclass
class Step:
    """Something a clerk does; `streams` makes the requests of so many clients."""

    name: str
    server: MeasuredServer
    streams: Streams
    one_client: Series = field(default_factory=Series)
    all_clients: Series = field(default_factory=Series)
    cost: Cost | None = None

    def row(self) -> list[str]:
        assert self.cost
        size, packed = sizes(self.cost.answer)
        return [
            self.name,
            self.cost.text,
            *(f"{self.one_client.percentile(percent):.1f}" for percent in (50, 95, 99)),
            f"{self.all_clients.rate:.0f}",
            f"{self.all_clients.percentile(95):.1f}",
            f"{self.all_clients.failed:.1f}",
            f"{self.all_clients.server_cpu:.2f}",
            f"{self.all_clients.database_cpu:.2f}",
            f"{size / 1024:.1f}",
            f"{packed / 1024:.1f}",
        ]


HEAD = [
    "what",
    "statements",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "per second, 4 clients",
    "p95 ms, 4 clients",
    "failed %",
    "server CPU ms",
    "database CPU ms",
    "answer KiB",
    "compressed KiB",
]


NOTES = [
    "p50, p95, p99: one client, which is what a clerk waits; then four clients at once.",
    f"Lines are added to empty drafts until they have {LINES}: the usual statements, the last answer's size.",
    "That is with every line drawn; in the turns, as in a browser, those that did not change are left out.",
    "The requests accept gzip and br. What comes uncompressed is compressed by the bench, with gzip.",
]


def sizes(answer: bytes) -> tuple[int, int]:
    """Returns the bytes of an answer's body, plain and compressed; compresses it if the server did not."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"content-encoding:" in head.lower():
        return len(body), len(body)
    return len(body), len(gzip.compress(body, 6))


def measure(setup: Setup) -> Findings:
    """Measures each step by one client alone, as a clerk waits for it, and by four at once."""
    with ExitStack() as stack:
        ours, do_nothing = stack.enter_context(setup.ours()), stack.enter_context(setup.do_nothing())
        nothing = Step(NOTHING, do_nothing, lambda count: [do_nothing.ping_requests() for _ in range(count)])
        steps = [*_steps(setup, ours), nothing]
        _count(setup, steps)
        for step in steps:
            _turn(setup, step, CLIENTS)
        for _ in range(setup.scale.rounds):
            for step in steps:
                step.all_clients.turns.append(_turn(setup, step, CLIENTS))
                step.one_client.turns.append(_turn(setup, step, 1))
    return _findings(steps)


def _turn(setup: Setup, step: Step, count: int) -> Turn:
    return load.take_turn(step.server, step.streams(count), setup.scale.seconds / 2, setup.postgres.cpu)


def _steps(setup: Setup, server: MeasuredServer) -> list[Step]:
    """Returns the steps of a clerk. All clients send the cookies of one signed-in browser."""
    clerk, goods = StaffRequests(server), setup.goods["products"]

    def same(path: str, *, fragment: bool = False) -> Streams:
        return lambda count: [repeat(clerk.get(path, fragment=fragment)) for _ in range(count)]

    waiting = setup.drafts(CLIENTS, 3)

    def choices(count: int) -> list[Iterator[bytes]]:
        return [clerk.adding([waiting[number]] * 10_000, ["wal"]) for number in range(count)]

    return [
        Step(BY_SKU, server, _adding(setup, clerk, [product["sku"] for product in goods[:LINES]])),
        Step(BY_WORDS, server, _adding(setup, clerk, [product["words"] for product in goods[:LINES]])),
        Step("add “wal”: choices", server, choices),
        Step(f"place a draft of {PLACED_LINES} lines", server, _placing(setup, clerk)),
        Step("search customers as you type", server, same("/customers/?q=cu", fragment=True)),
        Step("search products as you type", server, same("/products/?q=wal", fragment=True)),
        Step("orders, first page", server, same("/orders/")),
        Step("customers, first page", server, same("/customers/")),
        Step("products, first page", server, same("/products/")),
        Step("home", server, same("/")),
    ]


def _adding(setup: Setup, clerk: StaffRequests, texts: list[str]) -> Streams:
    # More drafts than a turn can fill; made at once, for every turn of both series and one to count.
    each = math.ceil(setup.scale.seconds * FASTEST / LINES)
    turns = (setup.scale.rounds + 1) * (CLIENTS + 1) + 1
    pool = iter(setup.drafts(each * turns, 0))

    def streams(count: int) -> list[Iterator[bytes]]:
        return [clerk.adding(list(islice(pool, each)), texts) for _ in range(count)]

    return streams


def _placing(setup: Setup, clerk: StaffRequests) -> Streams:
    pool = iter(setup.drafts(PLACINGS * (2 * setup.scale.rounds + 3), PLACED_LINES))

    def streams(count: int) -> list[Iterator[bytes]]:
        requests = clerk.placing(islice(pool, PLACINGS))
        return [iter(requests[number::count]) for number in range(count)]

    return streams


def _count(setup: Setup, steps: list[Step]) -> None:
    with (
        run_proxy(setup.postgres.socket, count=True) as wire,
        setup.ours(wire.directory) as ours,
        setup.do_nothing(wire.directory) as do_nothing,
    ):
        for step, counted in zip(steps, [*_steps(setup, ours), steps[-1]], strict=True):
            server = do_nothing if counted is step else ours
            stream = do_nothing.ping_requests() if counted is step else counted.streams(1)[0]
            # One draft's worth: its last answer is the longest.
            step.cost = measure_cost(server, wire, islice(stream, LINES), warm=WARM)


def _findings(steps: list[Step]) -> Findings:
    table = Table("At the desk, in the browser", HEAD, [step.row() for step in steps])
    table.notes = NOTES
    by_name = {step.name: step for step in steps}
    limit = TIMES * by_name[NOTHING].one_client.percentile(95) + DATABASE_MS
    bars = [bar for name in (BY_SKU, BY_WORDS) for bar in _bars(by_name[name], limit)]
    return Findings([table], bars)


def _bars(step: Step, limit: float) -> Iterator[Bar]:
    """Returns the bars of adding a line; `limit` is in milliseconds."""
    assert step.cost
    count, packed, waited = step.cost.statements, sizes(step.cost.answer)[1], step.one_client.percentile(95)
    yield Bar(f"{step.name}: statements", f"≤ {STATEMENTS}", str(count), count <= STATEMENTS)
    size = f"{packed / 1024:.1f} KiB"
    yield Bar(f"{step.name}: answer with {LINES} lines, compressed", "≤ 6 KiB", size, packed <= BYTES)
    wanted = f"≤ {TIMES:g}× do-nothing + {DATABASE_MS:g} ms = {limit:.1f} ms"
    yield Bar(f"{step.name}: p95, one client", wanted, f"{waited:.1f} ms", waited <= limit)

"""POST /order/: the tutorial's app, ours, and the limits, by turns."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice

from bench import bare, load, messages
from bench.counting import Cost, measure_cost
from bench.figures import Series, Turn, ratio
from bench.load import CLIENTS
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from testing.counting_proxy import run_proxy

LINES = (1, 5, 20, 50)
#: Orders a second of ours for one of the tutorial's, by lines.
WANTED = {1: 0.8, 5: 1.3, 20: 3.0, 50: 6.0}
WANTED_OF_LIMIT = 0.35
LIMIT_LINES = 20
KEYED, TRACKED = "ours, each with a key", "ours, a key and stock tracked"
BARE, NOTHING = "bare psycopg2", "do-nothing view"
#: Lines of the orders that are measured with a key too.
KEYED_LINES = (1, 20)
HEAD = [
    "what",
    "lines",
    "per second",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "failed %",
    "statements",
    "server CPU ms",
    "database CPU ms",
]
NOTES = [
    "The same JSON for both; ours also wants a bearer token. With a key: a new random Idempotency-Key each.",
    "failed: answered 500 after the tutorial's three attempts; these count in no rate. Ours tries on.",
    f"bare psycopg2: what ours sent for an order with a key, from {CLIENTS} processes, no HTTP.",
    "do-nothing view: Django without middleware and one SELECT 1.",
]


@dataclass
class Subject:
    """Something that places orders of so many lines."""

    name: str
    lines: int
    turn: Callable[[float], Turn]
    series: Series = field(default_factory=Series)
    statements: str = "–"

    def row(self) -> list[str]:
        series = self.series
        return [
            self.name,
            str(self.lines) if self.lines else "–",
            f"{series.rate:.0f}",
            *(f"{series.percentile(percent):.1f}" for percent in (50, 95, 99)),
            f"{series.failed:.1f}",
            self.statements,
            f"{series.server_cpu:.2f}" if series.server_cpu else "–",
            f"{series.database_cpu:.2f}",
        ]


def rounds(setup: Setup, subjects: list[Subject]) -> None:
    """Every subject's turns, one after the other, so that what disturbs one disturbs all."""
    for subject in subjects:
        subject.turn(setup.scale.seconds / 2)
    for _ in range(setup.scale.rounds):
        for subject in subjects:
            subject.series.turns.append(subject.turn(setup.scale.seconds))


def posting(setup: Setup, server: MeasuredServer, name: str, lines: int) -> Subject:
    """POST /order/ to a server, by several clients at once."""
    bodies, token = messages.bodies(setup.goods, _goods(name), lines), _token(setup, server)

    def turn(seconds: float) -> Turn:
        streams = [messages.orders(server.port, bodies, token, keyed=_keyed(name)) for _ in range(CLIENTS)]
        return load.take_turn(server, streams, seconds, setup.postgres.cpu)

    return Subject(name, lines, turn)


def measure(setup: Setup) -> Findings:
    """All of it, on a database as near as can be."""
    costs = _costs(setup)
    scripts = bare.record_scripts(setup, LIMIT_LINES, costs[KEYED, LIMIT_LINES].round_trips)
    with ExitStack() as stack:
        tutorial, ours, do_nothing = (
            stack.enter_context(server) for server in (setup.tutorial(), setup.ours(), setup.do_nothing())
        )
        subjects = []
        for lines in LINES:
            subjects.append(posting(setup, tutorial, "tutorial", lines))
            subjects.append(posting(setup, ours, "ours", lines))
        subjects += [posting(setup, ours, KEYED, lines) for lines in KEYED_LINES]
        subjects.append(posting(setup, ours, TRACKED, 20))
        limit = Subject(BARE, LIMIT_LINES, lambda seconds: bare.turn(setup, scripts, seconds))
        subjects += [limit, _nothing(setup, do_nothing)]
        for subject in subjects:
            if (subject.name, subject.lines) in costs:
                subject.statements = costs[subject.name, subject.lines].text
        limit.statements = str(len(scripts[0]))
        rounds(setup, subjects)
    return _findings(subjects, costs)


def _costs(setup: Setup) -> dict[tuple[str, int], Cost]:
    """What each subject's requests cost, counted apart from the turns: counting takes time too."""
    costs = {}
    with run_proxy(setup.postgres.socket, count=True) as wire:
        with setup.tutorial(wire.directory) as server:
            for lines in LINES:
                costs["tutorial", lines] = measure_cost(
                    server, wire, _requests(setup, server, "tutorial", lines)
                )
        with setup.ours(wire.directory) as server:
            for lines in LINES:
                for name in ("ours", KEYED):
                    costs[name, lines] = measure_cost(server, wire, _requests(setup, server, name, lines))
            costs[TRACKED, 20] = measure_cost(server, wire, _requests(setup, server, TRACKED, 20))
        with setup.do_nothing(wire.directory) as server:
            costs[NOTHING, 0] = measure_cost(server, wire, islice(server.ping_requests(), 12))
    return costs


def _requests(setup: Setup, server: MeasuredServer, name: str, lines: int) -> Iterator[bytes]:
    bodies = messages.bodies(setup.goods, _goods(name), lines)
    return islice(messages.orders(server.port, bodies, _token(setup, server), keyed=_keyed(name)), 12)


def _keyed(name: str) -> bool:
    return name in (KEYED, TRACKED)


def _goods(name: str) -> str:
    return "tracked" if name == TRACKED else "products"


def _token(setup: Setup, server: MeasuredServer) -> str:
    """What ours wants of a client; the tutorial's app asks for nothing."""
    return str(setup.goods["token"]) if server.project == "shop" else ""


def _nothing(setup: Setup, do_nothing: MeasuredServer) -> Subject:
    def turn(seconds: float) -> Turn:
        return load.take_turn(
            do_nothing, [do_nothing.ping_requests() for _ in range(CLIENTS)], seconds, setup.postgres.cpu
        )

    return Subject(NOTHING, 0, turn)


def _findings(subjects: list[Subject], costs: dict[tuple[str, int], Cost]) -> Findings:
    by_name = {(subject.name, subject.lines): subject.series for subject in subjects}
    table = Table(f"POST /order/, {CLIENTS} clients at once", HEAD, [subject.row() for subject in subjects])
    table.notes = NOTES
    most = max(order_cost.statements for (name, _), order_cost in costs.items() if name == KEYED)
    tracked = costs[TRACKED, 20].statements
    bars = [
        Bar("statements to create and place an order in one POST", "≤ 10", str(most), most <= 10),
        Bar("the same with tracked stock", "≤ 13", str(tracked), tracked <= 13),
    ]
    for lines, wanted in WANTED.items():
        times = ratio(by_name["ours", lines], by_name["tutorial", lines])
        what = f"POST /order/, {_lines(lines)}, for one of the tutorial's"
        bars.append(Bar(what, f"≥ {wanted:g}×", f"{times:.2f}×", times >= wanted))
    times = ratio(by_name[KEYED, LIMIT_LINES], by_name[BARE, LIMIT_LINES])
    what = f"POST /order/, {_lines(LIMIT_LINES)}, for one of bare psycopg2's"
    bars.append(Bar(what, f"≥ {WANTED_OF_LIMIT}×", f"{times:.2f}×", times >= WANTED_OF_LIMIT))
    return Findings([table], bars)


def _lines(count: int) -> str:
    return f"{count} line" + "s" * (count != 1)

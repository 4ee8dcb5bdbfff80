"""POST /order/ before and after a change: shop as it is in two folders, by turns on databases alike.

    git worktree add ../before 8f97d77~1 && git worktree add ../after 8f97d77
    python -m bench --against ../before --after ../after

Without `--after` it is this folder.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from bench import messages
from bench.counting import measure_cost
from bench.figures import Series, Turn
from bench.load import CLIENTS, take_turn
from bench.results import Table
from bench.servers import MeasuredServer
from bench.setup import HISTORY, HISTORY_LINES, PASSWORD, PEOPLE, VAR, Setup
from testing import ROOT
from testing.counting_proxy import run_proxy
from testing.seeding import MODULE, Seeder
from testing.servers import serve

HOT, WIDE = 3, 3_000
CROWD = 16
HEAD = [
    "what",
    "tree",
    "orders per second",
    "after / before",
    "p50 ms",
    "p95 ms",
    "statements",
    "database CPU ms",
    "orders",
    "run again",
    "given up",
]


@dataclass(frozen=True)
class Case:
    """So many clients that order so many lines of one kind of goods, each order with a key."""

    name: str
    kind: str
    lines: int
    clients: int = CLIENTS


CASES = [
    Case("1 line, not tracked", "products", 1),
    Case("20 lines, not tracked", "products", 20),
    Case("1 line, tracked", "wide", 1),
    Case("20 lines, tracked", "wide", 20),
    Case(f"{CROWD} clients, 2 lines of {HOT} hot products", "hot", 2, CROWD),
    Case(f"{CROWD} clients, 2 lines of {WIDE:,} products", "wide", 2, CROWD),
]


@dataclass
class Tree:
    """One of the two, with a database of its own that it made itself."""

    name: str
    path: Path
    setup: Setup
    goods: dict[str, Any] = field(default_factory=dict)
    #: Updates of products when it was made, and those among them that left the indexes alone.
    updates: tuple[int, int] = (0, 0)

    @property
    def database(self) -> str:
        return f"bench_compare_{self.name}"

    def make_server(self, host: Path | None = None) -> MeasuredServer:
        """A server, not started; through the socket in `host` if one is given."""
        url = self.setup.postgres.url(self.database, host)
        return MeasuredServer("shop", VAR / f"compare-{self.name}", url, self.path)

    def make(self) -> None:
        self.setup.postgres.create_database(self.database)
        server = self.make_server()
        server.manage("prepare_shop")
        with Seeder(server, seeder_module(self.path)) as seeder:
            tokens = seeder.call("staff", names=["clerk"], password=PASSWORD)
            products = seeder.call("goods")
            tracked = seeder.call("tracked", count=WIDE)
            people = seeder.call("people", count=PEOPLE)
            seeder.call("history", count=HISTORY, lines=HISTORY_LINES, clerk="clerk")
        self.goods = {"products": products, "wide": tracked, "hot": tracked[:HOT]}
        self.goods |= {"customers": people, "token": tokens["clerk"]}
        self.setup.postgres.vacuum(self.database)
        self.updates = self._count_updates()

    def hot_updates(self) -> str:
        """How many updates of products since then were HOT: PostgreSQL wrote no index entry."""
        updates, hot = (now - then for now, then in zip(self._count_updates(), self.updates, strict=True))
        return f"{self.name} {hot:,} of {updates:,} ({100 * hot / max(updates, 1):.0f} %)"

    def _count_updates(self) -> tuple[int, int]:
        sql = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'shop_product'"
        ((updates, hot),) = self.setup.postgres.execute(sql, self.database)
        return updates, hot

    def orders(self, case: Case, server: MeasuredServer) -> Iterator[bytes]:
        bodies = messages.bodies(self.goods, case.kind, case.lines)
        return messages.orders(server.port, bodies, str(self.goods["token"]), keyed=True)


def seeder_module(tree: Path) -> str:
    """Returns the seeder of a tree; an older one has it in bench, with the same calls."""
    return MODULE if (tree / "testing" / "seeder.py").exists() else "bench.seed"


@dataclass
class Subject:
    """What one tree did with one case."""

    case: Case
    tree: Tree
    statements: int
    series: Series = field(default_factory=Series)
    logged: Counter[str] = field(default_factory=Counter)

    def take_turn(self, server: MeasuredServer, seconds: float) -> Turn:
        """One turn; what the server logged of attempts meanwhile is counted too."""
        log = server.var / "shop.log"
        begin = log.stat().st_size
        streams = [self.tree.orders(self.case, server) for _ in range(self.case.clients)]
        turn = take_turn(server, streams, seconds, self.tree.setup.postgres.cpu)
        with log.open("rb") as lines:
            lines.seek(begin)
            for line in lines:
                self.logged["run again"] += b" retry name=" in line
                self.logged["given up"] += b" gave up name=" in line
        return turn

    def row(self, ratio: str) -> list[str]:
        series = self.series
        done = sum(turn.done for turn in series.turns)
        return [
            self.case.name,
            self.tree.name,
            f"{series.rate:.0f}",
            ratio,
            *(f"{series.percentile(percent):.1f}" for percent in (50, 95)),
            str(self.statements),
            f"{series.database_cpu:.2f}",
            f"{done:,}",
            f"{self.logged['run again']:,}",
            f"{self.logged['given up']:,}",
        ]


def measure(setup: Setup, before: Path, after: Path = ROOT) -> Table:
    """Measures every case by turns, A B A B: `before` and `after` are folders with versions of shop."""
    trees = [Tree("before", before, setup), Tree("after", after, setup)]
    for tree in trees:
        tree.make()
    subjects = [[Subject(case, tree, _statements(tree, case)) for tree in trees] for case in CASES]
    with ExitStack() as stack:
        servers = {tree.name: stack.enter_context(serve(tree.make_server())) for tree in trees}
        for pair in subjects:
            for number in range(setup.scale.rounds + 1):
                for subject in pair:
                    turn = subject.take_turn(servers[subject.tree.name], 2 * setup.scale.seconds)
                    if number:
                        subject.series.turns.append(turn)
                    else:  # to warm up
                        subject.logged.clear()
    table = _table(subjects)
    # The servers have stopped: PostgreSQL counts what a connection did at its end.
    table.notes.append(f"HOT updates of products: {', '.join(tree.hot_updates() for tree in trees)}.")
    return table


def _statements(tree: Tree, case: Case) -> int:
    with (
        run_proxy(tree.setup.postgres.socket, count=True) as wire,
        serve(tree.make_server(wire.directory)) as server,
    ):
        return measure_cost(server, wire, islice(tree.orders(case, server), 12)).statements


def _table(subjects: list[list[Subject]]) -> Table:
    table = Table(f"POST /order/ before and after, {CLIENTS} clients unless said otherwise", HEAD)
    for before, after in subjects:
        pairs = zip(after.series.turns, before.series.turns, strict=True)
        times = median(new.rate / old.rate for new, old in pairs)
        table.rows += [before.row("–"), after.row(f"{times:.2f}×")]
    table.notes = [
        "Each order with a key of its own. after / before: the median of the rounds' ratios.",
        "Statements: of one order alone, BEGIN and COMMIT among them.",
        "run again: attempts that the retry loop began anew; given up: requests that it answered with 503.",
    ]
    return table

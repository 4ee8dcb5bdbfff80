"""The JSON API's lists: the tutorial's, which sends every row, and ours, which sends pages."""

import json
from contextlib import ExitStack
from itertools import repeat

from bench import load, messages
from bench.counting import Cost, measure_cost
from bench.figures import Turn
from bench.load import CLIENTS
from bench.orders import HEAD, Subject, rounds
from bench.results import Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from testing.counting_proxy import run_proxy

NOUNS = ("customer", "product", "order")
TUTORIAL, OURS = "tutorial", "ours"
#: Query strings: the tutorial knows none.
ASKED = {TUTORIAL: ("",), OURS: ("", "?limit=50")}
NOTES = [
    "The tutorial's lists have every row and no end; its orders come without their products.",
    "Ours have 1,000 rows a page unless the client asks for fewer; our orders come with their lines.",
    "Both have the same customers and 400 products, ours 2,000 more whose stock is tracked.",
    "Each has 5,000 orders, and those that the parts before this one placed.",
]


def measure(setup: Setup) -> Findings:
    """No bar: what the two send is not the same."""
    costs = _costs(setup)
    with ExitStack() as stack:
        servers = {
            TUTORIAL: stack.enter_context(setup.tutorial()),
            OURS: stack.enter_context(setup.ours()),
        }
        subjects = [
            _subject(setup, servers[name], f"{name}, {path}", path, page_cost)
            for (name, path), page_cost in costs.items()
        ]
        rounds(setup, subjects)
    head = ["rows" if column == "lines" else column for column in HEAD]
    title = f"GET lists of the JSON API, {CLIENTS} clients at once"
    return Findings([Table(title, head, [subject.row() for subject in subjects], NOTES)], [])


def _subject(setup: Setup, server: MeasuredServer, name: str, path: str, page_cost: Cost) -> Subject:
    request = _request(setup, server, path)

    def turn(seconds: float) -> Turn:
        streams = [repeat(request) for _ in range(CLIENTS)]
        return load.take_turn(server, streams, seconds, setup.postgres.cpu)

    rows = len(json.loads(page_cost.answer.partition(b"\r\n\r\n")[2]))
    return Subject(name, rows, turn, statements=page_cost.text)


def _costs(setup: Setup) -> dict[tuple[str, str], Cost]:
    """By subject and path; the longest answer tells how many rows there are."""
    costs = {}
    with (
        run_proxy(setup.postgres.socket, count=True) as wire,
        setup.tutorial(wire.directory) as tutorial,
        setup.ours(wire.directory) as ours,
    ):
        for noun in NOUNS:
            for name, server in ((TUTORIAL, tutorial), (OURS, ours)):
                for query in ASKED[name]:
                    path = f"/{noun}/{query}"
                    requests = repeat(_request(setup, server, path), 8)
                    costs[name, path] = measure_cost(server, wire, requests)
    return costs


def _request(setup: Setup, server: MeasuredServer, path: str) -> bytes:
    return messages.listing(server.port, path, setup.goods["token"] if server.project == "shop" else "")

"""The JSON API's lists: the tutorial's, which sends every row, and ours, which sends pages."""

import json
from contextlib import ExitStack
from itertools import repeat

from bench import clients, messages
from bench.counting import Cost, cost
from bench.figures import Turn
from bench.orders import HEAD, Subject, rounds
from bench.report import Findings, Table
from bench.servers import Server
from bench.wire import proxy
from bench.world import World

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


def measure(world: World) -> Findings:
    """No bar: what the two send is not the same."""
    costs = _costs(world)
    with ExitStack() as stack:
        servers = {
            TUTORIAL: stack.enter_context(world.tutorial()),
            OURS: stack.enter_context(world.ours()),
        }
        subjects = [
            _subject(world, servers[name], f"{name}, {path}", path, found)
            for (name, path), found in costs.items()
        ]
        rounds(world, subjects)
    head = ["rows" if column == "lines" else column for column in HEAD]
    title = f"GET lists of the JSON API, {clients.CLIENTS} clients at once"
    return Findings([Table(title, head, [one.row() for one in subjects], NOTES)], [])


def _subject(world: World, server: Server, name: str, path: str, found: Cost) -> Subject:
    request = _request(world, server, path)

    def turn(seconds: float) -> Turn:
        streams = [repeat(request) for _ in range(clients.CLIENTS)]
        return clients.turn(server, streams, seconds, world.cluster.cpu)

    rows = len(json.loads(found.answer.partition(b"\r\n\r\n")[2]))
    return Subject(name, rows, turn, statements=found.said)


def _costs(world: World) -> dict[tuple[str, str], Cost]:
    """By subject and path; the longest answer tells how many rows there are."""
    costs = {}
    with (
        proxy(world.cluster.socket, count=True) as wire,
        world.tutorial(wire.directory) as tutorial,
        world.ours(wire.directory) as ours,
    ):
        for noun in NOUNS:
            for name, server in ((TUTORIAL, tutorial), (OURS, ours)):
                for query in ASKED[name]:
                    path = f"/{noun}/{query}"
                    requests = repeat(_request(world, server, path), 8)
                    costs[name, path] = cost(server, wire, requests)
    return costs


def _request(world: World, server: Server, path: str) -> bytes:
    return messages.listing(server.port, path, world.goods["token"] if server.project == "shop" else "")

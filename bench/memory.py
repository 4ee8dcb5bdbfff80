"""Whether a worker grows: its resident memory after the first requests and after many more."""

import random
from collections.abc import Iterator
from itertools import islice

from bench import load, messages
from bench.load import CLIENTS
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from bench.staff_requests import StaffRequests

GROWTH = 1.10
#: Seconds that no run takes: the streams end first.
LONG = 3600


def measure(setup: Setup) -> Findings:
    """Four clients send a mix of everything; memory is looked at twice."""
    first, last = setup.scale.memory_first, setup.scale.memory_last
    with setup.ours() as server:
        streams = [_mix(setup, server, number) for number in range(CLIENTS)]
        failed = _send(server, streams, first)
        before = _resident(server)
        failed += _send(server, streams, last - first)
        after = _resident(server)
    table = Table(
        "Memory of the workers", ["worker", f"MiB after {first:,}", f"MiB after {last:,}", "growth"]
    )
    table.rows = [
        [str(number), f"{was:.1f}", f"{now:.1f}", f"{now / was:.2f}×"]
        for number, (was, now) in enumerate(zip(before, after, strict=True), start=1)
    ]
    table.notes = [
        f"Resident set after so many requests to both workers, from {CLIENTS} clients.",
        "Mixed: orders of 5 lines by the API, home, lists, searches, details, lines added at the desk.",
        f"{failed} of the requests failed.",
    ]
    growth = max(now / was for was, now in zip(before, after, strict=True))
    what = f"a worker's memory after {last:,} requests for after {first:,}"
    return Findings([table], [Bar(what, "≤ 1.10×", f"{growth:.2f}×", growth <= GROWTH)])


def _send(server: MeasuredServer, streams: list[Iterator[bytes]], number: int) -> int:
    """Sends so many requests; how many failed."""
    share = number // len(streams)
    # The clients are another process: what it takes from a stream is still in ours, so it is taken here.
    taken = [list(islice(stream, share)) for stream in streams]
    done = load.take_turn(server, [iter(requests) for requests in taken], LONG)
    return done.count - done.done


def _mix(setup: Setup, server: MeasuredServer, number: int) -> Iterator[bytes]:
    clerk, chance = StaffRequests(server), random.Random(number)
    goods = setup.goods["products"]
    bodies = messages.bodies(setup.goods, "products", 5)
    placing = messages.orders(server.port, bodies, setup.goods["token"], keyed=True)
    reference = setup.drafts(1, 0)[0]
    adding = clerk.adding([reference] * 10_000, [product["sku"] for product in goods[:20]])
    paths = ["/", "/orders/", "/customers/", "/products/", f"/customers/{setup.goods['customers'][0]}/"]
    paths += [f"/products/{goods[0]['id']}/", "/orders/?status=placed", f"/orders/{reference}/"]
    searches = [f"/products/?q={product['words'].replace(' ', '+')}" for product in goods[:50]]
    while True:
        dice = chance.random()
        if dice < 0.4:
            yield next(placing)
        elif dice < 0.6:
            yield next(adding)
        elif dice < 0.8:
            yield clerk.get(chance.choice(paths))
        else:
            yield clerk.get(chance.choice(searches), fragment=True)


def _resident(server: MeasuredServer) -> list[float]:
    """MiB of each worker, in the order of their start."""
    workers = sorted(server.deployed_workers(), key=lambda worker: worker.pid)
    return [worker.memory_info().rss / 2**20 for worker in workers]

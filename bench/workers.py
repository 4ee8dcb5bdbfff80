"""gunicorn's worker classes: how fast each is, and what clients that send slowly leave of it."""

import socket
import time
from contextlib import ExitStack, suppress

from bench import load, messages
from bench.figures import Turn, ratio
from bench.load import CLIENTS
from bench.orders import Subject, posting, rounds
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import SHOP, Setup
from testing.servers import serve

BEFORE, AFTER = "gthread", "shop.web.buffered_worker.BufferedWorker"
#: Clients that begin a sign-in form and never end it, and how long one may then wait for /ping/.
SLOW, SECONDS = 50, 1.0
FORM = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=%(token)s\r\nX-CSRFToken: %(token)s\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nuser"
    % {b"token": b"a" * 32}
)


def measure(setup: Setup) -> Findings:
    """Both by turns, each with the configuration of deploy/."""
    setup.make()
    with ExitStack() as stack:
        servers = {}
        for kind in (BEFORE, AFTER):
            server = setup.make_server(SHOP)
            server.options = ("--worker-class", kind)
            servers[kind] = stack.enter_context(serve(server))
        subjects = []
        for path in ("/ping/", "/sign-in/"):
            subjects += [_getting(server, kind, path) for kind, server in servers.items()]
        for lines in (1, 20):
            subjects += [posting(setup, server, kind, lines) for kind, server in servers.items()]
        rounds(setup, subjects)
        waits = {kind: _longest_ping(server) for kind, server in servers.items()}
    return Findings([_table(subjects), _slow_table(waits)], [_bar(waits[AFTER])])


def _getting(server: MeasuredServer, kind: str, path: str) -> Subject:
    def turn(seconds: float) -> Turn:
        request = messages.get(server.port, path)
        return load.take_turn(server, [iter(lambda: request, None)] * CLIENTS, seconds)

    return Subject(f"GET {path}, {kind.rpartition('.')[2]}", 0, turn)


def _longest_ping(server: MeasuredServer) -> float:
    """Seconds of the longest /ping/ of five while slow clients hold their connections; at most 5 each."""
    longest = 0.0
    with ExitStack() as stack:
        for _ in range(SLOW):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            line.sendall(FORM)
        for _ in range(5):
            began = time.monotonic()
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
                line.sendall(server.ping_request())
                line.recv(65536)
            longest = max(longest, time.monotonic() - began)
    return longest


def _table(subjects: list[Subject]) -> Table:
    table = Table(
        f"gunicorn's worker classes, {CLIENTS} clients at once",
        ["what", "lines", "per second", "after / before", "p95 ms"],
    )
    for before, after in zip(subjects[::2], subjects[1::2], strict=True):
        times = f"{ratio(after.series, before.series):.2f}×"
        for subject, said in ((before, "–"), (after, times)):
            name = f"POST /order/, {subject.name.rpartition('.')[2]}" if subject.lines else subject.name
            lines, p95 = str(subject.lines or "–"), f"{subject.series.percentile(95):.1f}"
            table.rows.append([name, lines, f"{subject.series.rate:.0f}", said, p95])
    table.notes = ["after / before: the median of the rounds' ratios; each round ran both in turn."]
    return table


def _slow_table(waits: dict[str, float]) -> Table:
    table = Table(f"The longest /ping/ while {SLOW} clients send a form slowly", ["worker class", "seconds"])
    table.rows = [[kind.rpartition(".")[2], f"{wait:.2f}"] for kind, wait in waits.items()]
    table.notes = ["5.00: not answered within five seconds."]
    return table


def _bar(wait: float) -> Bar:
    what = f"/ping/ while {SLOW} clients send slowly"
    return Bar(what, f"≤ {SECONDS:g} s", f"{wait:.2f} s", wait <= SECONDS)

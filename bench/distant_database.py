"""The same orders with the database two milliseconds away, as it is in another room."""

import time
from contextlib import closing
from pathlib import Path
from statistics import median

import psycopg2

from bench.figures import percentile, ratio
from bench.load import CLIENTS
from bench.orders import HEAD, posting, rounds
from bench.results import Bar, Findings, Table
from bench.setup import Setup
from testing.counting_proxy import run_proxy

DELAY = 0.002
#: The column that another table has already.
AT = HEAD.index("statements")
#: Orders a second of ours for one of the tutorial's, by lines.
WANTED = {5: 1.5, 20: 4.0}


def measure(setup: Setup) -> Findings:
    """Both subjects through a proxy that holds every message back; checked by SELECT 1 beforehand."""
    with run_proxy(setup.postgres.socket) as near, run_proxy(setup.postgres.socket, delay=DELAY) as far:
        direct, through, away = (_select(at) for at in (setup.postgres.socket, near.directory, far.directory))
        with setup.tutorial(far.directory) as tutorial, setup.ours(far.directory) as ours:
            subjects = []
            for lines in WANTED:
                subjects.append(posting(setup, tutorial, "tutorial", lines))
                subjects.append(posting(setup, ours, "ours", lines))
            rounds(setup, subjects)
    table = Table(
        f"POST /order/, the database 2 ms away, {CLIENTS} clients at once", HEAD[:AT] + HEAD[AT + 1 :]
    )
    table.rows = [row[:AT] + row[AT + 1 :] for row in (subject.row() for subject in subjects)]
    said = f"{direct:.2f} ms on the server's socket, {through:.2f} ms through the proxy without delay"
    table.notes = [f"SELECT 1 takes {said}, {away:.2f} ms with it (medians of 300)."]
    bars = [_proxy_bar(away)]
    by_name = {(subject.name, subject.lines): subject.series for subject in subjects}
    for lines, wanted in WANTED.items():
        times = ratio(by_name["ours", lines], by_name["tutorial", lines])
        what = f"POST /order/, {lines} lines, 2 ms away, for one of the tutorial's"
        bars.append(Bar(what, f"≥ {wanted:g}×", f"{times:.2f}×", times >= wanted))
    return Findings([table], bars)


def _proxy_bar(away: float) -> Bar:
    return Bar(
        "the distance itself: SELECT 1 through the proxy", "2.0–2.6 ms", f"{away:.2f} ms", 2.0 <= away <= 2.6
    )


def _select(host: Path) -> float:
    """Milliseconds of a SELECT 1, the median."""
    with closing(psycopg2.connect(host=str(host), user="postgres", dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            taken = []
            for _ in range(300):
                began = time.perf_counter()
                cursor.execute("SELECT 1")
                cursor.fetchall()
                taken.append(1000 * (time.perf_counter() - began))
    assert percentile(taken, 5) > 0
    return median(taken)

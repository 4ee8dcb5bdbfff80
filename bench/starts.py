"""Cold start: from the start of gunicorn to the first answer of /ping/."""

import time
from statistics import median

from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import SHOP, TUTORIAL, Setup

SECONDS = 2.0


def measure(setup: Setup) -> Findings:
    """The tutorial's app and ours by turns."""
    setup.make()
    taken: dict[str, list[float]] = {"tutorial": [], "ours": []}
    for _ in range(setup.scale.starts):
        taken["tutorial"].append(_start(setup.server("bench.tutorial", TUTORIAL)))
        taken["ours"].append(_start(setup.server("shop", SHOP)))
    table = Table("Cold start to the first answer of /ping/", ["what", "median s", "longest s"])
    table.rows = [[name, f"{median(seconds):.2f}", f"{max(seconds):.2f}"] for name, seconds in taken.items()]
    table.notes = [f"{setup.scale.starts} starts each; Python's files are compiled and in the page cache."]
    median_seconds = median(taken["ours"])
    return Findings(
        [table], [Bar("cold start to /ping/", "≤ 2 s", f"{median_seconds:.2f} s", median_seconds <= SECONDS)]
    )


def _start(server: MeasuredServer) -> float:
    began = time.perf_counter()
    try:
        server.launch()
        server.wait()
        return time.perf_counter() - began
    finally:
        server.stop()

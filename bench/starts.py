"""Cold start: from the start of gunicorn to the first answer of /ping/."""

import time
from statistics import median

from bench.report import Bar, Findings, Table
from bench.servers import Server
from bench.world import SHOP, TUTORIAL, World

SECONDS = 2.0


def measure(world: World) -> Findings:
    """The tutorial's app and ours by turns."""
    world.make()
    taken: dict[str, list[float]] = {"tutorial": [], "ours": []}
    for _ in range(world.scale.starts):
        taken["tutorial"].append(_start(world.server("bench.tutorial", TUTORIAL)))
        taken["ours"].append(_start(world.server("shop", SHOP)))
    table = Table("Cold start to the first answer of /ping/", ["what", "median s", "longest s"])
    table.rows = [[name, f"{median(found):.2f}", f"{max(found):.2f}"] for name, found in taken.items()]
    table.notes = [f"{world.scale.starts} starts each; Python's files are compiled and in the page cache."]
    found = median(taken["ours"])
    return Findings([table], [Bar("cold start to /ping/", "≤ 2 s", f"{found:.2f} s", found <= SECONDS)])


def _start(server: Server) -> float:
    began = time.perf_counter()
    try:
        server.launch()
        server.wait()
        return time.perf_counter() - began
    finally:
        server.stop()

"""The servers under test, with the CPU that they use."""

import itertools
import runpy
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from testing import ROOT
from testing.servers import CONFIGURATION, Server


class MeasuredServer(Server):
    """One of the projects `shop`, `bench.tutorial`, `bench.do_nothing`, with as many workers as deployed."""

    def __init__(self, project: str, var: Path, database_url: str = "", tree: Path = ROOT) -> None:
        super().__init__(var, database_url=database_url, project=project, tree=tree)

    def deployed_workers(self) -> list[psutil.Process]:
        """Returns its worker processes, when all of them were started."""
        wanted: int = runpy.run_path(str(ROOT / CONFIGURATION))["workers"]
        return self.wait_for_workers(wanted)

    def cpu(self) -> float:
        """Returns the seconds of CPU that its processes have used so far."""
        assert self._process is not None
        return sum(map(cpu_seconds, [psutil.Process(self._process.pid), *self.deployed_workers()]))

    def find_worker(self, port: int) -> int:
        """Returns the worker that serves the connection from `port`; 0 when none has taken it."""
        for worker in self.deployed_workers():
            for connection in worker.net_connections(kind="tcp4"):
                if connection.raddr and connection.raddr.port == port:
                    return worker.pid
        return 0

    def ping_requests(self) -> Iterator[bytes]:
        """Requests of /ping/ without end."""
        return itertools.repeat(self.ping_request())


def cpu_seconds(process: psutil.Process) -> float:
    """Returns user and system time of a process; 0 when it has gone."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0

"""Faults at random, one after the other, while clients are at work."""

import random
import threading
import time
from collections.abc import Callable

from e2e.faults.system import System
from testing.faulty_proxy import Fault

Blow = Callable[[System], None]


def lose_replies(system: System) -> None:
    system.postgres.proxy.arm(Fault.LOSE_REPLY, random.randint(1, 3))


def lose_requests(system: System) -> None:
    system.postgres.proxy.arm(Fault.LOSE_REQUEST, random.randint(1, 3))


def deliver_late(system: System) -> None:
    system.postgres.proxy.arm(Fault.LATE, random.randint(1, 2), seconds=random.uniform(0.2, 1.5))


def lose_and_refuse(system: System) -> None:
    system.postgres.proxy.arm(Fault.LOSE_REPLY, refuse=random.uniform(0.1, 0.8))


def cut_statements(system: System) -> None:
    system.postgres.proxy.arm(Fault.CUT, random.randint(1, 3))


def cut_all(system: System) -> None:
    system.postgres.proxy.cut_all()


def stall(system: System) -> None:
    seconds = random.uniform(0.3, 1.5)
    system.postgres.proxy.stall(seconds)
    time.sleep(seconds)


def end_backends(system: System) -> None:
    pids = system.postgres.backends()
    chosen = random.sample(pids, min(len(pids), 3))
    system.postgres.terminate(*chosen)
    system.counts["backend ended"] += len(chosen)


def kill_backend(system: System) -> None:
    if system.postgres.kill_backend():
        system.counts["backend killed with SIGKILL, database recovers"] += 1
        system.postgres.server.wait()
    time.sleep(0.5)


def crash_database(system: System) -> None:
    system.postgres.server.crash()
    system.counts["database stopped at once and restarted"] += 1
    time.sleep(random.uniform(0, 1))
    system.postgres.server.start()
    time.sleep(0.5)


def kill_worker(system: System) -> None:
    system.counts["web worker killed with SIGKILL"] += system.server.kill_worker()


def kill_server(system: System) -> None:
    system.server.kill()
    system.counts["web server killed with SIGKILL and restarted"] += 1
    system.server.start()


SMALL: tuple[Blow, ...] = (
    lose_replies,
    lose_requests,
    deliver_late,
    lose_and_refuse,
    cut_statements,
    cut_all,
    end_backends,
    kill_worker,
)
BIG: tuple[Blow, ...] = (stall, kill_backend, crash_database, kill_server)


class Chaos:
    """A thread that causes random faults: mostly small ones, now and then a big one."""

    def __init__(self, system: System, *, pause: float = 0.25, big: float = 0.06) -> None:
        self.system, self.pause, self.big = system, pause, big
        self.stop = threading.Event()
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        small, big = (SMALL, BIG) if self.system.has_proxy else ((kill_worker,), (kill_server,))
        try:
            while not self.stop.wait(random.uniform(0.2, 1.8) * self.pause):
                random.choice(big if random.random() < self.big else small)(self.system)
        except BaseException as error:
            self.error = error

    def end(self) -> None:
        """Waits until the last fault is over. Raises an error of the tests themselves."""
        self.stop.set()
        self._thread.join()
        if self.error:
            raise self.error

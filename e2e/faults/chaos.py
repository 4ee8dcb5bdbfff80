"""Faults at random, one after the other, while clients are at work."""

import random
import threading
import time
from collections.abc import Callable

from e2e.faults.bench import Bench
from testing.faulty_proxy import Fault

Blow = Callable[[Bench], None]


def lose_replies(bench: Bench) -> None:
    bench.postgres.proxy.arm(Fault.LOSE_REPLY, random.randint(1, 3))


def lose_requests(bench: Bench) -> None:
    bench.postgres.proxy.arm(Fault.LOSE_REQUEST, random.randint(1, 3))


def deliver_late(bench: Bench) -> None:
    bench.postgres.proxy.arm(Fault.LATE, random.randint(1, 2), seconds=random.uniform(0.2, 1.5))


def lose_and_refuse(bench: Bench) -> None:
    bench.postgres.proxy.arm(Fault.LOSE_REPLY, refuse=random.uniform(0.1, 0.8))


def cut_statements(bench: Bench) -> None:
    bench.postgres.proxy.arm(Fault.CUT, random.randint(1, 3))


def cut_all(bench: Bench) -> None:
    bench.postgres.proxy.cut_all()


def stall(bench: Bench) -> None:
    seconds = random.uniform(0.3, 1.5)
    bench.postgres.proxy.stall(seconds)
    time.sleep(seconds)


def end_backends(bench: Bench) -> None:
    pids = bench.postgres.backends()
    chosen = random.sample(pids, min(len(pids), 3))
    bench.postgres.terminate(*chosen)
    bench.counts["backend ended"] += len(chosen)


def kill_backend(bench: Bench) -> None:
    if bench.postgres.kill_backend():
        bench.counts["backend killed with SIGKILL, database recovers"] += 1
        bench.postgres.server.wait()
    time.sleep(0.5)


def crash_database(bench: Bench) -> None:
    bench.postgres.server.crash()
    bench.counts["database stopped at once and restarted"] += 1
    time.sleep(random.uniform(0, 1))
    bench.postgres.server.start()
    time.sleep(0.5)


def kill_worker(bench: Bench) -> None:
    bench.counts["web worker killed with SIGKILL"] += bench.server.kill_worker()


def kill_desk(bench: Bench) -> None:
    bench.server.kill()
    bench.counts["web server killed with SIGKILL and restarted"] += 1
    bench.server.start()


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
BIG: tuple[Blow, ...] = (stall, kill_backend, crash_database, kill_desk)


class Chaos:
    """A thread that causes random faults: mostly small ones, now and then a big one."""

    def __init__(self, bench: Bench, *, pause: float = 0.25, big: float = 0.06) -> None:
        self.bench, self.pause, self.big = bench, pause, big
        self.stop = threading.Event()
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        small, big = (SMALL, BIG) if self.bench.has_proxy else ((kill_worker,), (kill_desk,))
        try:
            while not self.stop.wait(random.uniform(0.2, 1.8) * self.pause):
                random.choice(big if random.random() < self.big else small)(self.bench)
        except BaseException as error:
            self.error = error

    def end(self) -> None:
        """Waits until the last fault is over. Raises an error of the bench itself."""
        self.stop.set()
        self._thread.join()
        if self.error:
            raise self.error

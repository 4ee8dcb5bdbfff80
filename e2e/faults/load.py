"""Runs many clients at once, each in a thread of its own."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from e2e.faults.bench import Bench
from e2e.faults.clients import Clerk, Product, Program

Step = Callable[[], object]


def at_once(steps: Sequence[Step]) -> list[Any]:
    """Runs all steps at the same moment. Returns their results. Raises the first error."""
    answers: list[Any] = [None] * len(steps)
    errors: list[BaseException] = []
    gate = threading.Barrier(len(steps))

    def run(number: int) -> None:
        try:
            gate.wait()
            answers[number] = steps[number]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return answers


class Load:
    """Clients that go on until they are told to stop."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.stop = threading.Event()
        self.errors: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def add(self, step: Step) -> None:
        """Starts a client that repeats `step`."""
        thread = threading.Thread(target=self._run, args=(step,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, step: Step) -> None:
        try:
            while not self.stop.is_set():
                step()
        except BaseException as error:
            self.errors.append(error)
            self.stop.set()

    def end(self) -> None:
        """Lets every client finish its step, and stops. Raises the first error."""
        self.stop.set()
        for thread in self._threads:
            thread.join()
        if self.errors:
            raise self.errors[0]


def clerk_step(bench: Bench, clerk: Clerk) -> Step:
    """Returns a step that mostly takes orders, and sometimes changes stock or cancels an order."""
    placed: list[str] = []

    def take_step() -> None:
        chance = random.random()
        if chance < 0.2:
            clerk.adjust(random.choice(bench.hot), random.choice([-2, 3, 5]))
        elif chance < 0.4 and placed:
            clerk.cancel(placed.pop())
        elif reference := clerk.order(bench.basket(bench.hot)):
            placed.append(reference)

    return take_step


def program_step(bench: Bench, program: Program, things: list[Product]) -> Step:
    return lambda: program.order(bench.basket(things))


@contextmanager
def running(bench: Bench, *, clerks: int, programs: int) -> Iterator[Load]:
    """Keeps this many clients at work during the block."""
    load = Load(bench)
    bench.clients = max(bench.clients, clerks + programs)
    for clerk in bench.clerks(clerks):
        load.add(clerk_step(bench, clerk))
    for program in bench.programs(programs):
        load.add(program_step(bench, program, [*bench.hot, *bench.products[3:30]]))
    try:
        yield load
    finally:
        load.end()


def wait_for_success(bench: Bench, since: float, seconds: float = 30) -> float:
    """Returns the seconds from `since` until the next task of a client succeeds. Raises AssertionError."""
    deadline = since + seconds
    while time.monotonic() < deadline:
        after = [moment for moment in bench.tally.done_at[-200:] if moment > since]
        if after:
            return min(after) - since
        time.sleep(0.01)
    raise AssertionError(f"Nobody got anything done within {seconds} s")


def longest_gap(served: Sequence[float], began: float, ended: float) -> float:
    """Returns the longest time in which no task succeeded."""
    moments = [began, *(moment for moment in sorted(served) if began < moment < ended), ended]
    return max(after - before for before, after in itertools.pairwise(moments))

"""Runs many clients at once, each in a thread of its own."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from e2e.faults import money
from e2e.faults.clients import Clerk, Product, Program
from e2e.faults.money import Cashier, Sold
from e2e.faults.system import System

Step = Callable[[], object]
#: The products that programs order and exchanges hand out: the hot ones, and others.
GOODS = 30


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

    def __init__(self, system: System) -> None:
        self.system = system
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


def clerk_step(system: System, clerk: Clerk) -> Step:
    """Returns a step that mostly takes orders, and sometimes changes stock or cancels an order."""
    placed: list[str] = []

    def take_step() -> None:
        chance = random.random()
        if chance < 0.2:
            clerk.adjust(random.choice(system.hot), random.choice([-2, 3, 5]))
        elif chance < 0.4 and placed:
            clerk.cancel(placed.pop())
        elif reference := clerk.order(system.basket(system.hot)):
            placed.append(reference)

    return take_step


def program_step(system: System, program: Program, things: list[Product]) -> Step:
    return lambda: program.order(system.basket(things))


def cashier_step(system: System, cashier: Cashier) -> Step:
    """Returns a step that sells at a till or by the API, and then takes back a part of it."""
    return lambda: random.choice((sell_and_exchange, sell_and_return, pay_and_refund))(system, cashier)


def sell_and_exchange(system: System, cashier: Cashier) -> None:
    """Sells at the till, then takes one unit back for something else."""
    if sold := sell_at_till(system, cashier):
        goods = {random.choice(system.products[:GOODS]): random.randint(1, 2)}
        cashier.send(money.exchange(cashier, sold, {random.choice(list(sold.basket)): 1}, goods))


def sell_and_return(system: System, cashier: Cashier) -> None:
    """Sells at the till, then takes one unit back, which goes back into stock or not."""
    if sold := sell_at_till(system, cashier):
        units = {random.choice(list(sold.lines.values())): 1}
        cashier.send(money.give_back(sold, units, restock=random.random() < 0.5))


def sell_at_till(system: System, cashier: Cashier) -> Sold | None:
    basket = system.basket(system.hot)
    reference = cashier.send(money.sell(cashier, basket, change=Decimal(random.randint(0, 1))))
    return money.read_sold(cashier, reference, basket) if reference else None


def pay_and_refund(system: System, cashier: Cashier) -> None:
    """Orders by the API, pays a part by card and the rest in cash, and gives some of it back."""
    sold = cashier.order(system.basket(system.hot))
    if sold is None:
        return
    by_card = sold.total - random.choice([0, 1])
    sold.payment = int(cashier.send(money.pay(sold, "card", by_card)) or 0)
    if sold.payment and by_card < sold.total:
        cashier.send(money.pay(sold, "cash", sold.total - by_card))
    if sold.payment:
        cashier.send(money.refund(sold, Decimal("0.50")))


@contextmanager
def running(system: System, *, clerks: int, programs: int, cashiers: int = 0) -> Iterator[Load]:
    """Keeps this many clients at work during the block."""
    load = Load(system)
    system.clients = max(system.clients, clerks + programs + cashiers)
    for cashier in system.cashiers(cashiers):
        load.add(cashier_step(system, cashier))
    for clerk in system.clerks(clerks):
        load.add(clerk_step(system, clerk))
    for program in system.programs(programs):
        load.add(program_step(system, program, system.products[:GOODS]))
    try:
        yield load
    finally:
        load.end()


def wait_for_success(system: System, since: float, seconds: float = 30) -> float:
    """Returns the seconds from `since` until the next task of a client succeeds. Raises AssertionError."""
    deadline = since + seconds
    while time.monotonic() < deadline:
        after = [moment for moment in system.tally.done_at[-200:] if moment > since]
        if after:
            return min(after) - since
        time.sleep(0.01)
    raise AssertionError(f"Nobody got anything done within {seconds} s")


def longest_gap(served: Sequence[float], began: float, ended: float) -> float:
    """Returns the longest time in which no task succeeded."""
    moments = [began, *(moment for moment in sorted(served) if began < moment < ended), ended]
    return max(after - before for before, after in itertools.pairwise(moments))

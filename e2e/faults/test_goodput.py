"""Sixteen clients on three hot products, against the same on three thousand."""

import time

import pytest

from e2e.faults.clients import Product
from e2e.faults.databases import SQLITE
from e2e.faults.load import Load, program_step
from e2e.faults.options import OPTIONS
from e2e.faults.system import HOT, WIDE, System
from e2e.faults.test_conflicts import failures

CLIENTS = 16


@pytest.mark.full
def test_hot_products_cost_no_request(system: System) -> None:
    """Passes when nobody is refused; the ratio is reported (at least half is the aim), not tested.

    SQLite has one writer at a time and no queue before it: there, all of it is only reported.
    """
    before = failures(system)
    wide = _orders_a_second(system, system.products[HOT : HOT + WIDE])
    hot = _orders_a_second(system, system.hot)
    failed = failures(system) - before
    system.figures["16 clients"] = (
        f"{hot:.0f} orders/s on 3 hot products, {wide:.0f} on 3,000 ({hot / wide:.0%}); "
        f"{failed} requests failed"
    )
    system.check()
    assert failed == 0 or system.engine == SQLITE, system.figures["16 clients"]


def _orders_a_second(system: System, things: list[Product]) -> float:
    system.clients = max(system.clients, CLIENTS)
    seconds = OPTIONS.pick(3, 15)
    load = Load(system)
    done = len(system.tally.done_at)
    began = time.monotonic()
    for program in system.programs(CLIENTS):
        load.add(program_step(system, program, things))
    time.sleep(seconds)
    load.end()
    return (len(system.tally.done_at) - done) / (time.monotonic() - began)

"""Rows 4 and 5 for money: opposite orders, and the same request many times. Many clients at few tills."""

import time
from collections import Counter
from functools import partial

import pytest

from e2e.faults import money
from e2e.faults.actions import Make, carry_out, parametrize
from e2e.faults.clients import Product
from e2e.faults.load import at_once
from e2e.faults.money import Cashier, Request
from e2e.faults.money_actions import ALIKE, EVERY, order_paid, sold_at_till
from e2e.faults.options import OPTIONS
from e2e.faults.system import HOT, TILLS, System
from e2e.faults.test_conflicts import failures

CLIENTS = 16


@parametrize({name: make for name, make in EVERY.items() if name not in ("api", "place")}, *ALIKE)
def test_row_5_the_same_request_twenty_times_at_once_counts_once(system: System, make: Make) -> None:
    """Passes when all twenty are told of the same row, and its money, units and papers are there once."""
    action = make(system)
    twins = [action.open_twin() for _ in range(20)]
    answers = at_once([partial(carry_out, twin) for twin in twins])
    assert len(answers) == 20
    system.check()


@pytest.mark.everywhere
def test_sixteen_clients_at_four_tills_see_no_failed_request(system: System) -> None:
    """Passes when every sale in cash is done, no answer is a 5xx, and each till counts its receipts."""
    each = OPTIONS.pick(1, 8)
    cashiers = system.cashiers(CLIENTS)
    for cashier in cashiers[:TILLS]:
        sold_at_till(system, cashier)  # the first sale of a day opens the till
    goods = system.products[HOT:]
    asked = [[money.sell(cashier, system.basket(goods, size=1)) for _ in range(each)] for cashier in cashiers]
    before = failures(system)
    documents = count_documents(system)
    system.clients = max(system.clients, CLIENTS)
    began = time.monotonic()
    sold = at_once([partial(send_all, *pair) for pair in zip(cashiers, asked, strict=True)])
    took = time.monotonic() - began
    failed = failures(system) - before
    system.figures[f"{CLIENTS} clients at {TILLS} tills"] = (
        f"{CLIENTS * each} sales in cash, {CLIENTS * each / took:.0f} a second; {failed} requests failed"
    )
    assert all(all(of_one) for of_one in sold)
    assert failed == 0
    more = count_documents(system) - documents
    assert more == dict.fromkeys(system.registers, each * CLIENTS // TILLS)
    system.check_money()


def send_all(cashier: Cashier, requests: list[Request]) -> list[str]:
    return [cashier.send(request) for request in requests]


def count_documents(system: System) -> Counter[int]:
    """Returns the number of documents of each register."""
    rows = system.database.rows("SELECT register_id, count(*) FROM shop_document GROUP BY register_id")
    return Counter({int(pk): int(count) for pk, count in rows})


def test_row_4_returns_and_exchanges_in_opposite_order_never_deadlock(system: System) -> None:
    """Passes when goods that come back and go out in opposite orders end in no deadlock (40P01)."""
    before = failures(system)
    since = system.server.log_size()
    a, b = system.hot[:2]
    rounds = OPTIONS.pick(2, 10)
    cashiers = system.cashiers(8)
    for _ in range(rounds):
        requests = [prepare(system, cashier, number, a, b) for number, cashier in enumerate(cashiers)]
        pairs = zip(cashiers, requests, strict=True)
        made = at_once([partial(cashier.send, request) for cashier, request in pairs])
        assert all(made), made
    assert failures(system) == before
    assert [line for line in system.server.retries(since) if "40P01" in line] == []
    system.check_money()


def prepare(system: System, cashier: Cashier, number: int, a: Product, b: Product) -> Request:
    """Returns an exchange of a for b or of b for a, or a return of both in one order or the other."""
    if number % 2:
        a, b = b, a
    if number < 4:
        sold = sold_at_till(system, cashier, {a: 1, b: 1})
        return money.exchange(cashier, sold, {a: 1}, {b: 1})
    sold = order_paid(system, cashier, {a: 1, b: 1})
    return money.give_back(sold, {sold.lines[a.id]: 1, sold.lines[b.id]: 1})

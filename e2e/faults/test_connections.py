"""Rows 6 and 7: the connection to the database breaks, at COMMIT and elsewhere."""

import threading
import time

import pytest

from e2e.faults import forced_conflicts
from e2e.faults.actions import Make, carry_out, ordering, parametrize, placing
from e2e.faults.money_actions import ALIKE, EVERY, exchanging, paying_in_cash, refunding, returning, selling
from e2e.faults.options import OPTIONS
from e2e.faults.system import System
from testing.faulty_proxy import Fault

each_action = parametrize(EVERY, *ALIKE)
AT_COMMIT = [
    pytest.param(Fault.LOSE_REPLY, 0.0, 0.0, id="reply-lost"),
    pytest.param(Fault.LOSE_REQUEST, 0.0, 0.0, id="request-lost"),
    pytest.param(Fault.LATE, 1.2, 0.0, id="delivered-late"),
    pytest.param(Fault.LOSE_REPLY, 0.0, 1.0, id="reply-lost-and-refused", marks=pytest.mark.full),
    pytest.param(Fault.LATE, 0.8, 1.5, id="late-and-refused", marks=pytest.mark.full),
]


@pytest.mark.server
@each_action
@pytest.mark.parametrize(("fault", "seconds", "refuse"), AT_COMMIT)
def test_row_6_a_commit_that_is_lost_on_the_way_counts_once(
    system: System, make: Make, fault: Fault, seconds: float, refuse: float
) -> None:
    """Passes when the answer is success, or "unknown" and then success by the same request: one row."""
    action = make(system)
    proxy = system.postgres.proxy
    before = proxy.counts[fault]
    proxy.arm(fault, seconds=seconds, refuse=refuse)
    carry_out(action)
    assert proxy.counts[fault] == before + 1
    system.check()


@pytest.mark.server
@parametrize(
    {
        "place": placing,
        "api": ordering,
        "pay-cash": paying_in_cash,
        "refund": refunding,
        "return": returning,
        "sale": selling,
    },
    "api",
    "pay-cash",
    "refund",
    "return",
)
def test_row_6_a_database_away_after_a_lost_commit_is_called_unknown(system: System, make: Make) -> None:
    """Passes when the 503 says that we do not know, never that nothing happened; the same request replays."""
    action = make(system)
    system.postgres.proxy.arm(Fault.LOSE_REPLY, refuse=9)
    answer = action.send()
    assert answer.status == 503
    assert "we do not know yet" in answer.text, answer.text[:2000]
    carry_out(action)
    system.check()


@pytest.mark.server
@parametrize({"api": ordering, "sale": selling, "exchange": exchanging}, "exchange")
def test_row_6_a_connection_cut_in_mid_statement_is_replaced(system: System, make: Make) -> None:
    """Passes when what is cut in its statements, one time after the other, is stored once."""
    for _ in range(OPTIONS.pick(3, 6)):
        action = make(system)
        system.postgres.proxy.arm(Fault.CUT)
        carry_out(action)
    system.check()


@pytest.mark.server
def test_row_6_a_network_that_stalls_ends_in_an_answer_within_ten_seconds(system: System) -> None:
    """Passes when a stalled database is a 503 within 10 s, with the same request successful after it."""
    action = ordering(system)
    carry_out(ordering(system))  # there is a connection, so it is the network that stalls and not the hello
    system.postgres.proxy.stall(14)
    began = time.monotonic()
    answer = action.send()
    took = time.monotonic() - began
    system.figures["database stalled"] = f"answered {answer.status} after {took:.1f} s"
    system.postgres.proxy.flow.wait(20)
    carry_out(action)
    assert answer.status == 503
    assert took < 10, f"{took:.1f} s"
    system.check()


@pytest.mark.server
def test_row_7_backends_ended_while_idle_are_not_noticed(system: System) -> None:
    """Passes when the next request of every worker works."""
    pids = system.postgres.backends("idle")
    system.postgres.terminate(*pids)
    system.counts["idle backend ended"] += len(pids)
    program = system.program()
    for _ in range(20):
        assert program.client.send("GET", "/order/?limit=1", headers=program.headers("")).status == 200
    assert system.program().order(system.basket(system.hot))
    system.check()


@pytest.mark.server
@parametrize(EVERY, *ALIKE, "api", "stock", "refund", "return")
def test_row_7_a_backend_ended_in_mid_transaction(system: System, make: Make) -> None:
    """Passes when there is one row: the backend goes while its COMMIT is held back."""
    action = make(system)
    system.postgres.proxy.arm(Fault.HOLD, seconds=0.6)
    hit = _terminate_when(system, "idle in transaction", 0.3)
    carry_out(action)
    assert hit()
    system.counts["backend ended in mid-transaction"] += 1
    system.check()


@pytest.mark.server
@parametrize(EVERY, *ALIKE, "api", "stock", "refund", "return")
def test_row_7_a_backend_ended_while_running(system: System, make: Make) -> None:
    """Passes when there is one row: the backend goes while a statement runs."""
    action = make(system)
    with forced_conflicts.force_delay(system.postgres, 1.0, action.table):
        hit = _terminate_when(system, "active", 0.4)
        carry_out(action)
        assert hit()
    system.counts["backend ended while running"] += 1
    system.check()


def _terminate_when(system: System, state: str, seconds: float) -> "Hit":
    return Hit(system, state, seconds)


class Hit:
    """Ends the backends that are in a state for some time; called, it answers whether there was one."""

    def __init__(self, system: System, state: str, seconds: float) -> None:
        self.system, self.state, self.seconds = system, state, seconds
        self.count = 0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not self.count:
            first = set(self.system.postgres.backends(self.state))
            time.sleep(self.seconds / 2)
            still = first & set(self.system.postgres.backends(self.state))
            self.system.postgres.terminate(*still)
            self.count += len(still)

    def __call__(self) -> bool:
        self.thread.join()
        return self.count > 0

"""Rows 1 to 5, 8 and 9 of the table in docs/RELIABILITY.md: conflicts, races for stock, repeated keys."""

import re
import time
from functools import partial

import pytest

from e2e.faults import clients, forced_conflicts
from e2e.faults.actions import Make, carry_out, ordering, parametrize, placing
from e2e.faults.clients import Product, make_payload
from e2e.faults.load import at_once
from e2e.faults.money_actions import ALIKE, EVERY
from e2e.faults.options import OPTIONS
from e2e.faults.system import System, unique
from testing.browser_client import Browser


@pytest.mark.server
@parametrize(EVERY, *ALIKE)
@pytest.mark.parametrize("at_commit", [True, False], ids=["at-commit", "in-a-statement"])
def test_row_1_a_conflict_is_run_again_and_stored_once(system: System, make: Make, at_commit: bool) -> None:
    """Passes when the second attempt succeeds and there is one row."""
    action = make(system)
    with forced_conflicts.force_conflicts(
        system.postgres, 1, at_commit=at_commit, table=action.table
    ) as conflict:
        answers = carry_out(action)
        tries = conflict.tries()
    system.counts[f"conflict {'at COMMIT' if at_commit else 'in a statement'}"] += 1
    assert len(answers) == 1
    assert tries >= 2
    system.check()


@pytest.mark.everywhere
def test_row_2_many_clients_on_three_hot_products_see_no_error(system: System) -> None:
    """Passes when 8 clients × 50 orders get no 5xx, and the audit finds nothing."""
    before = failures(system)
    count = OPTIONS.pick(8, 50)
    buyers: list[clients.Program | clients.Clerk] = [*system.programs(6), *system.clerks(2)]
    system.clients = max(system.clients, 8)

    def orders(client: clients.Program | clients.Clerk) -> list[object]:
        return [client.order(system.basket(system.hot)) for _ in range(count)]

    answers = at_once([partial(orders, client) for client in buyers])
    assert all(all(of_one) for of_one in answers)
    assert failures(system) == before
    system.check()


@pytest.mark.everywhere
def test_row_3_a_stock_of_twenty_and_four_hundred_buyers(system: System) -> None:
    """Passes when exactly 20 are sold and everybody else is told in words that there is no more."""
    buyers, at_the_desk = 400, 4
    scarce = system.program().make_product(f"Scarce {next(unique)}", "9.50", 20)
    drafts = [(clerk, clerk.draft({scarce: 1})) for clerk in system.clerks(at_the_desk)]
    programs = system.programs(36)
    each = (buyers - at_the_desk) // len(programs)
    steps = [partial(order_often, program, {scarce: 1}, each) for program in programs]
    placings = [partial(clerk.place, path, {scarce: 1}) for clerk, path in drafts]
    results = at_once([*steps, *placings])
    sold = sum(bool(order) for answers in results[: len(steps)] for order in answers)
    sold += sum(bool(reference) for reference in results[len(steps) :])
    told = [entry for entry in system.journal.read() if entry.get("lines") == {str(scarce.id): 1}]
    refused = [entry["why"] for entry in told if entry["told"] == "refused"]
    assert sold == 20
    assert len(refused) == buyers - 20
    assert all(re.search("sold out|0 left|Not enough|only ", why) for why in refused), set(refused)
    system.figures["20 in stock, 400 buyers"] = f"{sold} sold, {len(refused)} told that there is no more"
    assert stock_of(system, scarce) == 0
    system.check()


def test_row_4_lines_in_opposite_order_never_deadlock(system: System) -> None:
    """Passes when every request gets an order of its own and no attempt ends in a deadlock (40P01).

    Attempts that meet another conflict may be run again: nobody notices them.
    """
    before, since = failures(system), system.server.log_size()
    a, b = system.hot[:2]
    count = OPTIONS.pick(5, 25)
    baskets = [{a: 1, b: 1}, {b: 1, a: 1}] * 4
    stock_before = [stock_of(system, product) for product in (a, b)]
    pairs = zip(system.programs(8), baskets, strict=True)
    steps = [partial(order_often, program, basket, count) for program, basket in pairs]

    orders = [order for of_one in at_once(steps) for order in of_one]

    assert len({order["reference"] for order in orders}) == 8 * count
    assert [stock_of(system, product) for product in (a, b)] == [left - 8 * count for left in stock_before]
    assert failures(system) == before
    assert [line for line in system.server.retries(since) if "40P01" in line] == []
    system.check()


@pytest.mark.everywhere
def test_row_5_the_same_key_twenty_times_at_once_makes_one_order(system: System) -> None:
    """Passes when all twenty get the same order, and the key with another payload gets 422."""
    key, basket = f"same-{next(unique)}", system.basket(system.hot)
    twins = [system.program() for _ in range(20)]
    orders = at_once([partial(program.order, basket, key) for program in twins])
    assert len({order["reference"] for order in orders}) == 1
    other = {thing: quantity + 1 for thing, quantity in basket.items()}
    answer = system.program().post("/order/", make_payload(other), key)
    assert answer.status == 422
    assert "idempotency_key_reused" in answer.text
    system.check()


@pytest.mark.everywhere
def test_row_5_one_draft_placed_from_many_windows_is_placed_once(system: System) -> None:
    """Passes when every window is sent to the one placed order."""
    clerk = system.clerk()
    basket = system.basket(system.hot)
    path = clerk.draft(basket)

    def window() -> str:
        twin = clients.Clerk(system.server.port, system.tally, system.journal, clerk.name)
        twin.browser = clerk.browser.open_window()
        return twin.place(path, basket)

    placed = [reference for reference in at_once([window] * 10) if reference]
    assert placed
    assert len(set(placed)) == 1
    system.check()


@pytest.mark.server
@pytest.mark.parametrize(
    "make", [pytest.param(placing, marks=pytest.mark.full), ordering], ids=["place", "api"]
)
def test_row_8_a_conflict_that_never_ends_is_said_in_time(system: System, make: Make) -> None:
    """Passes when a 503 with Retry-After comes within 10 s, and the same request succeeds afterwards."""
    action = make(system)
    with forced_conflicts.force_conflicts(system.postgres, 10_000, at_commit=False):
        began = time.monotonic()
        answer = action.send()
        took = time.monotonic() - began
    system.counts["conflict without end"] += 1
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert took < 10
    carry_out(action)
    system.check()


@pytest.mark.server
def test_row_9_a_second_attempt_speaks_once(system: System) -> None:
    """Passes when the page after a repeated attempt has one message, and the order one event."""
    action = placing(system)
    with forced_conflicts.force_conflicts(system.postgres, 2, at_commit=True):
        answer = carry_out(action)[-1]
    page = system.clerk().browser.get(answer.headers["Location"]).text
    assert page.count("is placed.") == 1
    system.check()


@pytest.mark.server
def test_row_9_signing_in_again_and_again_makes_one_session(system: System) -> None:
    """Passes when a sign-in whose first attempts failed leaves one session and one cookie."""
    browser = Browser(system.server.port, system.tally)
    sessions = "SELECT count(*) FROM shop_session"
    before = system.database.rows(sessions)[0][0]
    with forced_conflicts.force_conflicts(system.postgres, 2, at_commit=True, table="shop_session"):
        browser.sign_in("clerk0", clients.PASSWORD)
    assert system.database.rows(sessions)[0][0] == before + 1
    assert len([cookie for cookie in browser.set_cookies if cookie.startswith("sessionid=")]) == 1
    assert browser.get("/").text.count("clerk0")
    system.check()


def order_often(program: clients.Program, basket: clients.Basket, count: int) -> list[dict[str, object]]:
    return [program.order(basket) for _ in range(count)]


def stock_of(system: System, product: Product) -> int:
    return int(system.database.rows(f"SELECT stock FROM shop_product WHERE id = {product.id}")[0][0])


def failures(system: System) -> int:
    """Answers of 5xx so far."""
    return sum(count for status, count in system.tally.statuses.items() if status >= 500)

"""Goods come back and prices are lowered, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from testing.seeding import Seeder


@pytest.fixture
def reference(seeder: Seeder) -> str:
    return seeder.make_order((seeder.make_product(price="10.01", stock=9), 3))


def take_back(page: Page, reference: str, units: int) -> None:
    """Fills in the form of a return up to its confirmation, which shows what comes back."""
    page.goto(f"/orders/{reference}/")
    page.get_by_role("link", name="Take back…").click()
    page.get_by_label(re.compile("^Units of")).fill(str(units))
    page.get_by_label("Reason").fill("wrong colour")
    page.get_by_role("button", name="Show what comes back").click()


def test_one_of_three_comes_back(clerk: Page, reference: str) -> None:
    take_back(clerk, reference, 1)
    expect(clerk.get_by_text("$30.03 × 1 ÷ 3 is $10.01 for 1 of 3 units sold.")).to_be_visible()
    accessibility.check(clerk)

    clerk.get_by_role("button", name="Take back $10.01").click()

    expect(clerk.get_by_text(f"Taken back from {reference}: $10.01.")).to_be_visible()
    expect(actions.timeline(clerk)).to_contain_text(["Returned"])
    accessibility.check(clerk)


def test_more_than_bought_says_so_at_its_line(clerk: Page, reference: str) -> None:
    take_back(clerk, reference, 4)

    expect(clerk.get_by_text("Only 3 are left that can come back.")).to_be_visible()
    accessibility.check(clerk)


def test_a_price_is_lowered(clerk: Page, reference: str) -> None:
    clerk.goto(f"/orders/{reference}/")
    clerk.get_by_role("link", name="Lower a price…").click()
    clerk.get_by_label("Amount off, tax included").fill("0.03")
    clerk.get_by_label("Reason").fill("scratched")
    clerk.get_by_role("button", name="Show what is left").click()
    expect(clerk.get_by_text("$0.03 off the $30.03 for 3 units kept, which leaves $30.00.")).to_be_visible()
    accessibility.check(clerk)

    clerk.get_by_role("button", name="Take off $0.03").click()

    expect(actions.timeline(clerk)).to_contain_text(["Price lowered"])


def test_without_javascript_too(open_page, reference: str) -> None:
    clerk = open_page("clerk", java_script_enabled=False)
    take_back(clerk, reference, 3)
    clerk.get_by_role("button", name="Take back $30.03").click()

    expect(clerk.get_by_text(f"Taken back from {reference}: $30.03.")).to_be_visible()
    clerk.goto(f"/orders/{reference}/return/")
    expect(clerk.get_by_text("Everything of this order is back.")).to_be_visible()

"""Taking money for an order and giving it back, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from testing.seeding import Seeder


def account(page: Page) -> str:
    """Returns what the page says of the order's account."""
    return re.sub(r"\s+", " ", page.locator("#account dl").inner_text())


def take(page: Page, method: str, button: str = "Take payment", **amounts: str) -> None:
    """Fills the form of a payment and sends it."""
    form = page.locator("form.pay")
    form.get_by_label("Method").select_option(label=method)
    for label, amount in amounts.items():
        form.get_by_label(label.replace("_", " ")).fill(amount)
    form.get_by_role("button", name=button).click()


@pytest.fixture
def page_of_order(open_page, seeder: Seeder, scripted: bool) -> Page:
    """The page of an order of 74.99 that nobody has paid for."""
    page: Page = open_page("clerk", java_script_enabled=scripted)
    actions.open_order(page, seeder.make_order((seeder.make_product(price="74.99"), 1)))
    return page


def test_a_part_with_change_then_the_rest_by_card(page_of_order: Page, scripted: bool) -> None:
    page = page_of_order
    take(page, "Cash", Cash_laid_down="100", Amount="60")

    expect(page.locator("p", has=page.locator(".change"))).to_have_text("Change $40.00")
    assert account(page).lower().endswith("to pay $14.99")
    accessibility.check_if_scripted(page, scripted)
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    if scripted:
        sizes = page.locator("main *").evaluate_all(f"all => all.map({size})")
        assert page.locator(".change").evaluate(size) == max(sizes)
    take(page, "Card", button="Exactly $14.99")
    expect(page.locator("form.pay")).to_have_count(0)


def test_a_refund_and_a_reversal(page_of_order: Page, scripted: bool) -> None:
    page = page_of_order
    take(page, "Cash", Amount="60")
    take(page, "Card", Amount="10")

    page.get_by_role("link", name="Refund").click()
    page.get_by_label("Back by").select_option(label="Card, $10.00 left")
    page.get_by_label("Amount").fill("10")
    page.get_by_label("Reason").fill("Paid by the company instead")
    accessibility.check_if_scripted(page, scripted)
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_role("row", name="Card, refund")).to_contain_text("Paid by the company instead")

    page.get_by_role("link", name="Reverse $60.00").click()
    accessibility.check_if_scripted(page, scripted)
    page.get_by_label("Reason").fill("Another order")
    page.get_by_role("button", name="Reverse").click()
    expect(page.get_by_role("row", name="Cash, reversal")).to_contain_text("Another order")
    assert "$74.99" in account(page)


def test_much_cash_goes_back_when_a_manager_confirms(open_page, seeder: Seeder, scripted: bool) -> None:
    page: Page = open_page("clerk", java_script_enabled=scripted)
    actions.open_order(page, seeder.make_order((seeder.make_product(price="250.00"), 1)))
    take(page, "Cash", button="Exactly $250.00")
    page.get_by_role("link", name="Refund").click()
    page.get_by_label("Amount").fill("250")
    page.get_by_role("button", name="Give back").click()

    expect(page.get_by_text("more than your limit of $200.00 for an order")).to_be_visible()
    actions.expect_focus(page, page.get_by_label("Manager's username"))
    accessibility.check_if_scripted(page, scripted)
    page.get_by_label("Manager's username").fill("manager")
    page.get_by_label("Manager's password").fill(actions.PASSWORD)
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_role("row", name="Cash, refund")).to_contain_text("Confirmed by manager")

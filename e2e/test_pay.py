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


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without"])
def test_a_part_with_change_then_by_card_then_back(open_page, seeder: Seeder, scripted: bool) -> None:
    order = seeder.make_order((seeder.make_product(price="74.99"), 1))
    page: Page = open_page("clerk", java_script_enabled=scripted)
    actions.open_order(page, order)

    take(page, "Cash", Cash_laid_down="100", Amount="60")
    expect(page.locator(".change")).to_have_text("Change $40.00")
    assert account(page).endswith("TO PAY $14.99") or account(page).endswith("To pay $14.99")
    if scripted:
        accessibility.check(page)
        size = "e => parseFloat(getComputedStyle(e).fontSize)"
        sizes = page.locator("main *").evaluate_all(f"all => all.map({size})")
        change = page.locator(".change strong").evaluate(size)
        assert change == max(sizes)

    take(page, "Card", button="Exactly $14.99")
    expect(page.locator("form.pay")).to_have_count(0)

    page.get_by_role("link", name="Refund").click()
    page.get_by_label("Back by").select_option(label="Card, $14.99 left")
    page.get_by_label("Amount").fill("14.99")
    page.get_by_label("Reason").fill("Paid by the company instead")
    if scripted:
        accessibility.check(page)
    page.get_by_role("button", name="Give back").click()
    assert "$14.99" in account(page)
    expect(page.get_by_role("row", name="Card, refund")).to_contain_text("Paid by the company instead")

    page.get_by_role("link", name="Reverse $60.00").click()
    if scripted:
        accessibility.check(page)
    page.get_by_label("Reason").fill("Another order")
    page.get_by_role("button", name="Reverse").click()
    assert "$74.99" in account(page)

"""Actions of two members of staff who change the same order, product or customer."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import actions
from testing.seeding import Product

#: Opens a pair of pages of two members of staff, the first of them with JavaScript or without.
OpenTwo = Callable[[str, str], tuple[Page, Page]]

with_and_without = pytest.mark.parametrize("scripted", [True, False], ids=["htmx", "plain"])
both_ways = pytest.mark.parametrize("keep", [False, True], ids=["accept", "keep"])


def panel(page: Page) -> Locator:
    return page.locator(".conflict")


def panel_rows(page: Page) -> list[list[str]]:
    """Returns the cells of the conflict panel, without the column of names."""
    expect(panel(page).locator("tbody tr").first).to_be_visible()
    return [row.locator("th, td:not(.by)").all_inner_texts() for row in panel(page).locator("tbody tr").all()]


def expect_changed_by(page: Page, name: str) -> None:
    expect(panel(page).locator("p.by")).to_have_text(re.compile(rf"^Last changed by {name}, \d\d:\d\d\.$"))


def expect_panel(page: Page, *wanted: list[str], by: str, said: str = "") -> None:
    """Expects the panel with these rows and the focus on its heading; `said` is announced."""
    assert panel_rows(page) == list(wanted)
    expect_changed_by(page, by)
    actions.expect_focus(page, panel(page).get_by_role("heading"))
    if said:
        expect(page.locator("#live")).to_contain_text(said)
        expect(page.locator("#live")).to_contain_text(f"Last changed by {by}, ")


def decide(page: Page, *, keep: bool) -> None:
    name = "Keep mine" if keep else "Accept the changes"
    control = panel(page).get_by_role("button", name=name).or_(panel(page).get_by_role("link", name=name))
    control.click()
    expect(panel(page)).to_have_count(0)


def draft_of_two(mine: Page, theirs: Page, *products: Product) -> str:
    """Makes a draft with one of each product and opens it on both pages. Returns its reference."""
    reference = actions.new_order(mine)
    for product in products:
        actions.add_line(mine, product.sku)
        expect(actions.desk_row(mine, product)).to_be_visible()
    actions.open_order(theirs, reference)
    return reference


def set_quantity(page: Page, product: Product, quantity: int, subtotal: str) -> None:
    actions.set_quantity(page, product, quantity)
    expect(page.locator("#subtotal")).to_have_text(subtotal)


def write_note(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Note").fill(text)
    plain = page.get_by_role("button", name="Save note")
    if plain.is_visible():
        plain.click()
    else:
        page.get_by_role("textbox", name="Note").blur()


def reprice(page: Page, product: Product, price: str) -> None:
    page.goto(f"{product.url}edit/")
    actions.fill_form(page, unit_price=price)
    actions.expect_said(page, f"{product.name} was saved.")

"""Ctrl+P on any page prints what it says, and nothing that is pressed."""

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from e2e.test_pages import PATHS, PageRows, addressed, page_rows
from testing.seeding import Seeder

__all__ = ["page_rows"]

PRESSED = (
    "button, summary, header, nav, [role=search], [type=submit], [type=checkbox], .btn, dialog, #notices"
)
VISIBLE = """
selector => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility())
  .map((each) => each.outerHTML.slice(0, 120))
"""
#: What would be dark or underlined on paper.
DARK = """
() => [...document.querySelectorAll("body, body *")].filter((each) => {
  const { backgroundColor, textDecorationLine } = getComputedStyle(each);
  const [red, green, blue, alpha = 1] = backgroundColor.match(/[\\d.]+/g).map(Number);
  const isDark = alpha > 0 && Math.min(red, green, blue) < 200;
  return each.checkVisibility() && (isDark || (each.matches("a") && textDecorationLine !== "none"));
}).map((each) => each.outerHTML.slice(0, 120))
"""
BREAKS = "rows => rows.map((row) => getComputedStyle(row).breakInside)"


def check_paper(page: Page) -> None:
    """What is printed of this page: its title and whose it is, nothing to press, black on white."""
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(VISIBLE, PRESSED) == []
    assert page.evaluate(DARK) == []
    expect(page.get_by_role("heading", level=1).or_(page.locator(".sheet h2")).first).to_be_visible()
    expect(page.locator(".shop-name:visible")).to_have_text("shop")
    rows = page.locator("tbody tr")
    assert set(rows.evaluate_all(BREAKS)) <= {"avoid"}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_a_page_is_printed_without_its_buttons(open_page, page_rows: PageRows, path: str) -> None:
    check_paper(open_page("manager", path=addressed(path, page_rows)))


@pytest.mark.parametrize("path", ["/sign-in/", "/orders/views/?status=placed"])
def test_pages_with_forms_are_printed_too(open_page, path: str) -> None:
    check_paper(open_page("manager" if "views" in path else "", path=path))


def test_a_list_is_printed_as_its_table(clerk: Page, seeder: Seeder) -> None:
    customer, product = seeder.make_customer(), seeder.make_product(price="2.00")
    reference = seeder.make_order((product, 2), customer=customer)
    clerk.goto(f"/orders/?customer={customer.name}")
    check_paper(clerk)
    cells = actions.rows(clerk).locator("th:visible, td:visible")
    expect(cells).to_have_count(7)  # the last is the balance, where money is kept
    expect(cells.nth(0)).to_have_text(reference)
    expect(cells.nth(5)).to_have_text("$4.00")


def test_a_draft_and_its_review_are_printed_without_fields_to_fill(clerk: Page, seeder: Seeder) -> None:
    customer, product = seeder.make_customer(), seeder.make_product(price="2.00")
    actions.new_order(clerk)
    actions.choose_customer(clerk, customer.phone[-4:])
    actions.expect_customer(clerk, customer.name)
    actions.add_line(clerk, f"3*{product.sku}")
    actions.expect_desk(clerk, actions.Line(product, 3, "$6.00"), subtotal="$6.00")
    check_paper(clerk)
    expect(clerk.get_by_text(customer.name)).to_be_visible()
    expect(actions.desk_row(clerk, product).get_by_role("textbox")).to_have_value("3")
    expect(clerk.locator("#subtotal")).to_be_visible()
    expect(clerk.locator("#add-text")).to_be_hidden()
    clerk.emulate_media(media="screen")
    actions.review(clerk)
    check_paper(clerk)
    actions.expect_paper(clerk, actions.Line(product, 3, "$6.00"), subtotal="$6.00")


def test_the_lines_of_an_order_lead_to_their_products(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    actions.open_order(clerk, seeder.make_order((product, 1)))
    clerk.get_by_role("link", name=product.name).click()
    expect(clerk.get_by_role("heading", name=product.name)).to_be_visible()

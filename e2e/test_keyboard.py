"""The desk by keyboard alone, with real key events: shortcuts and the list of keys."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e import actions, filled_shops
from e2e.bar_table import record
from e2e.filled_shops import ShopOriginals
from e2e.pickers import add_line_by_keys, counted, open_desk, open_order_by_keys
from testing.seeding import Seeder

#: Counts what the browser itself saw, across pages.
COUNTER = """
for (const [event, name] of [["keydown", "keys"], ["pointerdown", "clicks"]])
  addEventListener(event, () => sessionStorage.setItem(name, Number(sessionStorage[name] ?? 0) + 1), true);
"""


@pytest.fixture
def demo(browser: Browser, originals: ShopOriginals, log: Path) -> Iterator[Page]:
    """A clerk's first page with the demo data, as `make run` serves it."""
    with filled_shops.copy_served(originals.demo(), log=log) as server:
        context = browser.new_context(base_url=server.url)
        page = context.new_page()
        passwords = json.loads((server.var / "demo-accounts.json").read_text())
        actions.sign_in(page, "clerk", passwords["clerk"])
        yield page
        context.close()


def test_five_lines_of_the_demo_data_in_forty_keys(demo: Page) -> None:
    demo.goto("/customers/?q=okafor")
    digits = (actions.rows(demo).first.text_content() or "").strip()
    phone = re.search(r"555-(\d{4})", digits)
    assert phone
    demo.add_init_script(COUNTER)
    demo.goto("/")

    open_order_by_keys(demo, phone[1])
    typed = ("tea st", "blu en", "3*esp", "hon", "wil")
    names = (
        "Teapot with strainer", "Mug, blue enamel", "Espresso cup", "Heather honey", "Willow basket",
    )  # fmt: skip
    for words, name in zip(typed, names, strict=True):
        add_line_by_keys(demo, words, demo.locator("#desk-lines tbody tr").filter(has_text=name))
    demo.keyboard.press("Control+Enter")
    expect(demo.get_by_label("Payment", exact=True)).to_be_focused()
    demo.keyboard.press("Enter")
    actions.expect_status(demo, "Placed")

    keys, clicks = counted(demo, "keys"), counted(demo, "clicks")
    record("keys: five lines for a known customer, demo data", f"{keys} keys, {clicks} clicks", "≤ 40, 0")
    assert keys <= 40
    assert clicks == 0
    expect(demo.locator("table.lines tbody tr")).to_have_count(5)
    expect(actions.field_of(demo, "Customer")).to_contain_text("Ada Okafor")


# --- The list of keys


def listed(page: Page) -> Locator:
    return page.locator("#keys-here dt")


def test_a_question_mark_lists_the_keys_of_the_page(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    open_desk(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    clerk.get_by_role("button", name="Park").focus()
    clerk.keyboard.press("?")
    dialog = clerk.get_by_role("dialog", name="Keys on this page")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    rows = dialog.locator("dl > div")
    names = ["nNew order", "?Keys", "/Add a line", "dDiscount", "CtrlEnterReview and place"]
    assert rows.all_text_contents()[:5] == names
    expect(rows.filter(has_text="Scanner")).to_be_visible()
    # Nothing behind the dialog is pressed.
    clerk.keyboard.press("n")
    clerk.wait_for_timeout(150)
    expect(dialog).to_be_visible()
    clerk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    actions.expect_focus(clerk, clerk.get_by_role("button", name="Park"))


def test_the_list_is_reached_by_a_link_too_and_shows_what_the_page_has(clerk: Page) -> None:
    clerk.goto("/products/")
    clerk.get_by_role("link", name="Keys").click()
    expect(listed(clerk)).to_have_text(["n", "?", "/"])
    clerk.get_by_role("button", name="Close").click()
    expect(clerk.get_by_role("dialog")).to_be_hidden()
    actions.expect_focus(clerk, clerk.get_by_role("link", name="Keys"))


@pytest.mark.parametrize("path", ["/orders/", "/customers/", "/products/"])
def test_a_slash_searches_the_list(clerk: Page, path: str) -> None:
    clerk.goto(path)
    search = clerk.locator("[name=q]")
    clerk.evaluate("document.activeElement.blur()")
    clerk.keyboard.press("/")
    actions.expect_focus(clerk, search)
    expect(search).to_have_value("")


def test_a_letter_in_a_field_is_a_letter(clerk: Page) -> None:
    open_desk(clerk)
    url = clerk.url
    clerk.keyboard.type("n?/", delay=100)
    clerk.wait_for_timeout(150)
    expect(actions.customer_field(clerk)).to_have_value("n?/")
    expect(clerk.get_by_role("dialog")).to_be_hidden()
    assert clerk.url == url


def test_single_letters_can_be_switched_off_and_stay_off(clerk: Page) -> None:
    switch = clerk.get_by_role("switch", name="Single-letter keys")
    clerk.keyboard.press("?")
    expect(switch).to_be_checked()
    switch.press("Space")
    clerk.keyboard.press("Escape")
    clerk.reload()
    for key in ("n", "?", "/"):
        clerk.keyboard.press(key)
        clerk.wait_for_timeout(150)
    expect(clerk.get_by_role("heading", name="Today,")).to_be_visible()
    expect(clerk.get_by_role("dialog")).to_be_hidden()
    expect(clerk.locator("header kbd:visible")).to_have_count(0)

    clerk.get_by_role("link", name="Keys").click()
    expect(switch).not_to_be_checked()
    switch.press("Space")
    clerk.keyboard.press("Escape")
    clerk.keyboard.press("n")
    expect(actions.customer_field(clerk)).to_be_focused()


def test_keys_with_ctrl_work_when_letters_are_off(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    clerk.evaluate("localStorage.setItem('single-letter keys', 'off')")
    open_desk(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    clerk.keyboard.press("Control+Enter")
    expect(clerk.get_by_label("Payment", exact=True)).to_be_focused()


def test_without_javascript_the_keys_are_a_page_and_pickers_are_fields(
    open_page: Callable[..., Page], seeder: Seeder
) -> None:
    page = open_page("clerk", java_script_enabled=False)
    page.get_by_role("link", name="Keys").click()
    expect(page.get_by_role("heading", name="Keys", exact=True)).to_be_visible()
    expect(page.get_by_text("Review and place")).to_be_visible()
    actions.new_order(page)
    expect(page.get_by_role("textbox", name="Add a line")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)

"""Actions at the pickers of the desk by keyboard and scanner."""

import random
import re

from playwright.sync_api import Locator, Page, Request, expect

from e2e import actions

SUGGESTIONS = re.compile(r"/suggestions/")


def counted(page: Page, name: str) -> int:
    return int(page.evaluate("name => Number(sessionStorage[name] ?? 0)", name))


def open_desk(page: Page) -> str:
    """Opens a new order and waits until its pickers are ready. Returns its reference."""
    reference = actions.new_order(page)
    actions.expect_focus(page, page.get_by_role("combobox", name="Customer"))
    return reference


def open_order_by_keys(page: Page, digits: str) -> None:
    """Opens a new order for the customer whose phone number ends in these digits."""
    page.keyboard.press("n")
    actions.expect_focus(page, actions.customer_field(page))
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    actions.expect_focus(page, actions.add_field(page))


def add_line_by_keys(page: Page, typed: str, row: Locator) -> None:
    """Types a product into the field that has the focus; `row` is the line that appears."""
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(row).to_be_visible()
    actions.expect_focus(page, actions.add_field(page))


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def selected(page: Page) -> Locator:
    return page.get_by_role("option", selected=True)


def watch_suggestions(page: Page) -> list[str]:
    """Returns a list that from now on gets the address of each request for suggestions."""
    urls: list[str] = []

    def note(request: Request) -> None:
        if "/suggestions/" in request.url:
            urls.append(request.url)

    page.on("request", note)
    return urls


def scan(page: Page, *codes: str) -> None:
    """As a scanner types: 0 to 5 ms between the keys, and Enter after each code."""
    for code in codes:
        page.keyboard.type(f"{code}\n", delay=random.uniform(0, 5))

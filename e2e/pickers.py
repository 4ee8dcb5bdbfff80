"""Actions at the pickers of the desk by keyboard and scanner."""

import random
import re
import time

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


def scan(page: Page, *codes: str, stall: int = 0) -> None:
    """Presses keys as a scanner: 0 to 5 ms between them, and Enter after each code.

    Each event has the time at which its key was pressed, however late the page gets it. After the third key
    the page gets none for `stall` milliseconds.
    """
    session = page.context.new_cdp_session(page)
    pressed_at = time.time()
    for number, key in enumerate("\r".join((*codes, "")), start=1):
        pressed_at += random.uniform(0, 0.005)
        named = {"key": "Enter", "code": "Enter"} if key == "\r" else {"key": key}
        event = {**named, "windowsVirtualKeyCode": ord(key.upper()), "timestamp": pressed_at}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": key, **event})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
        if number == 3:
            page.wait_for_timeout(stall)
    session.detach()

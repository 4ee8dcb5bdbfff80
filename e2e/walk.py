"""Makes every swap once and looks at it, so that each bar can be held against the same ones."""

from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from e2e import accessibility, actions
from e2e.shelf import Shelf, token
from e2e.swaps import OK, SWAPS, Swap, World
from e2e.watch import Watch

#: The region that was there at load, and whether anything has the focus after each swap.
SCRIPT = """
addEventListener("DOMContentLoaded", () => { window.region = document.getElementById("live"); });
addEventListener("htmx:afterSettle", () => setTimeout(() => {
  const held = JSON.parse(sessionStorage.held ?? "[]");
  held.push(document.activeElement !== document.body);
  sessionStorage.held = JSON.stringify(held);
}));
"""
REGION = "window.region === document.getElementById('live') ? window.region.textContent : 'another region'"
FOCUS = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"


@dataclass(frozen=True)
class Seen:
    """One swap, looked at."""

    name: str
    swap: Swap
    status: int
    barriers: list[str]
    focus: str
    is_held: bool
    said: str


@dataclass(frozen=True)
class Walk:
    """All swaps; of those on the way too, whether the focus was on something."""

    seen: list[Seen]
    held: list[bool]


def walk(browser: Browser, shelf: Shelf, base_url: str, state: object) -> Walk:
    """Makes every swap as the clerk of these cookies."""
    context = browser.new_context(base_url=base_url, storage_state=state, viewport=accessibility.WIDE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.add_init_script(SCRIPT)
    watch = Watch(page, base_url)
    seen = [_look(page, shelf, name, swap) for name, swap in SWAPS.items()]
    held = page.evaluate("JSON.parse(sessionStorage.held)")
    context.close()
    watch.check()
    return Walk(seen, held)


def _world(page: Page, shelf: Shelf) -> World:
    word = token()
    line = shelf.product(f"Lamp one {word}", price="10.00", stock=3)
    other = shelf.product(f"Lamp two {word}", price="4.00")
    anna, _ = shelf.customer(f"Anna {word}"), shelf.customer(f"Bert {word}")
    page.goto("/")
    shelf.order((other, 1), customer=anna)
    actions.new_order(page)
    actions.add_line(page, line.sku)
    expect(actions.desk_row(page, line)).to_be_visible()
    return World(shelf, word, line, other, anna)


def _look(page: Page, shelf: Shelf, name: str, swap: Swap) -> Seen:
    world = _world(page, shelf)
    answers: list[int] = []
    page.on("response", note := lambda answer: answers.append(answer.status))
    swap.do(page, world)
    page.remove_listener("response", note)
    region = page.locator("#live")
    held = False
    with suppress(AssertionError):
        expect(region).to_contain_text(swap.says, timeout=2000)
    with suppress(AssertionError):
        # Once what was swapped has settled.
        expect(page.locator(f"{swap.holds or 'body *'}:focus")).to_have_count(1, timeout=2000)
        held = True
    said, focus = page.evaluate(REGION), page.evaluate(FOCUS)
    status = next((status for status in answers if status >= 400), OK)
    # Last, because it narrows and widens the page.
    barriers = accessibility.problems(page)
    page.set_viewport_size(accessibility.WIDE)
    return Seen(name, swap, status, barriers, focus, held, said)

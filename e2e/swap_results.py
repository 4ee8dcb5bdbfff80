"""Makes every swap once and keeps its result, so that all bars are measured on the same swaps."""

from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, StorageState, expect

from e2e import accessibility, actions
from e2e.page_errors import PageErrors
from e2e.swaps import OK, SWAPS, Swap, SwapSetup
from testing.seeding import Seeder, unique_word

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
class SwapResult:
    """What a swap left on the page."""

    name: str
    swap: Swap
    status: int
    barriers: list[str]
    focus: str
    is_held: bool
    said: str


@dataclass(frozen=True)
class SwapResults:
    """All swaps; for those on the way to one too, whether the focus was on something."""

    results: list[SwapResult]
    had_focus: list[bool]


def make_every_swap(browser: Browser, seeder: Seeder, base_url: str, state: StorageState) -> SwapResults:
    """Makes every swap as the clerk of these cookies."""
    context = browser.new_context(base_url=base_url, storage_state=state, viewport=accessibility.WIDE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.add_init_script(SCRIPT)
    errors = PageErrors(page, base_url)
    results = [_make_swap(page, seeder, name, swap) for name, swap in SWAPS.items()]
    had_focus = page.evaluate("JSON.parse(sessionStorage.held)")
    context.close()
    errors.check()
    return SwapResults(results, had_focus)


def _set_up(page: Page, seeder: Seeder) -> SwapSetup:
    word = unique_word()
    line = seeder.make_product(f"Lamp one {word}", price="10.00", stock=3)
    other = seeder.make_product(f"Lamp two {word}", price="4.00")
    anna, _ = seeder.make_customer(f"Anna {word}"), seeder.make_customer(f"Bert {word}")
    page.goto("/")
    seeder.make_order((other, 1), customer=anna)
    actions.new_order(page)
    actions.add_line(page, line.sku)
    expect(actions.desk_row(page, line)).to_be_visible()
    return SwapSetup(seeder, word, line, other, anna)


def _make_swap(page: Page, seeder: Seeder, name: str, swap: Swap) -> SwapResult:
    setup = _set_up(page, seeder)
    answers: list[int] = []
    page.on("response", note := lambda answer: answers.append(answer.status))
    swap.do(page, setup)
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
    return SwapResult(name, swap, status, barriers, focus, held, said)

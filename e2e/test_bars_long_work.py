"""What takes longer than a moment says so; what was answered at once never flickers."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import actions
from e2e.bar_table import record
from testing.seeding import Seeder, unique_word

PATIENCE = 0.3
#: How many seconds later a busy browser may be.
SLACK = 0.2
LONG = 1.2

#: Notes when a request or a form was sent, and when the page said that it is busy.
CLOCK = """
const seen = (name) => { if (!sessionStorage[name]) sessionStorage[name] = Date.now(); };
for (const event of ["htmx:beforeSend", "submit"])
  addEventListener(event, () => seen("sent"));
new MutationObserver(() => {
  if (document.querySelector(".busy") && document.querySelector("[aria-busy=true]")
      && document.getElementById("live").textContent === "Working…") seen("busy");
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""


def answered_after(seconds: float) -> Callable[[Route], None]:
    def answer_route(route: Route) -> None:
        time.sleep(seconds)
        route.continue_()

    return answer_route


def line(page: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    actions.add_line(page, product.sku)
    expect(actions.desk_row(page, product)).to_be_visible()


def note(page: Page, seeder: Seeder) -> None:
    page.get_by_role("textbox", name="Note").fill("Ring twice")
    page.get_by_role("textbox", name="Note").press("Tab")
    actions.expect_note_saved(page, "Ring twice")


def search(page: Page, seeder: Seeder) -> None:
    actions.search(page, unique_word())
    expect(page.get_by_text("No product is found by that.")).to_be_visible()


def form(page: Page, seeder: Seeder) -> None:
    actions.fill_form(page, name=f"Ada {unique_word()}")
    actions.expect_said(page, "was created.")


Work = Callable[[Page, Seeder], None]

#: What is done on which page, and the address that is slow.
WORK: dict[Work, tuple[str, str]] = {
    line: ("an order", r"/lines/$"),
    note: ("an order", r"/note/$"),
    search: ("/products/", r"/products/\?.*q=z"),
    form: ("/customers/new/", r"/customers/new/$"),
}


@pytest.fixture
def watched(open_page) -> Callable[[str], Page]:
    def watch(path: str) -> Page:
        page: Page = open_page("clerk")
        page.add_init_script(CLOCK)
        if path == "an order":
            actions.new_order(page)
        else:
            page.goto(path)
        page.evaluate("sessionStorage.clear()")
        return page

    return watch


def waited(page: Page) -> float | None:
    """Returns the seconds from sending until the page says that it is busy; None if it never did."""
    sent, busy = (page.evaluate(f"Number(sessionStorage.{name} ?? 0)") for name in ("sent", "busy"))
    assert sent
    return (busy - sent) / 1000 if busy else None


@pytest.mark.parametrize("work", WORK)
def test_work_that_lasts_says_so(watched, seeder: Seeder, work: Work) -> None:
    path, address = WORK[work]
    page: Page = watched(path)
    page.route(re.compile(address), answered_after(LONG), times=1)
    work(page, seeder)
    after = waited(page)
    figure = "never" if after is None else f"{after:.2f} s"
    record(f"long work: busy state of a {work.__name__}", figure, f"after {PATIENCE} s")
    assert after is not None
    assert PATIENCE <= after <= PATIENCE + SLACK
    expect(page.locator(".busy, [aria-busy]")).to_have_count(0)
    expect(page.locator("#live")).not_to_have_text("Working…")


@pytest.mark.parametrize("work", WORK)
def test_work_that_is_done_at_once_says_nothing(watched, seeder: Seeder, work: Work) -> None:
    page: Page = watched(WORK[work][0])
    work(page, seeder)
    assert waited(page) is None


def test_no_page_takes_a_file(manager: Page) -> None:
    """An import in the browser would last: with the first field for a file, this bar is to be built.

    `manage.py import_orders` can be stopped and run again: shop/files/tests/test_import_runs.py holds that.
    """
    for path in ("/", "/orders/", "/customers/", "/products/", "/customers/new/", "/products/new/"):
        manager.goto(path)
        expect(manager.locator("input[type=file]")).to_have_count(0)
    absent = "not built: no work in the browser lasts that long"
    record("long work: percentage and cancel", absent, "after 10 s")
    record("long work: a 10,000-row import", absent, "left and found again")

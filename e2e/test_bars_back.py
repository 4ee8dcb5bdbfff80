"""Back shows a full page as things stand now, and nothing private to whoever comes next.

Twice: in Chromium as tests usually run it, which loads every page again, and as staff may have it,
where it keeps even pages that forbid it (`no-store`) and shows them as they were.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Locator, Page, expect

from e2e import actions
from e2e.actions import Line
from e2e.measured import record
from e2e.shelf import Shelf

KEEPING = "CacheControlNoStoreEnterBackForwardCache:level/restore-unless-http-only-cookie-change"
#: Counts how often the browser showed a page that it had kept.
COUNTER = """
addEventListener("pageshow", (event) => {
  if (event.persisted) sessionStorage.kept = Number(sessionStorage.kept ?? 0) + 1;
}, true);
"""
#: What is not text of a page: htmx's note of the address, our counter.
HARMLESS = {"htmx-current-path-for-history", "kept"}


@pytest.fixture(scope="module")
def keeping_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    arguments = [*browser_type_launch_args["args"], f"--enable-features=BackForwardCache,{KEEPING}"]
    launch = browser_type_launch_args | {"args": arguments}
    browser = browser_type.launch(**launch, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.fixture(params=["loads pages again", "keeps pages"])
def way(request: pytest.FixtureRequest) -> str:
    """What the browser does on Back."""
    name: str = request.param
    return name


@pytest.fixture
def tab(
    way: str,
    browser: Browser,
    keeping_browser: Browser,
    base_url: str,
    sessions: Callable[[str, str], Any],
) -> Iterator[Page]:
    """A clerk's page in a browser that goes back in this way."""
    used = keeping_browser if way == "keeps pages" else browser
    context = used.new_context(base_url=base_url, storage_state=sessions("clerk", base_url))
    page = context.new_page()
    page.add_init_script(COUNTER)
    page.set_default_timeout(10_000)
    yield page
    context.close()


def becomes(shown: Locator, text: str) -> str:
    """What is shown when it is that, or at last."""
    with suppress(AssertionError):
        expect(shown).to_have_text(text)
    return shown.inner_text()


def is_kept(page: Page) -> bool:
    """Whether the browser has shown a page that it had kept."""
    return page.evaluate("sessionStorage.kept") is not None


def test_back_to_a_list_shows_it_filtered_and_as_it_is_now(tab: Page, shelf: Shelf, way: str) -> None:
    product = shelf.product(price="10.00")
    tab.goto("/products/")
    actions.search(tab, product.sku)
    expect(tab).to_have_url(re.compile(f"q={product.sku}"))
    tab.reload()  # a browser keeps no page that a script loaded something into
    actions.rows(tab).get_by_role("link").click()
    expect(tab.get_by_role("heading", name=product.name)).to_be_visible()
    shelf.set_price(product, "11.50")
    tab.go_back(wait_until="commit")
    price = becomes(actions.rows(tab).locator("td").nth(1), "$11.50")
    record(f"Back: to a filtered list, a browser that {way}", price, "full and current: $11.50")
    expect(actions.rows(tab)).to_have_count(1)
    assert price == "$11.50"
    expect(tab.get_by_role("searchbox", name="Search")).to_have_value(product.sku)
    expect(tab.get_by_role("navigation", name="Main")).to_be_visible()
    assert is_kept(tab) == (way == "keeps pages")


def test_back_to_an_order_shows_what_others_added(tab: Page, manager: Page, shelf: Shelf, way: str) -> None:
    mine, theirs = shelf.product(price="5.00"), shelf.product(price="6.00")
    tab.goto("/")
    reference = actions.new_order(tab)
    actions.add_line(tab, mine.sku)
    expect(actions.desk_row(tab, mine)).to_be_visible()
    tab.reload()
    tab.get_by_role("link", name="Orders").click()
    expect(tab.get_by_role("heading", name="Orders")).to_be_visible()
    actions.open_order(manager, reference)
    actions.add_line(manager, theirs.sku)
    expect(actions.desk_row(manager, theirs)).to_be_visible()
    tab.go_back(wait_until="commit")
    shown = becomes(tab.locator("#subtotal"), "$11.00")
    record(f"Back: to an order changed meanwhile, a browser that {way}", shown, "full and current: $11.00")
    actions.expect_desk(tab, Line(mine, 1, "$5.00"), Line(theirs, 1, "$6.00"), subtotal="$11.00")
    assert is_kept(tab) == (way == "keeps pages")
    expect(tab.get_by_role("navigation", name="Main")).to_be_visible()


def test_back_after_signing_out_shows_the_sign_in(
    open_page, shelf: Shelf, keeping_browser: Browser, browser: Browser, base_url: str, way: str
) -> None:
    customer = shelf.customer()
    used = keeping_browser if way == "keeps pages" else browser
    # A session of its own, because it ends.
    page = used.new_context(base_url=base_url).new_page()
    actions.sign_in(page, "clerk")
    page.goto(customer.url)
    expect(page.get_by_role("heading", name=customer.name)).to_be_visible()
    actions.sign_out(page)
    page.go_back(wait_until="commit")
    title = becomes(page.get_by_role("heading", level=1), "Sign in")
    record(f"Back: after signing out, a browser that {way}", title, "Sign in")
    page.context.close()
    assert title == "Sign in"


def test_no_page_may_be_stored_and_no_script_keeps_one(open_page, shelf: Shelf) -> None:
    page: Page = open_page("clerk")
    reference = actions.take_order(page, (shelf.product(), 1), customer=shelf.customer().phone[-4:])
    page.goto("/customers/")
    actions.search(page, "ada")
    expect(actions.rows(page).first).to_be_visible()
    stored = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    record("Back: pages in the scripts' history cache", str(len(set(stored) - HARMLESS)), "0")
    assert not set(stored) - HARMLESS
    order = f"/orders/{reference}/"
    paths = ["/", "/customers/", "/customers/new/", "/products/", "/orders/", order, f"{order}print/"]
    allowed = [path for path in paths if not _is_forbidden(page, path)]
    record(f"Back: pages of {len(paths)} that may be stored", str(len(allowed)), "0, by no-store")
    assert not allowed


def _is_forbidden(page: Page, path: str) -> bool:
    answer = page.goto(path)
    assert answer
    return {"no-store", "private"} <= set(answer.headers["cache-control"].split(", "))

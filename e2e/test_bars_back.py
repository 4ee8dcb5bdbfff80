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

from e2e import actions, browsers
from e2e.actions import Line
from e2e.bar_table import record
from testing.seeding import Seeder

LOADS, KEEPS = "loads pages again", "keeps pages"
KEEPING = "CacheControlNoStoreEnterBackForwardCache:level/restore-unless-http-only-cookie-change"
#: Counts how often the browser showed a page that it had kept.
COUNTER = """
addEventListener("pageshow", (event) => {
  if (event.persisted) sessionStorage.kept = Number(sessionStorage.kept ?? 0) + 1;
}, true);
"""
#: How often a browser that keeps pages may keep none: while memory is short, or when the page happened
#: to ask for something just before it was left.
TRIES = 3
#: What is not text of a page: htmx's note of the address, our counter.
HARMLESS = {"htmx-current-path-for-history", "kept"}


@pytest.fixture(scope="module")
def keeping_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    arguments = [*browser_type_launch_args["args"], f"--enable-features=BackForwardCache,{KEEPING}"]
    launch = browser_type_launch_args | browsers.get_full_options() | {"args": arguments}
    browser = browser_type.launch(**launch, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.fixture(params=[LOADS, KEEPS])
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
    used = keeping_browser if way == KEEPS else browser
    context = used.new_context(base_url=base_url, storage_state=sessions("clerk", base_url))
    page = context.new_page()
    page.add_init_script(COUNTER)
    page.set_default_timeout(10_000)
    yield page
    context.close()


def read_text_or_last(locator: Locator, text: str) -> str:
    """Waits for this text. Returns the text that is there then, or after the timeout."""
    with suppress(AssertionError):
        expect(locator).to_have_text(text)
    return locator.inner_text()


def as_it_does(tab: Page, way: str, away_and_back: Callable[[int], None]) -> None:
    """Goes away and back, numbered from 1: once, but again while a browser that keeps pages kept none."""
    reasons = why_not_kept(tab)
    for time in range(1, 1 + (TRIES if way == KEEPS else 1)):
        away_and_back(time)
        is_kept = tab.evaluate("sessionStorage.kept") is not None
        if is_kept == (way == KEEPS):
            return
    raise AssertionError("\n".join([f"This is no browser that {way}:", *reasons]))


def why_not_kept(page: Page) -> list[str]:
    """What the browser says, from now on, of each page that it loads again on Back."""
    reasons: list[str] = []

    def note(event: dict[str, Any]) -> None:
        reasons.append(", ".join(explanation["reason"] for explanation in event["notRestoredExplanations"]))

    session = page.context.new_cdp_session(page)
    session.on("Page.backForwardCacheNotUsed", note)
    session.send("Page.enable")
    return reasons


def test_back_to_a_list_shows_it_filtered_and_as_it_is_now(tab: Page, seeder: Seeder, way: str) -> None:
    product = seeder.make_product(price="10.00")
    tab.goto("/products/")
    actions.search(tab, product.sku)
    expect(tab).to_have_url(re.compile(f"q={product.sku}"))

    def away_and_back(time: int) -> None:
        now = f"{10 + time}.50"
        tab.reload()  # a browser keeps no page that a script loaded something into
        actions.rows(tab).get_by_role("link").click()
        expect(tab.get_by_role("heading", name=product.name)).to_be_visible()
        seeder.set_price(product, now)
        tab.go_back(wait_until="commit")
        price = read_text_or_last(actions.rows(tab).locator("td").nth(1), f"${now}")
        record(f"Back: to a filtered list, a browser that {way}", price, f"full and current: ${now}")
        expect(actions.rows(tab)).to_have_count(1)
        assert price == f"${now}"
        expect(tab.get_by_role("searchbox", name="Search")).to_have_value(product.sku)
        expect(tab.get_by_role("navigation", name="Main")).to_be_visible()

    as_it_does(tab, way, away_and_back)


def test_back_to_an_order_shows_what_others_added(tab: Page, manager: Page, seeder: Seeder, way: str) -> None:
    mine, theirs = seeder.make_product(price="5.00"), seeder.make_product(price="6.00")
    tab.goto("/")
    reference = actions.new_order(tab)
    actions.add_line(tab, mine.sku)
    expect(actions.desk_row(tab, mine)).to_be_visible()
    actions.open_order(manager, reference)

    def away_and_back(time: int) -> None:
        now = f"${5 + 6 * time}.00"
        tab.reload()
        tab.get_by_role("link", name="Orders").click()
        expect(tab.get_by_role("heading", name="Orders")).to_be_visible()
        actions.add_line(manager, theirs.sku)
        expect(manager.locator("#subtotal")).to_have_text(now)
        tab.go_back(wait_until="commit")
        subtotal = read_text_or_last(tab.locator("#subtotal"), now)
        record(
            f"Back: to an order changed meanwhile, a browser that {way}", subtotal, f"full and current: {now}"
        )
        lines = Line(mine, 1, "$5.00"), Line(theirs, time, f"${6 * time}.00")
        actions.expect_desk(tab, *lines, subtotal=now)
        expect(tab.get_by_role("navigation", name="Main")).to_be_visible()

    as_it_does(tab, way, away_and_back)


def test_back_after_signing_out_shows_the_sign_in(
    open_page, seeder: Seeder, keeping_browser: Browser, browser: Browser, base_url: str, way: str
) -> None:
    customer = seeder.make_customer()
    used = keeping_browser if way == KEEPS else browser
    # A session of its own, because it ends.
    page = used.new_context(base_url=base_url).new_page()
    actions.sign_in(page, "clerk")
    page.goto(customer.url)
    expect(page.get_by_role("heading", name=customer.name)).to_be_visible()
    actions.sign_out(page)
    page.go_back(wait_until="commit")
    title = read_text_or_last(page.get_by_role("heading", level=1), "Sign in")
    record(f"Back: after signing out, a browser that {way}", title, "Sign in")
    page.context.close()
    assert title == "Sign in"


def test_no_page_may_be_stored_and_no_script_keeps_one(open_page, seeder: Seeder) -> None:
    page: Page = open_page("clerk")
    reference = actions.take_order(
        page, (seeder.make_product(), 1), customer=seeder.make_customer().phone[-4:]
    )
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

"""What pages weigh on the wire and how often they ask, with few products and with many."""

import gzip
import re

from playwright.sync_api import Page, Response, expect

from e2e import actions
from e2e.bar_table import record
from e2e.filled_shops import FilledShop
from e2e.network_traffic import Exchange, NetworkTraffic, hosts

KB = 1000
SCRIPTS, STYLES, ORDER_PAGE, ADDED_LINE = 40 * KB, 35 * KB, 30 * KB, 6 * KB
COLD, WARM = 8, 2
#: Lines of a long order; the usual one has five.
LINES = 30


def kb(size: int) -> str:
    return f"{size / KB:.1f} KB"


def gzipped(answer: Response) -> int:
    """As the proxy of deploy/ sends a page; shop itself leaves pages as they are."""
    assert "content-encoding" not in answer.headers
    return len(gzip.compress(answer.body(), 6))


def long_draft(page: Page, filled: FilledShop) -> str:
    """Makes a draft of all lines but one. Returns its address."""
    items = [(filled.seeder.make_product(price="10.00"), 1) for _ in range(LINES - 1)]
    actions.open_order(page, filled.seeder.make_order(*items))
    actions.do(page, "Duplicate")
    expect(page.locator("#subtotal")).to_have_text("$290.00")
    return f"/orders/{actions.reference_of(page)}/"


def total(exchanges: list[Exchange], kind: str) -> int:
    """Returns the size of all exchanges of a kind. Expects each to be compressed by brotli."""
    same_kind = [exchange for exchange in exchanges if exchange.kind == kind]
    assert {exchange.encoding for exchange in same_kind} == {"br"}
    return sum(exchange.size for exchange in same_kind)


def test_scripts_and_styles_are_light(open_page, filled: FilledShop) -> None:
    page: Page = open_page("clerk", at=filled.server.url, path="about:blank")
    traffic = NetworkTraffic(page)
    # Each file is sent once, by the first page that wants it.
    for path in ("/", "/customers/", "/products/", "/orders/"):
        page.goto(path)
    page.goto(long_draft(page, filled))
    actions.review(page)
    actions.place(page)
    page.get_by_role("link", name="Print").click()
    sent = traffic.take()
    scripts, styles = total(sent, "Script"), total(sent, "Stylesheet")
    record(f"weight: JS of all pages, brotli, {filled.name}", kb(scripts), f"≤ {kb(SCRIPTS)}")
    record(f"weight: CSS of all pages, brotli, {filled.name}", kb(styles), f"≤ {kb(STYLES)}")
    assert scripts <= SCRIPTS
    assert styles <= STYLES


def test_an_order_and_a_line_added_to_it_are_light(open_page, filled: FilledShop) -> None:
    page: Page = open_page("clerk", at=filled.server.url)
    address = long_draft(page, filled)
    product = filled.seeder.make_product(price="10.00")
    traffic = NetworkTraffic(page)
    with page.expect_response(re.compile(r"/lines/$")) as added:
        actions.add_line(page, product.sku)
    expect(actions.desk_row(page, product)).to_be_visible()
    requests, line = traffic.take(), gzipped(added.value)
    opened = page.goto(address)
    assert opened
    whole = gzipped(opened)
    place = f"of {LINES} lines, gzip 6 as by the proxy, {filled.name}"
    record(f"weight: HTML of an order {place}", kb(whole), f"≤ {kb(ORDER_PAGE)}")
    record(f"weight: a line added, order {place}", kb(line), f"≤ {kb(ADDED_LINE)}")
    record(f"requests: for an added line, {filled.name}", str(len(requests)), "exactly 1")
    assert whole <= ORDER_PAGE
    assert line <= ADDED_LINE
    assert len(requests) == 1, requests


def test_a_page_asks_seldom_and_its_own_host_only(open_page, filled: FilledShop) -> None:
    draft = long_draft(open_page("clerk", at=filled.server.url), filled)
    counted: dict[str, tuple[int, int]] = {}
    strangers: set[str] = set()
    for path in ("/", "/orders/", "/customers/", "/products/", draft, f"{draft}review/"):
        # A context of its own has nothing in its cache.
        page: Page = open_page("clerk", at=filled.server.url, path="about:blank")
        traffic = NetworkTraffic(page)
        page.goto(path)
        cold = traffic.take()
        page.goto(path)
        warm = traffic.take()
        counted[path] = len(cold), len(warm)
        strangers |= hosts(cold + warm) - {filled.server.url.removeprefix("http://")}
    most_cold, most_warm = (max(counts) for counts in zip(*counted.values(), strict=True))
    record(f"requests: cold, the most of {len(counted)} pages, {filled.name}", str(most_cold), f"≤ {COLD}")
    record(f"requests: warm, the most of {len(counted)} pages, {filled.name}", str(most_warm), f"≤ {WARM}")
    record(f"requests: third-party hosts, {filled.name}", str(len(strangers)), "0")
    assert most_cold <= COLD, counted
    assert most_warm <= WARM, counted
    assert min(min(counts) for counts in counted.values()) >= 1, counted
    assert not strangers

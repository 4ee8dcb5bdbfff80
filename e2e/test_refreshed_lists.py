"""A list and the home page follow what others do by themselves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from testing.seeding import Seeder

#: A moment longer than the list waits before it asks again, in milliseconds.
ROUND = 15_500

#: A page, the name that it is filtered by, and a function that makes one more order.
RefreshedList = tuple[Page, str, Callable[[], str]]


@pytest.fixture
def refreshed(clerk: Page, seeder: Seeder) -> RefreshedList:
    """A list of one customer's order, the customer's name, and a function that makes one more order."""
    customer, product = seeder.make_customer(), seeder.make_product(price="2.00")
    seeder.make_order((product, 1), customer=customer)
    clerk.clock.install()
    clerk.goto(f"/orders/?customer={customer.name}")
    clerk.wait_for_load_state("networkidle")

    def make_order() -> str:
        return seeder.make_order((product, 1), customer=customer)

    return clerk, customer.name, make_order


def wait_a_round(page: Page) -> None:
    """Moves the clock by one refresh of the list."""
    page.clock.fast_forward(ROUND)
    page.wait_for_timeout(400)


def test_a_new_order_appears_and_focus_and_scroll_stay(refreshed: RefreshedList) -> None:
    page, _, make_order = refreshed
    link = actions.rows(page).first.get_by_role("rowheader").get_by_role("link")
    reference = link.inner_text()
    link.focus()
    page.set_viewport_size({"width": 400, "height": 400})
    page.evaluate("scrollTo(0, 300)")
    before = page.evaluate("scrollY")
    new = make_order()
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true") as asked:
        page.clock.fast_forward(ROUND)
    assert asked.value.status == 200
    expect(actions.rows(page)).to_have_count(2)
    expect(actions.rows(page).first).to_contain_text(new)
    actions.expect_focus(page, page.get_by_role("link", name=reference))
    assert page.evaluate("scrollY") == before
    expect(page.locator("#live")).to_have_text("")
    with page.expect_response(lambda answer: "if-none-match" in answer.request.headers) as asked:
        page.clock.fast_forward(ROUND)
    assert asked.value.status == 304
    actions.expect_focus(page, page.get_by_role("link", name=reference))


def type_half_a_word(page: Page) -> None:
    page.get_by_role("searchbox", name="Product").evaluate("field => { field.value = 'half a wo'; }")


def tick_an_order(page: Page) -> None:
    page.locator("tbody [name=order]").first.check()


def look_elsewhere(page: Page) -> None:
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")


def switch_refreshing_off(page: Page) -> None:
    page.get_by_role("checkbox", name="Refresh by itself").uncheck()


@pytest.mark.parametrize("act", [type_half_a_word, tick_an_order, look_elsewhere, switch_refreshing_off])
def test_the_list_keeps_still(refreshed: RefreshedList, act: Callable[[Page], None]) -> None:
    page, _, make_order = refreshed
    act(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    make_order()
    for _ in range(3):
        wait_a_round(page)
    assert asked == []
    expect(actions.rows(page)).to_have_count(1)


def test_a_tab_that_is_looked_at_again_is_current_at_once(refreshed: RefreshedList) -> None:
    page, _, make_order = refreshed
    look_elsewhere(page)
    make_order()
    wait_a_round(page)
    expect(actions.rows(page)).to_have_count(1)
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(actions.rows(page)).to_have_count(2)


def test_the_list_follows_the_filters_that_were_typed(refreshed: RefreshedList) -> None:
    page, name, make_order = refreshed
    page.goto("/orders/")
    actions.search(page, name, "Customer")
    expect(actions.rows(page)).to_have_count(1)
    new = make_order()
    page.clock.fast_forward(ROUND)
    expect(actions.rows(page)).to_have_count(2)
    expect(actions.rows(page).first).to_contain_text(new)
    actions.expect_focus(page, page.get_by_role("searchbox", name="Customer"))


def test_who_is_signed_out_is_asked_for_nothing_more(refreshed: RefreshedList) -> None:
    page, _, _ = refreshed
    page.context.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        wait_a_round(page)
    assert len(asked) == 1
    expect(actions.rows(page)).to_have_count(1)


def test_the_home_page_follows_too(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="2.00")
    clerk.clock.install()
    clerk.goto("/")
    new = seeder.make_order((product, 1))
    clerk.clock.fast_forward(ROUND)
    expect(clerk.get_by_role("region", name="Placed today").get_by_role("link", name=new)).to_be_visible()


def test_the_heading_of_the_home_page_has_the_day_of_its_figures(clerk: Page, seeder: Seeder) -> None:
    clerk.clock.install()
    clerk.goto("/")
    heading = clerk.get_by_role("heading", level=1)
    today = heading.inner_text()
    # As after midnight: the page was opened the day before.
    heading.evaluate("heading => { heading.textContent = 'Today, Sunday 31 December'; }")
    clerk.clock.fast_forward(ROUND)
    expect(heading).to_have_text(today)

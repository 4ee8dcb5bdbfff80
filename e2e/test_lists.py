"""Lists: saved views, many orders at once, and a list that follows by itself."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import accessibility, actions
from testing.seeding import Seeder, token

#: A moment longer than the list waits before it asks again, in milliseconds.
ROUND = 15_500


def box(page: Page, reference: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {reference}")


def outcome(page: Page, reference: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=reference)).locator("td").first


def bar(page: Page, button: str) -> Locator:
    return page.get_by_role("group", name="Selected orders").get_by_role("button", name=button)


def of_one_customer(seeder: Seeder, number: int) -> tuple[str, list[str]]:
    """A name that finds only these orders, and their references."""
    customer, product = seeder.make_customer(), seeder.make_product(price="2.00")
    return customer.name, [seeder.make_order((product, 1), customer=customer) for _ in range(number)]


def draft_of(page: Page, name: str) -> str:
    reference = actions.new_order(page)
    actions.choose_customer(page, name)
    actions.expect_customer(page, name)
    return reference


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def either(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    page: Page = open_page("clerk", java_script_enabled=request.param)
    return page


# --- Many orders at once


def test_orders_are_fulfilled_in_one_go_and_the_refused_one_is_told(either: Page, seeder: Seeder) -> None:
    name, [first, second] = of_one_customer(seeder, 2)
    draft = draft_of(either, name)
    either.goto(f"/orders/?customer={name}")
    for reference in (first, second, draft):
        box(either, reference).check()
    bar(either, "Fulfil…").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("Fulfil 2 orders?")
    reasons = either.get_by_role("region", name="This one stays as it is")
    expect(reasons).to_contain_text(f"{draft} is draft: only a placed order can be fulfilled.")
    either.get_by_role("button", name="Fulfil 2 orders").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("2 of 2 orders fulfilled")
    expect(outcome(either, first)).to_have_text("Fulfilled")
    either.get_by_role("button", name="Undo: put all 2 back to placed").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("2 of 2 orders placed")
    either.get_by_role("link", name="Back to the list").click()
    expect(either).to_have_url(re.compile(r"/orders/\?customer="))
    expect(actions.rows(either)).to_have_count(3)
    expect(actions.rows(either).filter(has_text=first)).to_contain_text("Placed")


def test_what_happened_meanwhile_is_told_row_by_row(clerk: Page, manager: Page, seeder: Seeder) -> None:
    name, [first, second] = of_one_customer(seeder, 2)
    clerk.goto(f"/orders/?customer={name}")
    clerk.get_by_role("checkbox", name="Select all on this page").check()
    bar(clerk, "Cancel…").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("Cancel 2 orders?")
    actions.open_order(manager, first)
    actions.do(manager, "Fulfil")
    actions.expect_status(manager, "Fulfilled")
    clerk.get_by_role("button", name="Cancel 2 orders").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("1 of 2 orders cancelled")
    expect(outcome(clerk, first)).to_have_text(
        f"Not cancelled. {first} was fulfilled. A manager can cancel it."
    )
    expect(outcome(clerk, second)).to_have_text("Cancelled")
    clerk.reload()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("1 of 2 orders cancelled")
    clerk.get_by_role("button", name=f"Duplicate {second}").click()
    actions.expect_status(clerk, "Draft")


def test_all_of_it_works_with_the_keyboard(clerk: Page, seeder: Seeder) -> None:
    name, made = of_one_customer(seeder, 3)
    clerk.goto(f"/orders/?customer={name}")
    everything = clerk.get_by_role("checkbox", name="Select all on this page")
    everything.focus()
    clerk.keyboard.press("Space")
    expect(clerk.locator("#live")).to_have_text("3 selected")
    expect(clerk.locator(".bulk-count")).to_have_text("3 selected")
    for _ in range(3):
        clerk.keyboard.press("Tab")
    box(clerk, made[1]).focus()
    clerk.keyboard.press("Space")
    expect(clerk.locator("#live")).to_have_text("2 selected")
    assert everything.evaluate("box => box.indeterminate")
    bar(clerk, "Fulfil…").focus()
    clerk.keyboard.press("Enter")
    actions.expect_focus(clerk, clerk.get_by_role("button", name="Fulfil 2 orders"))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("heading", level=1)).to_have_text("2 of 2 orders fulfilled")


def test_nothing_selected_is_told_and_leads_back(either: Page, seeder: Seeder) -> None:
    name, _ = of_one_customer(seeder, 1)
    either.goto(f"/orders/?customer={name}")
    bar(either, "Cancel…").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("No order is selected")
    either.get_by_role("link", name="Back to the list").click()
    expect(actions.rows(either)).to_have_count(1)


def test_selected_orders_are_printed_on_a_sheet_each(either: Page, seeder: Seeder) -> None:
    name, [first, second, _] = of_one_customer(seeder, 3)
    either.goto(f"/orders/?customer={name}")
    for reference in (first, second):
        box(either, reference).check()
    bar(either, "Print").click()
    expect(either.get_by_role("article")).to_have_count(2)
    expect(either.get_by_role("article", name=f"Order {first}")).to_contain_text("$2.00")
    either.emulate_media(media="print")
    expect(either.get_by_role("heading", name="2 orders to print")).to_be_hidden()
    breaks = "sheets => sheets.map(sheet => getComputedStyle(sheet).breakBefore)"
    assert either.get_by_role("article").evaluate_all(breaks) == ["auto", "page"]


def test_selected_orders_and_all_that_is_found_are_exported(either: Page, seeder: Seeder) -> None:
    name, [first, second, third] = of_one_customer(seeder, 3)
    either.goto(f"/orders/?customer={name}")
    for reference in (first, second):
        box(either, reference).check()

    def exported(control: Locator) -> list[str]:
        with either.expect_download() as download:
            control.click()
        assert re.fullmatch(r"orders-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
        text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert {(row["Customer"], row["Total"]) for row in rows} == {(name, "2.00")}
        return [row["Order"] for row in rows]

    assert exported(bar(either, "Export")) == [second, first]
    everything = either.get_by_role("link", name="Export all that these filters find (CSV)")
    assert exported(everything) == [third, second, first]


# --- Saved views


def test_a_view_is_saved_renamed_overwritten_and_deleted(either: Page, seeder: Seeder) -> None:
    name, _ = of_one_customer(seeder, 1)
    view = f"View {token()}"
    either.goto(f"/orders/?customer={name}&status=placed")
    views = either.get_by_role("navigation", name="Saved views")
    views.get_by_role("link", name="Save this view").click()
    expect(either.get_by_label("Name", exact=True)).to_be_focused()
    either.get_by_label("Name", exact=True).fill(view)
    either.get_by_role("button", name="Save").click()
    actions.expect_said(either, f"“{view}” was saved.")
    expect(views.get_by_role("link", name=view)).to_have_attribute("aria-current", "page")
    either.goto("/orders/")
    expect(views.get_by_role("link", name="All")).to_have_attribute("aria-current", "page")
    views.get_by_role("link", name=view).click()
    expect(actions.rows(either)).to_have_count(1)
    expect(either.get_by_label("Status")).to_have_value("placed")

    either.goto("/orders/views/")
    either.get_by_label(f"New name of {view}").fill(f"{view} too")
    either.get_by_role("button", name=f"Rename {view}").click()
    actions.expect_said(either, f"“{view}” is called “{view} too” now.")
    either.get_by_role("button", name=f"Delete {view} too").click()
    actions.expect_said(either, f"“{view} too” was deleted.")
    expect(either.get_by_label("Name", exact=True)).to_have_value(f"{view} too")
    either.get_by_role("button", name="Save").click()
    expect(views.get_by_role("link", name=f"{view} too")).to_have_attribute("aria-current", "page")
    either.goto("/orders/views/")
    either.get_by_role("button", name=f"Delete {view} too").click()
    expect(either.get_by_role("link", name=f"{view} too")).to_have_count(0)


def test_the_link_to_save_follows_the_filters_without_a_new_page(clerk: Page, seeder: Seeder) -> None:
    name, _ = of_one_customer(seeder, 1)
    clerk.goto("/orders/")
    actions.search(clerk, name, "Customer")
    expect(actions.rows(clerk)).to_have_count(1)
    clerk.get_by_role("link", name="Save this view").click()
    expect(clerk.locator(".fields")).to_contain_text(name)


def test_a_manager_shares_a_view_and_a_clerk_uses_it(clerk: Page, manager: Page) -> None:
    view = f"Low {token()}"
    manager.goto("/products/views/?stock=low")
    manager.get_by_label("Name", exact=True).fill(view)
    manager.get_by_role("checkbox", name="For everybody").check()
    manager.get_by_role("button", name="Save").click()
    clerk.goto("/products/")
    clerk.get_by_role("link", name=view).click()
    expect(clerk.get_by_label("Stock")).to_have_value("low")
    clerk.get_by_role("link", name="Edit views").click()
    expect(clerk.get_by_role("checkbox", name="For everybody")).to_have_count(0)
    expect(clerk.get_by_role("button", name=f"Delete {view}")).to_have_count(0)
    manager.goto("/products/views/")
    manager.get_by_role("button", name=f"Delete {view}").click()


# --- The list follows by itself


@pytest.fixture
def following(clerk: Page, seeder: Seeder) -> tuple[Page, str, Callable[[], str]]:
    """A list of one customer's order with a clock to be moved, the customer's name, and "one more order"."""
    customer, product = seeder.make_customer(), seeder.make_product(price="2.00")
    seeder.make_order((product, 1), customer=customer)
    clerk.clock.install()
    clerk.goto(f"/orders/?customer={customer.name}")
    clerk.wait_for_load_state("networkidle")

    def more() -> str:
        return seeder.make_order((product, 1), customer=customer)

    return clerk, customer.name, more


Following = tuple[Page, str, Callable[[], str]]


def wait(page: Page) -> None:
    """Lets the list ask once, if it wants to."""
    page.clock.fast_forward(ROUND)
    page.wait_for_timeout(400)


def test_a_new_order_appears_and_focus_and_scroll_stay(following: Following) -> None:
    page, _, more = following
    link = actions.rows(page).first.get_by_role("rowheader").get_by_role("link")
    reference = link.inner_text()
    link.focus()
    page.set_viewport_size({"width": 400, "height": 400})
    page.evaluate("scrollTo(0, 300)")
    before = page.evaluate("scrollY")
    new = more()
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


def _types(page: Page) -> None:
    page.get_by_role("searchbox", name="Product").evaluate("field => { field.value = 'half a wo'; }")


def _ticks(page: Page) -> None:
    page.locator("tbody [name=order]").first.check()


def _looks_elsewhere(page: Page) -> None:
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")


def _wants_it_still(page: Page) -> None:
    page.get_by_role("checkbox", name="Refresh by itself").uncheck()


@pytest.mark.parametrize("hands", [_types, _ticks, _looks_elsewhere, _wants_it_still])
def test_the_list_keeps_still(following: Following, hands: Callable[[Page], None]) -> None:
    page, _, more = following
    hands(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    more()
    for _ in range(3):
        wait(page)
    assert asked == []
    expect(actions.rows(page)).to_have_count(1)


def test_a_tab_that_is_looked_at_again_is_current_at_once(following: Following) -> None:
    page, _, more = following
    _looks_elsewhere(page)
    more()
    wait(page)
    expect(actions.rows(page)).to_have_count(1)
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(actions.rows(page)).to_have_count(2)


def test_the_list_follows_the_filters_that_were_typed(following: Following) -> None:
    page, name, more = following
    page.goto("/orders/")
    actions.search(page, name, "Customer")
    expect(actions.rows(page)).to_have_count(1)
    new = more()
    page.clock.fast_forward(ROUND)
    expect(actions.rows(page)).to_have_count(2)
    expect(actions.rows(page).first).to_contain_text(new)
    actions.expect_focus(page, page.get_by_role("searchbox", name="Customer"))


def test_who_is_signed_out_is_asked_for_nothing_more(following: Following) -> None:
    page, _, _ = following
    page.context.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        wait(page)
    assert len(asked) == 1
    expect(actions.rows(page)).to_have_count(1)


def test_the_home_page_follows_too(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="2.00")
    clerk.clock.install()
    clerk.goto("/")
    new = seeder.make_order((product, 1))
    clerk.clock.fast_forward(ROUND)
    expect(clerk.get_by_role("region", name="Placed today").get_by_role("link", name=new)).to_be_visible()


# --- No barrier


def test_the_pages_of_lists_have_no_barrier(manager: Page, seeder: Seeder) -> None:
    name, [first, second] = of_one_customer(seeder, 2)
    view = token()
    manager.goto(f"/orders/views/?customer={name}&sort=largest")
    accessibility.check(manager)
    manager.get_by_role("button", name="Save").click()
    expect(manager.locator(".invalid-feedback")).to_be_visible()
    accessibility.check(manager)
    manager.get_by_label("Name", exact=True).fill(view)
    manager.get_by_role("button", name="Save").click()
    box(manager, first).check()
    accessibility.check(manager)
    chosen = f"order={first}&order={second}&order=AAA-2222"
    manager.goto(f"/orders/print/?{chosen}")
    accessibility.check(manager)
    for action in ("fulfil", "cancel"):
        manager.goto(f"/orders/bulk/?action={action}&{chosen}")
        accessibility.check(manager)
        manager.get_by_role("button", name=re.compile(f"{action} 2 orders", re.IGNORECASE)).click()
        expect(manager.get_by_role("heading", level=1)).to_contain_text("2 of 2")
        accessibility.check(manager)
    manager.goto("/orders/bulk/?action=fulfil")
    accessibility.check(manager)
    manager.goto("/orders/views/")
    manager.get_by_label(f"New name of {view}").fill("")
    manager.get_by_role("button", name=f"Rename {view}").click()
    expect(manager.get_by_role("alert")).to_be_visible()
    accessibility.check(manager)
    manager.goto("/orders/views/")
    manager.get_by_role("button", name=f"Delete {view}").click()
    accessibility.check(manager)

"""When something fails, the page says so, keeps what was typed, and nothing is done twice."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import actions
from e2e.actions import Line
from e2e.pickers import scan
from testing.seeding import Seeder, unique_word
from testing.servers import Server

LINES = re.compile(r"/lines/$")


@pytest.fixture
def fragile_server(server: Server) -> Iterator[Server]:
    """A server that a test may stop; it runs again afterwards."""
    yield server
    server.start()


def slow_down(page: Page, milliseconds: int) -> None:
    """Delays every answer by `milliseconds`."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def not_saved(page: Page) -> None:
    expect(page.locator("#notices")).to_contain_text("Not saved")
    expect(page.locator("#live")).to_contain_text("Not saved")


def try_again(page: Page) -> None:
    page.get_by_role("button", name="Try again").click()


def test_an_unknown_address_is_a_page_that_leads_home(clerk: Page) -> None:
    for path in ("/nowhere/", "/orders/ZZZ-ZZZZ/", "/customers/999999999999/", "/products/?after=nonsense"):
        answer = clerk.goto(path)
        assert answer
        assert answer.status == 404
        expect(clerk.get_by_role("heading", name="There is nothing here")).to_be_visible()
    clerk.get_by_role("link", name="To the home page").click()
    expect(clerk.get_by_role("heading", name="Today,")).to_be_visible()


def test_a_form_that_outlived_its_session_is_sent_after_signing_in_again(clerk: Page) -> None:
    name = f"Zoë {unique_word()}"
    clerk.goto("/customers/new/")
    clerk.get_by_label("Name").fill(name)
    clerk.get_by_label("Note").fill("rings twice")
    clerk.context.clear_cookies(name="sessionid")
    clerk.get_by_role("button", name="Save").click()
    expect(clerk.get_by_role("heading", name="Your sign-in has ended")).to_be_visible()

    with clerk.expect_popup() as opened:
        clerk.get_by_role("link", name="Sign in").click()
    actions.sign_in(opened.value, "clerk")
    opened.value.close()
    clerk.get_by_role("button", name="Send it").click()
    # The token of before was not good any more; the page came back with a new one.
    clerk.get_by_role("button", name="Send it").click()

    expect(clerk.get_by_role("heading", name=name)).to_be_visible()
    expect(clerk.get_by_text("rings twice")).to_be_visible()


def test_an_expired_session_leads_to_sign_in_and_back_to_the_draft_and_the_line(
    clerk: Page, seeder: Seeder
) -> None:
    product = seeder.make_product(price="10.00")
    reference = actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    clerk.context.clear_cookies(name="sessionid")
    actions.add_line(clerk, product.sku)
    expect(clerk.get_by_role("heading", name="Sign in")).to_be_visible()
    actions.sign_in(clerk, "clerk")
    assert actions.reference_of(clerk) == reference
    # What was scanned while the session had ended is added now, once.
    actions.expect_desk(clerk, Line(product, 2, "$20.00"), subtotal="$20.00")
    clerk.reload()
    actions.expect_desk(clerk, Line(product, 2, "$20.00"), subtotal="$20.00")


def test_a_server_that_is_away_loses_nothing(clerk: Page, seeder: Seeder, fragile_server: Server) -> None:
    product, other = seeder.make_product(price="10.00"), seeder.make_product(price="1.00")
    actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    fragile_server.stop()
    scan(clerk, f"2*{other.sku}")
    not_saved(clerk)
    expect(clerk.locator("#notices")).to_contain_text(f"2*{other.sku}")
    try_again(clerk)
    not_saved(clerk)
    fragile_server.start()
    try_again(clerk)
    actions.expect_desk(clerk, Line(product, 1, "$10.00"), Line(other, 2, "$2.00"), subtotal="$12.00")
    expect(clerk.locator("#notices")).to_be_empty()
    clerk.reload()
    actions.expect_desk(clerk, Line(product, 1, "$10.00"), Line(other, 2, "$2.00"), subtotal="$12.00")


def test_an_answer_that_is_lost_adds_the_line_once(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    actions.new_order(clerk)

    def lose_the_answer(route: Route) -> None:
        assert route.fetch().status == 200
        route.abort()

    clerk.route(LINES, lose_the_answer, times=1)
    actions.add_line(clerk, f"3*{product.sku}")
    not_saved(clerk)
    try_again(clerk)
    actions.expect_desk(clerk, Line(product, 3, "$30.00"), subtotal="$30.00")


def test_a_busy_database_says_so_and_can_be_tried_again(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    actions.new_order(clerk)
    clerk.route(LINES, lambda route: route.fulfill(status=503, body="busy"), times=1)
    actions.add_line(clerk, product.sku)
    not_saved(clerk)
    try_again(clerk)
    actions.expect_desk(clerk, Line(product, 1, "$10.00"), subtotal="$10.00")


def test_a_customer_that_could_not_be_set_can_be_tried_again(clerk: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    actions.new_order(clerk)
    clerk.route(re.compile("/customer/$"), lambda route: route.abort(), times=1)
    actions.choose_customer(clerk, customer.phone[-4:])
    not_saved(clerk)
    expect(actions.customer_field(clerk)).to_have_value(customer.phone[-4:])
    try_again(clerk)
    actions.expect_customer(clerk, customer.name)


def test_a_scanner_is_never_too_fast(clerk: Page, seeder: Seeder) -> None:
    items = [seeder.make_product(price="1.00") for _ in range(5)]
    actions.new_order(clerk)
    slow_down(clerk, 250)
    actions.add_field(clerk).focus()
    scan(clerk, *(product.sku for product in items))
    clerk.keyboard.press("Control+Enter")
    clerk.get_by_role("button", name="Place for $5.00").click()
    actions.expect_status(clerk, "Placed")
    actions.expect_paper(clerk, *(Line(product, 1, "$1.00") for product in items), subtotal="$5.00")


def test_an_unknown_code_is_looked_at_before_the_review(clerk: Page, seeder: Seeder) -> None:
    product, unknown = seeder.make_product(price="1.00"), unique_word()
    actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    actions.add_field(clerk).fill(unknown)
    clerk.keyboard.press("Control+Enter")
    expect(clerk.get_by_role("alert")).to_contain_text(f"Nothing is called “{unknown}”.")
    expect(actions.add_field(clerk)).to_have_value(unknown)
    actions.expect_status(clerk, "Draft")


def test_a_quantity_still_in_its_field_is_saved_before_the_review(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    clerk.get_by_role("textbox", name=f"Quantity of {product.name}").fill("7")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.get_by_role("button", name="Place for $7.00")).to_be_visible()


def test_a_refused_quantity_stays_in_its_field_until_it_is_mended(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    field = clerk.get_by_role("textbox", name=f"Quantity of {product.name}")
    field.fill("12o")
    field.press("Enter")
    expect(clerk.get_by_role("alert")).to_contain_text("Enter a whole number")
    expect(field).to_have_value("12o")
    expect(field).to_have_attribute("aria-invalid", "true")
    actions.expect_focus(clerk, field)
    # What is stored is one: only the refused text goes away.
    for quantity in (1, 12):
        actions.set_quantity(clerk, product, quantity)
        actions.expect_desk(clerk, Line(product, quantity, f"${quantity}.00"), subtotal=f"${quantity}.00")
        expect(field).not_to_have_attribute("aria-invalid", "true")


def test_the_same_code_scanned_five_times_counts_five(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    actions.new_order(clerk)
    slow_down(clerk, 100)
    actions.add_field(clerk).focus()
    scan(clerk, *[product.sku] * 5)
    actions.expect_desk(clerk, Line(product, 5, "$5.00"), subtotal="$5.00")


def test_an_unknown_code_between_good_ones_is_not_lost(clerk: Page, seeder: Seeder) -> None:
    first, last, unknown = seeder.make_product(price="1.00"), seeder.make_product(price="2.00"), unique_word()
    actions.new_order(clerk)
    slow_down(clerk, 150)
    actions.add_field(clerk).focus()
    scan(clerk, first.sku, unknown, last.sku)
    actions.expect_desk(clerk, Line(first, 1, "$1.00"), Line(last, 1, "$2.00"), subtotal="$3.00")
    expect(actions.add_field(clerk)).to_have_value(unknown)
    actions.expect_focus(clerk, actions.add_field(clerk))

"""A scanner, which types fast and presses Enter: at the desk, outside of its fields, on other pages."""

import time

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from e2e.actions import Line
from e2e.bar_table import record
from e2e.pickers import open_desk, options, scan, watch_suggestions
from e2e.test_errors import LINES, not_saved, slow_down
from testing.seeding import Seeder, unique_word


def review(page: Page) -> None:
    """Opens the review page, and waits until its keys are there."""
    actions.review(page)
    expect(page.get_by_label("Payment", exact=True)).to_be_focused()


def test_twenty_scans_at_a_slow_server_arrive_in_order(clerk: Page, seeder: Seeder) -> None:
    items = [seeder.make_product(price="1.00") for _ in range(20)]
    open_desk(clerk)
    slow_down(clerk, 300)
    suggestions = watch_suggestions(clerk)
    field = actions.add_field(clerk)
    field.focus()
    began = time.monotonic()
    scan(clerk, *(product.sku for product in items))
    seconds = time.monotonic() - began
    actions.expect_focus(clerk, field)
    expect(clerk.locator("#desk-lines tbody tr")).to_have_count(20, timeout=20_000)
    lines = [Line(product, 1, "$1.00") for product in items]
    record("keys: scans that arrived, in order, at 300 ms an answer", f"20 in {seconds:.1f} s", "20 of 20")
    actions.expect_desk(clerk, *lines, subtotal="$20.00")
    actions.expect_focus(clerk, field)
    expect(field).to_have_value("")
    assert suggestions == []


@pytest.mark.parametrize("where", ["nowhere", "a button", "a link"])
def test_a_scan_outside_of_the_fields_is_a_line(clerk: Page, seeder: Seeder, where: str) -> None:
    # Its letters are shortcuts, and Enter would press what has the focus.
    product = seeder.make_product(sku=f"N{unique_word()}n/2".upper(), price="1.00")
    reference = open_desk(clerk)
    if where == "nowhere":
        clerk.evaluate("document.activeElement.blur()")
    else:
        name = {"a button": "Discard", "a link": "Customers"}[where]
        clerk.get_by_role("button" if where == "a button" else "link", name=name).focus()
    scan(clerk, product.sku)
    actions.expect_desk(clerk, Line(product, 1, "$1.00"), subtotal="$1.00")
    assert actions.reference_of(clerk) == reference
    actions.expect_status(clerk, "Draft")


def test_a_scan_on_the_review_places_nothing_and_is_added(clerk: Page, seeder: Seeder) -> None:
    first, second = seeder.make_product(price="1.00"), seeder.make_product(price="2.00")
    open_desk(clerk)
    actions.add_line(clerk, first.sku)
    expect(actions.desk_row(clerk, first)).to_be_visible()
    review(clerk)
    scan(clerk, second.sku)
    actions.expect_desk(clerk, Line(first, 1, "$1.00"), Line(second, 1, "$2.00"), subtotal="$3.00")
    actions.expect_status(clerk, "Draft")


def test_keys_that_a_busy_page_handles_late_are_a_scan(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    open_desk(clerk)
    clerk.evaluate("document.activeElement.blur()")
    scan(clerk, product.sku, stall=200)
    actions.expect_desk(clerk, Line(product, 1, "$1.00"), subtotal="$1.00")


def test_keys_that_a_busy_page_handles_late_are_no_part_of_what_is_typed(clerk: Page, seeder: Seeder) -> None:
    product, name = seeder.make_product(price="1.00"), f"Bell {unique_word()}"
    for _ in range(2):
        seeder.make_product(name)
    open_desk(clerk)
    field = actions.add_field(clerk)
    field.focus()
    clerk.keyboard.type(name)
    expect(options(clerk)).to_have_count(2)
    clerk.wait_for_timeout(100)
    scan(clerk, product.sku, stall=200)
    actions.expect_desk(clerk, Line(product, 1, "$1.00"), subtotal="$1.00")
    expect(field).to_have_value("")


def test_a_scan_where_no_order_is_open_says_so(clerk: Page) -> None:
    clerk.evaluate("document.activeElement.blur()")
    scan(clerk, "NN-1")
    actions.expect_said(clerk, "Scanned NN-1. Open an order to add it.")
    expect(clerk.locator("#live")).to_contain_text("Scanned NN-1")
    expect(clerk.get_by_role("heading", name="Today,")).to_be_visible()


def test_quick_scans_on_the_review_all_arrive(clerk: Page, seeder: Seeder) -> None:
    first, second, third = (seeder.make_product(price=price) for price in ("1.00", "2.00", "4.00"))
    open_desk(clerk)
    actions.add_line(clerk, first.sku)
    expect(actions.desk_row(clerk, first)).to_be_visible()
    review(clerk)
    # The desk does not come before the second scan.
    slow_down(clerk, 500)
    scan(clerk, second.sku, third.sku)
    lines = (Line(first, 1, "$1.00"), Line(second, 1, "$2.00"), Line(third, 1, "$4.00"))
    actions.expect_desk(clerk, *lines, subtotal="$7.00")


def test_a_scan_on_the_review_keeps_lines_that_wait_from_an_outage(clerk: Page, seeder: Seeder) -> None:
    first, waiting, last = (seeder.make_product(price=price) for price in ("1.00", "2.00", "4.00"))
    open_desk(clerk)
    actions.add_line(clerk, first.sku)
    expect(actions.desk_row(clerk, first)).to_be_visible()
    clerk.route(LINES, lambda route: route.abort(), times=1)
    actions.add_line(clerk, waiting.sku)
    not_saved(clerk)
    review(clerk)
    scan(clerk, last.sku)
    lines = (Line(first, 1, "$1.00"), Line(waiting, 1, "$2.00"), Line(last, 1, "$4.00"))
    actions.expect_desk(clerk, *lines, subtotal="$7.00")


def test_a_scanned_receipt_opens_its_order_and_lets_the_draft_go_on(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    sold = actions.take_order(clerk, (product, 1))
    draft = open_desk(clerk)
    actions.add_field(clerk).focus()
    scan(clerk, sold)
    actions.expect_status(clerk, "Placed")
    assert actions.reference_of(clerk) == sold
    actions.open_order(clerk, draft)
    actions.add_line(clerk, f"2*{product.sku}")
    actions.expect_desk(clerk, Line(product, 2, "$2.00"), subtotal="$2.00")
    assert actions.reference_of(clerk) == draft


def test_a_line_behind_a_scanned_receipt_waits_for_the_draft(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1.00")
    sold = actions.take_order(clerk, (product, 1))
    draft = open_desk(clerk)
    slow_down(clerk, 300)
    actions.add_field(clerk).focus()
    scan(clerk, sold, product.sku)
    actions.expect_status(clerk, "Placed")
    actions.open_order(clerk, draft)
    actions.expect_desk(clerk, Line(product, 1, "$1.00"), subtotal="$1.00")

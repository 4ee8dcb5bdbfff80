"""The counter: a discount, a sale with change, an exchange; by keyboard alone, and with JavaScript off."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from e2e.bar_table import record
from e2e.pickers import counted, open_desk, scan
from e2e.test_keyboard import COUNTER
from testing.seeding import Product, Seeder


def tender_field(page: Page):
    return page.get_by_label("Payment", exact=True)


def expect_change(page: Page, amount: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"Change\s+{re.escape(amount)}$"))


def save_discount(page: Page, discount: str, reason: str) -> None:
    """Fills in the open form of a discount and saves it."""
    page.get_by_label("Percent or amount").fill(discount)
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Save", exact=True).click()


def begin_order(page: Page, *items: tuple[Product, int]) -> str:
    """Makes a draft with these lines. Returns its reference."""
    reference = actions.new_order(page)
    for product, quantity in items:
        actions.add_line(page, f"{quantity}*{product.sku}")
        expect(actions.desk_row(page, product)).to_be_visible()
    return reference


def test_a_walk_in_pays_for_two_lines_in_twenty_keys(clerk: Page, seeder: Seeder) -> None:
    first = seeder.make_product("Qajar bowl", price="12.50")
    second = seeder.make_product("Xylo stand", price="20.00")
    clerk.add_init_script(COUNTER)
    clerk.goto("/")
    clerk.keyboard.press("n")
    expect(actions.customer_field(clerk)).to_be_focused()
    clerk.keyboard.press("Enter")
    expect(actions.add_field(clerk)).to_be_focused()
    for words, product in (("qaj", first), ("xyl", second)):
        clerk.keyboard.type(words, delay=120)
        clerk.keyboard.press("Enter")
        expect(actions.desk_row(clerk, product)).to_be_visible()
    clerk.keyboard.press("Control+Enter")
    expect(tender_field(clerk)).to_be_focused()
    clerk.keyboard.type("50", delay=120)
    clerk.keyboard.press("Enter")
    expect_change(clerk, "$17.50")

    keys, clicks = counted(clerk, "keys"), counted(clerk, "clicks")
    record("keys: a walk-in's sale of two lines, with change", f"{keys} keys, {clicks} clicks", "≤ 20, 0")
    assert keys <= 20
    assert clicks == 0
    clerk.keyboard.press("n")
    expect(actions.customer_field(clerk)).to_be_focused()


@pytest.mark.parametrize(("keys", "paid"), [("=", "Cash"), ("c", "Card"), ("t", "Transfer")])
def test_one_key_pays_it_all(keys: str, paid: str, clerk: Page, seeder: Seeder) -> None:
    begin_order(clerk, (seeder.make_product(price="5.00"), 1))
    clerk.keyboard.press("Control+Enter")
    expect(tender_field(clerk)).to_be_focused()
    clerk.keyboard.type(keys)
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("heading", level=1)).to_have_text(re.compile(r"Paid\s+\$5\.00"))
    expect(clerk.locator(".sums")).to_contain_text(paid)
    clerk.keyboard.press("r")
    expect(clerk.locator("main")).to_contain_text("Receipt")


def test_escape_goes_back_and_stores_nothing(clerk: Page, seeder: Seeder) -> None:
    begin_order(clerk, (seeder.make_product(price="5.00"), 1))
    clerk.keyboard.press("Control+Enter")
    expect(tender_field(clerk)).to_be_focused()
    clerk.keyboard.type("50", delay=120)
    clerk.keyboard.press("Escape")
    expect(actions.add_field(clerk)).to_be_visible()
    actions.expect_status(clerk, "Draft")


def test_a_barcode_on_the_counter_is_a_line_and_no_payment(clerk: Page, seeder: Seeder) -> None:
    first, second = seeder.make_product(price="1.00"), seeder.make_product(price="2.00", sku="4006381")
    open_desk(clerk)
    actions.add_line(clerk, first.sku)
    expect(actions.desk_row(clerk, first)).to_be_visible()
    clerk.keyboard.press("Control+Enter")
    expect(tender_field(clerk)).to_be_focused()
    scan(clerk, second.sku)
    expect(actions.desk_row(clerk, second)).to_be_visible()
    actions.expect_status(clerk, "Draft")


def test_what_is_no_payment_is_refused_and_stays(any_clerk: Page, seeder: Seeder) -> None:
    begin_order(any_clerk, (seeder.make_product(price="5.00"), 1))
    actions.review(any_clerk)
    tender_field(any_clerk).fill("fifty")
    tender_field(any_clerk).press("Enter")
    expect(any_clerk.get_by_role("alert")).to_contain_text("“fifty” is no payment.")
    expect(tender_field(any_clerk)).to_have_value("fifty")
    actions.expect_focus(any_clerk, tender_field(any_clerk))


def test_a_discount_and_a_sale_with_change(any_clerk: Page, seeder: Seeder) -> None:
    lamp, towel = seeder.make_product(price="100.00"), seeder.make_product(price="50.00")
    reference = begin_order(any_clerk, (lamp, 1), (towel, 2))
    any_clerk.get_by_role("link", name=f"Discount on {lamp.name}").click()
    save_discount(any_clerk, "10%", "scratched")
    expect(any_clerk.get_by_label("Percent or amount")).to_have_count(0)
    expect(actions.desk_row(any_clerk, lamp)).to_contain_text("$90.00")
    any_clerk.locator("#discount-order").click()
    save_discount(any_clerk, "10.00", "regular")
    expect(any_clerk.locator("#total")).to_have_text("$180.00")
    actions.review(any_clerk)
    expect(any_clerk.get_by_role("button", name="Place for $180.00")).to_be_visible()
    tender_field(any_clerk).fill("c 100 + 100")
    tender_field(any_clerk).press("Enter")
    expect_change(any_clerk, "$20.00")
    any_clerk.get_by_role("link", name=f"Order {reference}").click()
    expect(any_clerk.locator("table.lines tfoot")).to_contain_text("$180.00")


def test_a_manager_confirms_in_place(any_clerk: Page, seeder: Seeder) -> None:
    begin_order(any_clerk, (seeder.make_product(price="100.00"), 1))
    any_clerk.locator("#discount-order").click()
    save_discount(any_clerk, "30%", "old friend")
    expect(any_clerk.get_by_role("alert")).to_contain_text("more than your limit of 10 %")
    actions.expect_focus(any_clerk, any_clerk.get_by_label("Manager's username"))
    any_clerk.get_by_label("Manager's username").fill("manager")
    any_clerk.get_by_label("Manager's password").fill(actions.PASSWORD)
    any_clerk.get_by_role("button", name="Confirm and save").click()
    expect(any_clerk.locator("#total")).to_have_text("$70.00")


def test_the_counter_has_no_barrier(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="5.00")
    reference = begin_order(manager, (product, 1))
    manager.locator("#discount-order").click()
    manager.get_by_label("Percent or amount").fill("10%")
    accessibility.check(manager)
    manager.get_by_role("button", name="Save", exact=True).click()
    expect(manager.get_by_role("alert")).to_contain_text("A discount needs a reason.")
    actions.expect_focus(manager, manager.get_by_label("Reason"))
    accessibility.check(manager)
    manager.get_by_label("Reason").fill("regular")
    manager.keyboard.press("Enter")
    expect(manager.locator("#total")).to_have_text("$4.50")
    accessibility.check(manager)
    actions.review(manager)
    accessibility.check(manager)
    tender_field(manager).fill("20")
    tender_field(manager).press("Enter")
    expect_change(manager, "$15.50")
    accessibility.check(manager)
    manager.goto(f"/orders/{reference}/exchange/")
    manager.get_by_label(f"Units of {product.name}").fill("1")
    manager.get_by_label("New goods").fill(f"2*{product.sku}")
    manager.get_by_label("Reason").fill("one more")
    manager.get_by_role("button", name="Show the difference").click()
    expect(manager.get_by_role("heading", name="To pay $5.50")).to_be_visible()
    accessibility.check(manager)


def test_an_exchange_for_something_dearer(any_clerk: Page, seeder: Seeder) -> None:
    old, new = seeder.make_product(price="30.00", stock=5), seeder.make_product(price="42.00", stock=5)
    reference = begin_order(any_clerk, (old, 2))
    actions.review(any_clerk)
    any_clerk.get_by_role("button", name="Exact cash").click()
    any_clerk.get_by_role("link", name=f"Order {reference}").click()
    any_clerk.get_by_role("link", name="Exchange").click()
    any_clerk.get_by_label(f"Units of {old.name}").fill("1")
    any_clerk.get_by_label("New goods").fill(new.sku)
    any_clerk.get_by_label("Reason").fill("too small")
    any_clerk.get_by_role("button", name="Show the difference").click()
    expect(any_clerk.get_by_role("heading", name="To pay $12.00")).to_be_visible()
    tender_field(any_clerk).fill("20")
    tender_field(any_clerk).press("Enter")
    expect_change(any_clerk, "$8.00")
    for product, left in ((old, 4), (new, 4)):
        actions.expect_stock(any_clerk, product, left)

"""What changed between review and placing is shown before anything is placed."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from e2e.actions import Line
from e2e.conflict_actions import (
    OpenTwo,
    draft_of_two,
    expect_panel,
    panel,
    panel_rows,
    reprice,
    set_quantity,
    with_and_without,
)
from testing.seeding import Seeder


@with_and_without
@pytest.mark.parametrize("edit", [False, True], ids=["accept", "edit"])
def test_a_price_changed_between_review_and_place(open_two: OpenTwo, seeder: Seeder, edit: bool) -> None:
    product = seeder.make_product(price="10.00")
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager, product)
    actions.review(clerk)
    reprice(manager, product, "11.50")
    actions.place(clerk)
    expect_panel(clerk, [f"{product.name}, unit price", "$10.00", "$11.50"], by="manager")
    expect(panel(clerk).get_by_role("heading")).to_contain_text("Nothing was placed.")
    if edit:
        panel(clerk).get_by_role("link", name="Edit").click()
        actions.expect_status(clerk, "Draft")
        actions.expect_desk(clerk, Line(product, 1, "$10.00"), subtotal="$10.00")
        return
    panel(clerk).get_by_role("button", name="Accept the changes: $11.50").click()
    clerk.get_by_role("button", name="Place for $11.50").click()
    actions.expect_status(clerk, "Placed")
    expect(clerk.locator("table.lines tfoot td")).to_have_text("$11.50")


@with_and_without
def test_a_price_that_changes_again_is_shown_again(open_two: OpenTwo, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager, product)
    actions.review(clerk)
    for price in ("11.50", "12.00"):
        reprice(manager, product, price)
        clerk.get_by_role("button", name=re.compile("^Place for|^Accept the changes")).click()
        expect_panel(clerk, [f"{product.name}, unit price", "$10.00", f"${price}"], by="manager")
    panel(clerk).get_by_role("button", name="Accept the changes: $12.00").click()
    expect(clerk.get_by_role("button", name="Place for $12.00")).to_be_visible()


@with_and_without
@pytest.mark.parametrize("edit", [False, True], ids=["accept", "edit"])
def test_stock_sold_out_between_review_and_place(open_two: OpenTwo, seeder: Seeder, edit: bool) -> None:
    product, other = seeder.make_product(price="10.00", stock=3), seeder.make_product(price="1.00")
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager, product, other)
    set_quantity(clerk, product, 2, "$21.00")
    actions.review(clerk)
    manager.goto("/")
    actions.take_order(manager, (product, 3))
    actions.place(clerk)
    expect_panel(clerk, [f"{product.name}, stock", "2 wanted", "sold out"], by="manager")
    if edit:
        panel(clerk).get_by_role("link", name="Edit").click()
        actions.expect_desk(clerk, Line(product, 2, "$20.00"), Line(other, 1, "$1.00"), subtotal="$21.00")
        return
    panel(clerk).get_by_role("button", name="Accept the changes: $1.00").click()
    clerk.get_by_role("button", name="Place for $1.00").click()
    actions.expect_paper(clerk, Line(other, 1, "$1.00"), subtotal="$1.00")
    actions.expect_stock(clerk, product, 0)


def test_several_changes_by_several_people_before_placing(open_page, seeder: Seeder) -> None:
    product, other, ada = (
        seeder.make_product(price="10.00", stock=5),
        seeder.make_product(price="1.00"),
        seeder.make_customer(),
    )
    clerk, manager, admin = (open_page(name) for name in ("clerk", "manager", "admin"))
    reference = draft_of_two(clerk, manager, product)
    actions.review(clerk)
    actions.choose_customer(manager, ada.name)
    actions.add_line(manager, f"2*{other.sku}")
    expect(manager.locator("#subtotal")).to_have_text("$12.00")
    reprice(admin, product, "9.00")
    seeder.set_stock(product, 0)
    actions.place(clerk)
    assert panel_rows(clerk) == [
        ["Customer", "Walk-in", ada.name],
        [other.name, "not on the order", "2"],
        [f"{product.name}, unit price", "$10.00", "$9.00"],
        [f"{product.name}, stock", "1 wanted", "sold out"],
    ]
    names = [cell.split(",")[0] for cell in panel(clerk).locator("td.by").all_inner_texts()]
    assert names == ["manager", "manager", "admin", "an import or a program"]
    accessibility.check(clerk)
    actions.open_order(clerk, reference)
    expect(clerk.locator(".last-change")).to_have_text(re.compile(r"^Last changed by manager, \d\d:\d\d$"))
    manager.reload()
    expect(manager.locator(".last-change")).to_have_count(0)


def test_accepting_twice_is_accepting_once(clerk: Page, manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    draft_of_two(clerk, manager, product)
    reprice(manager, product, "11.50")
    actions.review(clerk)
    second = clerk.context.new_page()
    second.goto(clerk.url)
    for page in (clerk, second):
        page.get_by_role("button", name="Accept the changes: $11.50").click()
        expect(page.get_by_role("button", name="Place for $11.50")).to_be_visible()
        expect(panel(page)).to_have_count(0)
    actions.place(second)
    actions.expect_status(second, "Placed")


def test_a_second_enter_on_its_way_decides_nothing(clerk: Page, manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    draft_of_two(clerk, manager, product)
    actions.review(clerk)
    set_quantity(manager, product, 3, "$30.00")
    clerk.keyboard.press("Enter")
    expect_panel(clerk, [f"{product.name}, quantity", "1", "3"], by="manager")
    clerk.keyboard.press("Enter")
    expect(panel(clerk)).to_be_visible()
    clerk.keyboard.press("Tab")
    actions.expect_focus(clerk, clerk.get_by_label("Payment", exact=True))
    clerk.keyboard.press("Tab")
    actions.expect_focus(clerk, panel(clerk).get_by_role("button", name="Accept and place for $30.00"))
    clerk.keyboard.press("Enter")
    actions.expect_status(clerk, "Placed")

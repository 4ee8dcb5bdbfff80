"""Two at one order, product or customer: the second sees what was, what is and who did it, and chooses."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import accessibility, actions
from e2e.actions import Line
from testing.seeding import Product, Seeder, token

#: A pair of pages of two members of staff, the first of them with JavaScript or without.
Two = Callable[[str, str], tuple[Page, Page]]

with_and_without = pytest.mark.parametrize("scripted", [True, False], ids=["htmx", "plain"])
both_ways = pytest.mark.parametrize("keep", [False, True], ids=["accept", "keep"])


@pytest.fixture
def two(open_page, scripted: bool) -> Two:
    def open_two(mine: str, theirs: str) -> tuple[Page, Page]:
        return open_page(mine, java_script_enabled=scripted), open_page(theirs)

    return open_two


def panel(page: Page) -> Locator:
    return page.locator(".conflict")


def rows(page: Page) -> list[list[str]]:
    """The panel's table, the column of who did it left out."""
    expect(panel(page).locator("tbody tr").first).to_be_visible()
    return [row.locator("th, td:not(.by)").all_inner_texts() for row in panel(page).locator("tbody tr").all()]


def expect_changed_by(page: Page, name: str) -> None:
    expect(panel(page).locator("p.by")).to_have_text(re.compile(rf"^Last changed by {name}, \d\d:\d\d\.$"))


def expect_panel(page: Page, *wanted: list[str], by: str, said: str = "") -> None:
    """The panel with exactly these rows; with htmx its heading has the focus and all of it was said."""
    assert rows(page) == list(wanted)
    expect_changed_by(page, by)
    actions.expect_focus(page, panel(page).get_by_role("heading"))
    if said:
        expect(page.locator("#live")).to_contain_text(said)
        expect(page.locator("#live")).to_contain_text(f"Last changed by {by}, ")


def answer(page: Page, *, keep: bool) -> None:
    name = "Keep mine" if keep else "Accept what is now"
    control = panel(page).get_by_role("button", name=name).or_(panel(page).get_by_role("link", name=name))
    control.click()
    expect(panel(page)).to_have_count(0)


def draft_of_two(mine: Page, theirs: Page, *products: Product) -> str:
    """A draft with one of each product that both have open."""
    reference = actions.new_order(mine)
    for product in products:
        actions.add_line(mine, product.sku)
        expect(actions.desk_row(mine, product)).to_be_visible()
    actions.open_order(theirs, reference)
    return reference


def set_quantity(page: Page, product: Product, quantity: int, subtotal: str) -> None:
    actions.set_quantity(page, product, quantity)
    expect(page.locator("#subtotal")).to_have_text(subtotal)


def write_note(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Note").fill(text)
    plain = page.get_by_role("button", name="Save note")
    if plain.is_visible():
        plain.click()
    else:
        page.get_by_role("textbox", name="Note").blur()


@with_and_without
@both_ways
def test_the_same_lines_quantity(two: Two, seeder: Seeder, scripted: bool, keep: bool) -> None:
    product = seeder.make_product(price="10.00")
    clerk, manager = two("clerk", "manager")
    draft_of_two(clerk, manager, product)
    set_quantity(manager, product, 3, "$30.00")
    actions.set_quantity(clerk, product, 2)
    expect_panel(
        clerk,
        [f"{product.name}, quantity", "1", "3", "2"],
        by="manager",
        said=f"{product.name}, quantity: was 1, is now 3, yours is 2." if scripted else "",
    )
    actions.expect_desk(clerk, Line(product, 3, "$30.00"), subtotal="$30.00")
    answer(clerk, keep=keep)
    wanted = (2, "$20.00") if keep else (3, "$30.00")
    actions.expect_desk(clerk, Line(product, *wanted), subtotal=wanted[1])
    clerk.reload()
    actions.expect_desk(clerk, Line(product, *wanted), subtotal=wanted[1])


@with_and_without
@both_ways
def test_a_line_that_the_other_removed(two: Two, seeder: Seeder, keep: bool) -> None:
    product, other = seeder.make_product(price="10.00"), seeder.make_product(price="1.00")
    clerk, manager = two("clerk", "manager")
    draft_of_two(clerk, manager, product, other)
    actions.remove_line(manager, product)
    expect(manager.locator("#subtotal")).to_have_text("$1.00")
    actions.set_quantity(clerk, product, 4)
    expect_panel(clerk, [f"{product.name}, quantity", "1", "none", "4"], by="manager")
    answer(clerk, keep=keep)
    back = [Line(product, 4, "$40.00")] if keep else []
    actions.expect_desk(clerk, Line(other, 1, "$1.00"), *back, subtotal="$41.00" if keep else "$1.00")


@with_and_without
@both_ways
def test_the_note(two: Two, seeder: Seeder, scripted: bool, keep: bool) -> None:
    clerk, manager = two("clerk", "manager")
    draft_of_two(clerk, manager, seeder.make_product())
    write_note(manager, "Ring twice")
    expect(manager.locator("#live")).to_contain_text("Note saved.")
    write_note(clerk, "Knock")
    said = "Note: was –, is now Ring twice, yours is Knock." if scripted else ""
    expect_panel(clerk, ["Note", "–", "Ring twice", "Knock"], by="manager", said=said)
    expect(clerk.get_by_role("textbox", name="Note")).to_have_value("Knock")
    answer(clerk, keep=keep)
    clerk.reload()
    expect(clerk.get_by_role("textbox", name="Note")).to_have_value("Knock" if keep else "Ring twice")


@with_and_without
@both_ways
def test_the_orders_customer(two: Two, seeder: Seeder, scripted: bool, keep: bool) -> None:
    ada, bob = seeder.make_customer(f"Ada {token()}"), seeder.make_customer(f"Bob {token()}")
    clerk, manager = two("clerk", "manager")
    draft_of_two(clerk, manager)
    actions.choose_customer(manager, ada.name)
    actions.expect_customer(manager, ada.name)
    actions.choose_customer(clerk, bob.name)
    said = f"Customer: was SwapResults-in, is now {ada.name}, yours is {bob.name}." if scripted else ""
    expect_panel(clerk, ["Customer", "SwapResults-in", ada.name, bob.name], by="manager", said=said)
    answer(clerk, keep=keep)
    actions.expect_customer(clerk, bob.name if keep else ada.name)


@with_and_without
@both_ways
def test_a_customer_made_at_the_desk_while_the_other_chose_one(two: Two, seeder: Seeder, keep: bool) -> None:
    ada, name = seeder.make_customer(), f"Cleo {token()}"
    clerk, manager = two("clerk", "manager")
    draft_of_two(clerk, manager)
    actions.choose_customer(clerk, name)
    expect(clerk.get_by_role("button", name="Create")).to_be_visible()
    actions.choose_customer(manager, ada.name)
    actions.expect_customer(manager, ada.name)
    clerk.get_by_role("button", name="Create").click()
    expect_panel(clerk, ["Customer", "SwapResults-in", ada.name, name], by="manager")
    answer(clerk, keep=keep)
    actions.expect_customer(clerk, name if keep else ada.name)


@with_and_without
@both_ways
def test_a_products_price_and_name(two: Two, seeder: Seeder, keep: bool) -> None:
    product, renamed, ours = seeder.make_product(price="10.00"), f"Vase {token()}", f"Bowl {token()}"
    manager, admin = two("manager", "admin")
    for page in (manager, admin):
        page.goto(f"{product.url}edit/")
    actions.fill_form(admin, name=renamed, unit_price="1234.50", barcode=product.sku)
    actions.expect_said(admin, f"{renamed} was saved.")
    actions.fill_form(manager, name=ours, unit_price="12.00")
    expect_panel(
        manager,
        ["Name", product.name, renamed, ours],
        ["Unit price", "$10.00", "$1,234.50", "$12.00"],
        ["Barcode", "–", product.sku, "not changed"],
        by="admin",
    )
    # What was typed stays typed; a field that was left alone shows what is there now.
    expect(manager.get_by_label("Name")).to_have_value(ours)
    expect(manager.get_by_label("Unit price")).to_have_value("12.00")
    expect(manager.get_by_label("Barcode")).to_have_value(product.sku)
    answer(manager, keep=keep)
    if keep:
        actions.expect_said(manager, f"{ours} was saved.")
    else:
        expect(manager.get_by_label("Name")).to_have_value(renamed)
        expect(manager.get_by_label("Unit price")).to_have_value("1234.50")
    manager.goto(product.url)
    expect(manager.get_by_role("heading", level=1)).to_have_text(ours if keep else renamed)
    expect(actions.field_of(manager, "Unit price")).to_have_text("$12.00" if keep else "$1,234.50")
    expect(actions.field_of(manager, "Barcode")).to_have_text(product.sku)


@with_and_without
@both_ways
def test_a_customers_fields(two: Two, seeder: Seeder, keep: bool) -> None:
    customer, theirs, mine = seeder.make_customer(), f"{token()}@example.com", f"{token()}@example.org"
    clerk, manager = two("clerk", "manager")
    for page in (clerk, manager):
        page.goto(f"{customer.url}edit/")
    actions.fill_form(manager, email=theirs, address="1 Lane\nTown")
    actions.expect_said(manager, f"{customer.name} was saved.")
    manager.get_by_role("button", name="Retire").click()
    actions.expect_status(manager, "Retired")
    actions.fill_form(clerk, email=mine, note="rings twice")
    expect_panel(
        clerk,
        ["Email", "–", theirs, mine],
        ["Address", "–", "1 Lane\nTown", "not changed"],
        ["Retired", "no", "yes", "not changed"],
        by="manager",
    )
    expect(clerk.get_by_label("Note")).to_have_value("rings twice")
    answer(clerk, keep=keep)
    clerk.goto(customer.url)
    expect(actions.field_of(clerk, "Email")).to_have_text(mine if keep else theirs)
    expect(actions.field_of(clerk, "Address")).to_have_text("1 LaneTown")
    expect(actions.field_of(clerk, "Note")).to_have_text("rings twice" if keep else "–")
    actions.expect_status(clerk, "Retired")


def reprice(page: Page, product: Product, price: str) -> None:
    page.goto(f"{product.url}edit/")
    actions.fill_form(page, unit_price=price)
    actions.expect_said(page, f"{product.name} was saved.")


@with_and_without
@pytest.mark.parametrize("edit", [False, True], ids=["accept", "edit"])
def test_a_price_changed_between_review_and_place(two: Two, seeder: Seeder, edit: bool) -> None:
    product = seeder.make_product(price="10.00")
    clerk, manager = two("clerk", "manager")
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
    panel(clerk).get_by_role("button", name="Accept what is now: $11.50").click()
    clerk.get_by_role("button", name="Place for $11.50").click()
    actions.expect_status(clerk, "Placed")
    expect(clerk.locator("table.lines tfoot td")).to_have_text("$11.50")


@with_and_without
def test_a_price_that_changes_again_is_shown_again(two: Two, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    clerk, manager = two("clerk", "manager")
    draft_of_two(clerk, manager, product)
    actions.review(clerk)
    for price in ("11.50", "12.00"):
        reprice(manager, product, price)
        clerk.get_by_role("button", name=re.compile("^Place for|^Accept what is now")).click()
        expect_panel(clerk, [f"{product.name}, unit price", "$10.00", f"${price}"], by="manager")
    panel(clerk).get_by_role("button", name="Accept what is now: $12.00").click()
    expect(clerk.get_by_role("button", name="Place for $12.00")).to_be_visible()


@with_and_without
@pytest.mark.parametrize("edit", [False, True], ids=["accept", "edit"])
def test_stock_sold_out_between_review_and_place(two: Two, seeder: Seeder, edit: bool) -> None:
    product, other = seeder.make_product(price="10.00", stock=3), seeder.make_product(price="1.00")
    clerk, manager = two("clerk", "manager")
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
    panel(clerk).get_by_role("button", name="Accept what is now: $1.00").click()
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
    assert rows(clerk) == [
        ["Customer", "SwapResults-in", ada.name],
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
        page.get_by_role("button", name="Accept what is now: $11.50").click()
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
    actions.expect_focus(clerk, panel(clerk).get_by_role("button", name="Accept and place for $30.00"))
    clerk.keyboard.press("Enter")
    actions.expect_status(clerk, "Placed")


def test_the_panels_are_accessible_in_every_look(open_page, seeder: Seeder) -> None:
    product, customer, other = (
        seeder.make_product(price="1234567.89"),
        seeder.make_customer(),
        seeder.make_customer(),
    )
    clerk, manager = open_page("clerk"), open_page("manager")
    draft_of_two(clerk, manager, product)
    set_quantity(manager, product, 3, "$3,703,703.67")
    actions.set_quantity(clerk, product, 2)
    rows(clerk)
    accessibility.check(clerk)
    answer(clerk, keep=False)
    write_note(manager, "Ring twice " * 20)
    expect(manager.locator("#live")).to_contain_text("Note saved.")
    write_note(clerk, "Knock " * 20)
    rows(clerk)
    accessibility.check(clerk)
    answer(clerk, keep=False)
    actions.choose_customer(manager, other.name)
    actions.expect_customer(manager, other.name)
    actions.choose_customer(clerk, customer.name)
    rows(clerk)
    accessibility.check(clerk)

    for page in (clerk, manager):
        page.goto(f"{customer.url}edit/")
    actions.fill_form(manager, email=f"{token()}.with.a.long.name@mail.example.com", address="1 Lane")
    actions.expect_said(manager, f"{customer.name} was saved.")
    actions.fill_form(clerk, email=f"{token()}@example.org", note="rings twice")
    rows(clerk)
    accessibility.check(clerk)

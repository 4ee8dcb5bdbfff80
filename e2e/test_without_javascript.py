"""The whole way from signing in to a printed order, with JavaScript off."""

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from e2e.actions import Line
from e2e.bar_table import record
from e2e.pickers import scan
from testing import seeding
from testing.seeding import Seeder

THE_WAY = "JavaScript off: from signing in to a placed order and its print"


@pytest.fixture
def plain(open_page) -> Page:
    """A clerk's page without JavaScript."""
    page: Page = open_page("clerk", java_script_enabled=False)
    return page


def test_from_signing_in_to_the_printed_order(open_page, seeder: Seeder) -> None:
    record(THE_WAY, "does not pass", "passes")
    customer = seeder.make_customer()
    items = [seeder.make_product(price=price, stock=9) for price in ("1.10", "2.20", "3.30", "4.40", "5.50")]
    page: Page = open_page(java_script_enabled=False)
    actions.sign_in(page, "clerk")
    actions.new_order(page)
    actions.choose_customer(page, customer.phone[-4:])
    actions.expect_customer(page, customer.name)
    for product in items:
        actions.add_line(page, f"2*{product.sku}")
        expect(actions.desk_row(page, product)).to_be_visible()
    totals = ("$2.20", "$4.40", "$6.60", "$8.80", "$11.00")
    lines = [Line(product, 2, total) for product, total in zip(items, totals, strict=True)]
    actions.expect_desk(page, *lines, subtotal="$33.00")
    actions.review(page)
    actions.expect_paper(page, *lines, subtotal="$33.00")
    actions.place(page)
    actions.expect_status(page, "Placed")
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_text("Use your browser's print command.")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    actions.expect_paper(page, *lines, subtotal="$33.00")
    for product in items:
        actions.expect_stock(page, product, 7)
    record(THE_WAY, "passes", "passes")


def test_choices_quantities_removal_undo_and_note(plain: Page, seeder: Seeder) -> None:
    word = shelf_word()
    first = seeder.make_product(f"Candle blue {word}", price="1.00")
    second = seeder.make_product(f"Candle red {word}", price="2.00")
    actions.new_order(plain)
    actions.add_line(plain, f"3*can {word}")
    actions.choice(plain, second.name).click()
    actions.expect_desk(plain, Line(second, 3, "$6.00"), subtotal="$6.00")
    actions.add_line(plain, first.sku)
    expect(actions.desk_row(plain, first)).to_be_visible()
    actions.set_quantity(plain, first, 5)
    actions.expect_desk(plain, Line(second, 3, "$6.00"), Line(first, 5, "$5.00"), subtotal="$11.00")
    actions.remove_line(plain, second)
    actions.expect_desk(plain, Line(first, 5, "$5.00"), subtotal="$5.00")
    plain.get_by_role("button", name="Undo").click()
    actions.expect_desk(plain, Line(first, 5, "$5.00"), Line(second, 3, "$6.00"), subtotal="$11.00")
    plain.get_by_role("textbox", name="Note").fill("Gift")
    plain.get_by_role("button", name="Save note").click()
    expect(plain.get_by_role("textbox", name="Note")).to_have_value("Gift")
    actions.review(plain)
    expect(plain.get_by_text("Note: Gift")).to_be_visible()


def shelf_word() -> str:
    return seeding.unique_word()


def test_nothing_found_says_so(plain: Page) -> None:
    word = shelf_word()
    actions.new_order(plain)
    actions.add_line(plain, word)
    expect(plain.get_by_role("alert")).to_contain_text(f"Nothing is called “{word}”.")
    expect(actions.add_field(plain)).to_have_value(word)


def test_a_customer_is_chosen_from_several_or_created(plain: Page, seeder: Seeder) -> None:
    word = shelf_word()
    seeder.make_customer(f"Anna {word}")
    bert = seeder.make_customer(f"Bert {word}")
    actions.new_order(plain)
    actions.choose_customer(plain, word)
    actions.choice(plain, bert.name).click()
    actions.expect_customer(plain, bert.name)
    plain.get_by_role("button", name="Another customer").click()
    name = f"Cleo {shelf_word()}"
    actions.choose_customer(plain, name)
    plain.get_by_role("button", name="Create").click()
    actions.expect_customer(plain, name)


def test_while_choices_are_offered_the_field_is_free_for_the_next(plain: Page, seeder: Seeder) -> None:
    word = shelf_word()
    anvil, bell = (seeder.make_product(f"{name} {word}", price="2.00") for name in ("Anvil", "Bell"))
    for name in ("Anna", "Bert"):
        seeder.make_customer(f"{name} {word}")
    actions.new_order(plain)
    actions.choose_customer(plain, word)
    expect(plain.get_by_text(f"Which “{word}”?")).to_be_visible()
    actions.expect_focus(plain, actions.customer_field(plain))
    actions.choice(plain, "Bert").click()
    actions.add_line(plain, word)
    expect(plain.get_by_text(f"Which “{word}”?")).to_be_visible()
    actions.expect_focus(plain, actions.add_field(plain))
    # What is typed or scanned now is a line of its own.
    scan(plain, bell.sku)
    actions.expect_desk(plain, Line(bell, 1, "$2.00"), subtotal="$2.00")
    actions.add_line(plain, f"3*{word}")
    expect(plain.get_by_text(f"Which “3*{word}”?")).to_be_visible()
    for key in ("Tab", "Tab", "Enter"):
        plain.keyboard.press(key)
    actions.expect_desk(plain, Line(bell, 1, "$2.00"), Line(anvil, 3, "$6.00"), subtotal="$8.00")


def test_lists_are_searched_and_forms_keep_what_was_typed(plain: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    plain.goto("/customers/")
    actions.search(plain, customer.phone[-4:])
    plain.get_by_role("button", name="Show").click()
    expect(actions.rows(plain)).to_have_count(1)
    actions.rows(plain).get_by_role("link").click()
    plain.get_by_role("link", name="Edit").click()
    actions.fill_form(plain, email="wrong")
    expect(plain.get_by_label("Email")).to_have_value("wrong")
    expect(plain.locator(".invalid-feedback")).to_be_visible()


def test_a_price_that_changed_is_shown_before_placing(plain: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    actions.new_order(plain)
    actions.add_line(plain, product.sku)
    expect(actions.desk_row(plain, product)).to_be_visible()
    actions.review(plain)
    seeder.set_price(product, "11.50")
    actions.place(plain)
    row = plain.get_by_role("alert").locator("tbody tr")
    expect(row.locator("th, td")).to_have_text([f"{product.name}, unit price", "$10.00", "$11.50"])
    plain.get_by_role("button", name="Accept the changes").click()
    plain.get_by_role("button", name="Place for $11.50").click()
    actions.expect_status(plain, "Placed")

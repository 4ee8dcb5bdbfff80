"""Several match what Enter sent: the keyboard stays in the field, and nothing that is typed is lost."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import actions
from e2e.actions import Line
from e2e.pickers import open_desk, options, scan, selected
from e2e.test_errors import slow_down
from testing.seeding import Customer, Product, Seeder, unique_word

#: The caret or selection of the field that has the focus.
CARET = "[document.activeElement.selectionStart, document.activeElement.selectionEnd]"


@pytest.fixture
def word() -> str:
    return unique_word()


@pytest.fixture
def lamps(seeder: Seeder, word: str) -> tuple[Product, Product]:
    """Makes two products that the word finds."""
    first, second = (seeder.make_product(f"{name} {word}", price="2.00") for name in ("Anvil", "Bell"))
    return first, second


@pytest.fixture
def adas(seeder: Seeder, word: str) -> tuple[Customer, Customer]:
    return seeder.make_customer(f"Anna {word}"), seeder.make_customer(f"Bert {word}")


def send(page: Page, typed: str) -> None:
    """Types key by key and presses Enter. Waits for the choices, because several rows match."""
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(options(page)).to_have_count(2)


def test_letters_go_on_into_the_field(clerk: Page, lamps: tuple[Product, Product], word: str) -> None:
    open_desk(clerk)
    field = actions.add_field(clerk)
    field.focus()
    send(clerk, f"3*{word}")
    expect(clerk.locator("#live")).to_contain_text("2 products match. Choose one.")
    actions.expect_focus(clerk, field)
    expect(field).to_have_value(f"3*{word}")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(selected(clerk)).to_have_count(0)
    clerk.keyboard.type(" bell", delay=60)
    expect(field).to_have_value(f"3*{word} bell")
    expect(options(clerk)).to_have_count(1)
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(lamps[1], 3, "$6.00"), subtotal="$6.00")
    actions.expect_focus(clerk, field)
    expect(field).to_have_value("")


def test_enter_again_offers_the_first_and_then_takes_it(
    clerk: Page, lamps: tuple[Product, Product], word: str
) -> None:
    open_desk(clerk)
    actions.add_field(clerk).focus()
    send(clerk, f"2*{word}")
    clerk.keyboard.press("Enter")
    expect(selected(clerk)).to_contain_text(lamps[0].name)
    expect(actions.desk_row(clerk, lamps[0])).to_have_count(0)
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(lamps[0], 2, "$4.00"), subtotal="$4.00")
    expect(options(clerk)).to_have_count(0)


def test_escape_closes_the_choices_and_the_text_stays(
    clerk: Page, lamps: tuple[Product, Product], word: str
) -> None:
    open_desk(clerk)
    field = actions.add_field(clerk)
    field.focus()
    send(clerk, word)
    clerk.keyboard.press("Escape")
    expect(options(clerk)).to_have_count(0)
    expect(field).to_have_value(word)
    actions.expect_focus(clerk, field)
    clerk.keyboard.press("ArrowDown")
    expect(selected(clerk)).to_contain_text(lamps[0].name)
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(lamps[0], 1, "$2.00"), subtotal="$2.00")


def test_a_scan_while_choices_are_open_is_a_line(
    clerk: Page, seeder: Seeder, lamps: tuple[Product, Product], word: str
) -> None:
    scanned = seeder.make_product(price="1.00")
    open_desk(clerk)
    field = actions.add_field(clerk)
    field.focus()
    send(clerk, word)
    clerk.wait_for_timeout(100)
    scan(clerk, scanned.sku)
    actions.expect_desk(clerk, Line(scanned, 1, "$1.00"), subtotal="$1.00")
    expect(field).to_have_value("")
    expect(options(clerk)).to_have_count(0)
    actions.expect_focus(clerk, field)


def test_a_scan_after_a_quantity_is_that_many(clerk: Page, seeder: Seeder) -> None:
    scanned = seeder.make_product(price="1.00")
    open_desk(clerk)
    actions.add_field(clerk).focus()
    clerk.keyboard.type("3*", delay=100)
    clerk.wait_for_timeout(300)
    scan(clerk, scanned.sku)
    actions.expect_desk(clerk, Line(scanned, 3, "$3.00"), subtotal="$3.00")


def test_a_scan_while_customers_are_open_is_a_line_and_they_stay(
    clerk: Page, seeder: Seeder, adas: tuple[Customer, Customer], word: str
) -> None:
    scanned = seeder.make_product(price="1.00")
    open_desk(clerk)
    send(clerk, word)
    clerk.wait_for_timeout(100)
    scan(clerk, scanned.sku)
    actions.expect_desk(clerk, Line(scanned, 1, "$1.00"), subtotal="$1.00")
    field = actions.customer_field(clerk)
    actions.expect_focus(clerk, field)
    expect(field).to_have_value(word)
    clerk.keyboard.press("ArrowDown")
    clerk.keyboard.press("ArrowDown")
    clerk.keyboard.press("Enter")
    actions.expect_customer(clerk, adas[1].name)


def test_letters_go_on_into_the_customer(clerk: Page, adas: tuple[Customer, Customer], word: str) -> None:
    open_desk(clerk)
    field = actions.customer_field(clerk)
    send(clerk, word)
    expect(clerk.locator("#live")).to_contain_text("2 customers match. Choose one.")
    actions.expect_focus(clerk, field)
    assert clerk.evaluate(CARET) == [len(word)] * 2
    clerk.keyboard.type(" bert", delay=60)
    expect(field).to_have_value(f"{word} bert")
    clerk.keyboard.press("Enter")
    actions.expect_customer(clerk, adas[1].name)
    actions.expect_focus(clerk, actions.add_field(clerk))


def test_choices_are_pressed_with_the_mouse(
    clerk: Page, lamps: tuple[Product, Product], adas: tuple[Customer, Customer], word: str
) -> None:
    open_desk(clerk)
    send(clerk, word)
    actions.choice(clerk, adas[0].name).click()
    actions.expect_customer(clerk, adas[0].name)
    actions.expect_focus(clerk, actions.add_field(clerk))
    send(clerk, f"2*{word}")
    actions.choice(clerk, lamps[1].name).click()
    actions.expect_desk(clerk, Line(lamps[1], 2, "$4.00"), subtotal="$4.00")
    actions.expect_focus(clerk, actions.add_field(clerk))


def test_what_is_typed_before_the_answer_is_not_lost(
    clerk: Page, seeder: Seeder, lamps: tuple[Product, Product], word: str
) -> None:
    other = seeder.make_product(price="1.00")
    open_desk(clerk)
    slow_down(clerk, 400)
    field = actions.add_field(clerk)
    field.focus()
    clerk.keyboard.type(word)
    clerk.keyboard.press("Enter")
    clerk.keyboard.type(other.sku, delay=20)
    clerk.wait_for_timeout(800)
    expect(field).to_have_value(other.sku)
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(other, 1, "$1.00"), subtotal="$1.00")
    # The field is free: what was unclear is asked now.
    expect(field).to_have_value(word)
    expect(options(clerk)).to_have_count(2)
    clerk.keyboard.press("ArrowUp")
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(other, 1, "$1.00"), Line(lamps[1], 1, "$2.00"), subtotal="$3.00")


def test_a_line_typed_while_the_customer_is_looked_for_is_not_lost(clerk: Page, seeder: Seeder) -> None:
    customer, product = seeder.make_customer(), seeder.make_product(price="1.00")
    open_desk(clerk)
    slow_down(clerk, 400)
    clerk.keyboard.type(customer.phone[-4:])
    clerk.keyboard.press("Enter")
    clerk.keyboard.type(product.sku, delay=10)
    actions.expect_customer(clerk, customer.name)
    actions.expect_focus(clerk, actions.add_field(clerk))
    expect(actions.add_field(clerk)).to_have_value(product.sku)
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(product, 1, "$1.00"), subtotal="$1.00")


def test_a_customer_typed_on_meanwhile_is_asked_again(
    clerk: Page, adas: tuple[Customer, Customer], word: str
) -> None:
    open_desk(clerk)
    late: list[Route] = []
    clerk.route(re.compile("/customer/$"), lambda route: late.append(route), times=1)
    clerk.keyboard.type(word)
    with clerk.expect_request(re.compile("/customer/$")):
        clerk.keyboard.press("Enter")
    clerk.keyboard.type(" bert", delay=60)
    late[0].continue_()
    field = actions.customer_field(clerk)
    expect(options(clerk)).to_have_count(1)
    expect(field).to_have_value(f"{word} bert")
    actions.expect_focus(clerk, field)


def test_ctrl_enter_on_something_unclear_stays(
    clerk: Page, seeder: Seeder, lamps: tuple[Product, Product], word: str
) -> None:
    open_desk(clerk)
    actions.add_line(clerk, seeder.make_product(price="1.00").sku)
    expect(clerk.locator("#subtotal")).to_have_text("$1.00")
    actions.add_field(clerk).fill(word)
    clerk.keyboard.press("Control+Enter")
    expect(options(clerk)).to_have_count(2)
    clerk.keyboard.press("ArrowDown")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#subtotal")).to_have_text("$3.00")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("Draft")

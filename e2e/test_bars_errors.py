"""When the server fails, the page says so, keeps what was typed, and offers to try again."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import actions
from e2e.bar_table import record
from testing.seeding import Product, Seeder, unique_word

Act = Callable[[Page, Product, str], None]


@dataclass(frozen=True)
class Step:
    """Something a clerk does, the address that fails, and how it looks undone and done."""

    do: Act
    address: str
    undone: Act
    done: Act


def set_quantity(page: Page, product: Product, word: str) -> None:
    # Left with Tab, a field sends once; with Enter it sends for the change and for Enter.
    page.get_by_role("textbox", name=f"Quantity of {product.name}").fill("7")


STEPS = {
    "a customer": Step(
        lambda page, product, word: actions.choose_customer(page, word),
        r"/customer/$",
        lambda page, product, word: expect(actions.customer_field(page)).to_have_value(word),
        lambda page, product, word: actions.expect_customer(page, word),
    ),
    "a quantity": Step(
        set_quantity,
        r"/lines/\d+/$",
        lambda page, product, word: expect(page.locator("[name=quantity]").first).to_have_value("7"),
        lambda page, product, word: expect(page.locator("#subtotal")).to_have_text("$70.00"),
    ),
    "a removal": Step(
        lambda page, product, word: actions.remove_line(page, product),
        r"/lines/\d+/$",
        lambda page, product, word: expect(actions.desk_row(page, product)).to_be_visible(),
        lambda page, product, word: expect(page.get_by_role("button", name="Undo")).to_be_visible(),
    ),
    "a note": Step(
        lambda page, product, word: page.get_by_role("textbox", name="Note").fill(word),
        r"/note/$",
        lambda page, product, word: expect(page.locator("#note")).to_have_value(word),
        lambda page, product, word: actions.expect_note_saved(page, word),
    ),
    "a line": Step(
        lambda page, product, word: actions.add_line(page, product.sku),
        r"/lines/$",
        lambda page, product, word: expect(page.locator("#notices")).to_contain_text(product.sku),
        lambda page, product, word: expect(page.locator("#subtotal")).to_have_text("$20.00"),
    ),
}
SEARCH = Step(
    lambda page, product, word: actions.search(page, product.sku),
    r"/products/\?.*q=",
    lambda page, product, word: expect(page.get_by_role("searchbox")).to_have_value(product.sku),
    lambda page, product, word: expect(actions.rows(page)).to_contain_text([product.sku]),
)
FAILURES: dict[str, Callable[[Route], None]] = {
    "500": lambda route: route.fulfill(status=500, body="wrong"),
    "503": lambda route: route.fulfill(status=503, body="busy"),
    "offline": lambda route: route.abort("internetdisconnected"),
}


def fails_thrice(page: Page, name: str, step: Step, product: Product, word: str, said: str) -> None:
    """Every failure in turn, each tried again; then the step is done, once."""
    row, bar = f"errors: {name}: {', '.join(FAILURES)}", "told, kept, tried again"
    for told, failure in enumerate(FAILURES.values()):
        record(row, f"{told} of {len(FAILURES)} told and kept", bar)
        page.route(re.compile(step.address), failure, times=1)
        if told:
            page.get_by_role("button", name="Try again").click()
        else:
            step.do(page, product, word)
            page.keyboard.press("Tab")
        expect(page.locator("#notices")).to_contain_text(f"{said}: the server cannot be reached or is busy.")
        expect(page.locator("#live")).to_contain_text(said)
        step.undone(page, product, word)
        page.evaluate("document.getElementById('live').textContent = ''")
    page.get_by_role("button", name="Try again").click()
    step.done(page, product, word)
    expect(page.locator("#notices")).to_be_empty()
    expect(page.locator("body :focus")).to_have_count(1)
    record(row, bar, bar)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_fails_is_told_and_can_be_tried_again(clerk: Page, seeder: Seeder, name: str) -> None:
    product, word = seeder.make_product(price="10.00"), unique_word()
    seeder.make_customer(word)
    actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    fails_thrice(clerk, name, STEPS[name], product, word, "Not saved")


def test_a_search_that_fails_is_told_and_can_be_tried_again(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    clerk.goto("/products/")
    fails_thrice(clerk, "a search", SEARCH, product, "", "Not loaded")


def test_what_succeeds_later_takes_the_failure_off_the_page(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    clerk.goto("/products/")
    clerk.route(re.compile(SEARCH.address), FAILURES["503"], times=1)
    actions.search(clerk, product.sku[:4])
    expect(clerk.locator("#notices")).to_contain_text("Not loaded")
    actions.search(clerk, product.sku)
    expect(actions.rows(clerk)).to_contain_text([product.sku])
    expect(clerk.locator("#notices")).to_be_empty()


def test_a_form_sent_offline_is_sent_by_loading_again(clerk: Page) -> None:
    """A form that leaves its page has the browser's own words, and its Reload."""
    name = f"Ada {unique_word()}"
    clerk.goto("/customers/new/")
    clerk.get_by_label("Name").fill(name)
    clerk.context.set_offline(True)
    actions.save(clerk)
    clerk.wait_for_url("chrome-error://**")
    clerk.context.set_offline(False)
    clerk.reload()
    done = clerk.get_by_role("heading", level=1).inner_text()
    record(
        "errors: a form sent offline", "sent by Reload" if done == name else done, "told, kept, tried again"
    )
    assert done == name

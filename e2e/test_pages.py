"""Every page and every swap, in light and dark, narrow and wide: no barrier.

Script errors, broken policy and strangers' hosts fail any test of this directory (watch.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from e2e.shelf import Customer, Product, Shelf, token


@dataclass(frozen=True)
class World:
    """Rows that the pages show."""

    product: Product
    retired: Product
    customer: Customer
    order: str


@pytest.fixture(scope="module")
def world(shelf: Shelf) -> World:
    product, customer = shelf.product(stock=3), shelf.customer()
    return World(product, shelf.product(), customer, shelf.order((product, 1), customer=customer))


PATHS = {
    "home": "/",
    "customer list": "/customers/",
    "customers not found": "/customers/?q=zzzzzzzz",
    "new customer": "/customers/new/",
    "customer": "{customer}",
    "edit customer": "{customer}edit/",
    "delete customer": "{customer}delete/",
    "product list": "/products/",
    "new product": "/products/new/",
    "product": "{product}",
    "edit product": "{product}edit/",
    "stock": "{product}stock/",
    "order list": "/orders/",
    "orders not found": "/orders/?q=ZZZ",
    "placed order": "/orders/{order}/",
    "print": "/orders/{order}/print/",
    "not found": "/nowhere/",
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_a_page_has_no_barrier(open_page, world: World, path: str) -> None:
    address = path.format(customer=world.customer.url, product=world.product.url, order=world.order)
    accessibility.check(open_page("manager", path=address))


def test_signing_in_has_no_barrier(open_page, shelf: Shelf) -> None:
    page: Page = open_page(path="/sign-in/")
    accessibility.check(page)
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("correct username and password")).to_be_visible()
    accessibility.check(page)


def test_a_refusal_has_no_barrier(clerk: Page, world: World) -> None:
    clerk.goto("/products/new/")
    accessibility.check(clerk)
    clerk.goto(f"{world.customer.url}delete/")
    clerk.get_by_role("button", name="Delete").click()
    expect(clerk.get_by_role("alert")).to_be_visible()
    accessibility.check(clerk)


def test_a_form_with_errors_has_no_barrier(manager: Page, world: World) -> None:
    manager.goto("/products/new/")
    actions.fill_form(manager, name="", sku=world.product.sku, unit_price="much")
    expect(manager.locator(".invalid-feedback").first).to_be_visible()
    accessibility.check(manager)


def test_the_desk_has_no_barrier_while_the_customer_is_chosen(clerk: Page, shelf: Shelf) -> None:
    word = token()
    anna, _ = shelf.customer(f"Anna {word}"), shelf.customer(f"Bert {word}")
    actions.new_order(clerk)
    accessibility.check(clerk)
    actions.choose_customer(clerk, word)
    expect(actions.choice(clerk, anna.name)).to_be_visible()
    accessibility.check(clerk)
    actions.choose_customer(clerk, token())
    expect(clerk.get_by_role("button", name="Create")).to_be_visible()
    accessibility.check(clerk)
    actions.choose_customer(clerk, anna.phone[-4:])
    actions.expect_customer(clerk, anna.name)
    accessibility.check(clerk)


Swap = Callable[[Page, Product, str], None]


def _several(page: Page, product: Product, word: str) -> None:
    actions.add_line(page, f"lam {word}")
    expect(actions.choice(page, product.name)).to_be_visible()


def _nothing(page: Page, product: Product, word: str) -> None:
    actions.add_line(page, token())
    expect(page.get_by_role("alert")).to_be_visible()


def _more_than_there_is(page: Page, product: Product, word: str) -> None:
    actions.set_quantity(page, product, 99)
    expect(page.get_by_text("only 3 left")).to_be_visible()


def _removed(page: Page, product: Product, word: str) -> None:
    actions.remove_line(page, product)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


@pytest.mark.parametrize("swap", [_several, _nothing, _more_than_there_is, _removed])
def test_the_desk_has_no_barrier_after_a_swap(clerk: Page, shelf: Shelf, swap: Swap) -> None:
    word = token()
    product, _ = shelf.product(f"Lamp one {word}", stock=3), shelf.product(f"Lamp two {word}")
    actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    swap(clerk, product, word)
    expect(clerk.locator("body :focus")).to_have_count(1)
    accessibility.check(clerk)


def test_review_and_its_panel_have_no_barrier(clerk: Page, shelf: Shelf) -> None:
    product = shelf.product(stock=3)
    reference = actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    actions.review(clerk)
    accessibility.check(clerk)
    shelf.set_price(product, "99.00")
    actions.place(clerk)
    expect(clerk.get_by_role("alert")).to_be_visible()
    accessibility.check(clerk)
    actions.open_order(clerk, reference)
    actions.do(clerk, "Discard")
    actions.expect_status(clerk, "Cancelled")
    accessibility.check(clerk)


def test_two_changes_of_one_row_have_no_barrier(clerk: Page, shelf: Shelf) -> None:
    customer = shelf.customer()
    other = clerk.context.new_page()
    for page in (clerk, other):
        page.goto(f"{customer.url}edit/")
    for page, note in ((other, "theirs"), (clerk, "ours")):
        actions.fill_form(page, note=note)
    expect(clerk.get_by_role("alert")).to_be_visible()
    accessibility.check(clerk)

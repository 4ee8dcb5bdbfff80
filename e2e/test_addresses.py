"""Lists and their addresses: what is set and nothing else; and keys that work at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from testing.seeding import Seeder, unique_word


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def either(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    page: Page = open_page("clerk", java_script_enabled=request.param)
    return page


@pytest.mark.parametrize(
    ("path", "field"), [("/customers/", "Search"), ("/products/", "Search"), ("/orders/", "Customer")]
)
def test_the_address_of_a_list_holds_what_is_set(either: Page, seeder: Seeder, path: str, field: str) -> None:
    word = unique_word()
    either.goto(path)
    name = either.get_by_role("searchbox", name=field).get_attribute("name")
    actions.search(either, word, field)
    either.get_by_role("button", name="Show").click()
    expect(either).to_have_url(re.compile(rf"{path}\?{name}={word}$"))
    either.reload()
    expect(either.get_by_role("searchbox", name=field)).to_have_value(word)
    actions.search(either, "", field)
    either.get_by_role("button", name="Show").click()
    expect(either).to_have_url(re.compile(rf"{path}$"))


@pytest.mark.parametrize("path", ["/orders/", "/customers/", "/products/"])
def test_n_begins_an_order_on_a_list_at_once(clerk: Page, path: str) -> None:
    clerk.goto(path)
    clerk.keyboard.press("n")
    expect(clerk.get_by_role("heading", name=re.compile("^Order .* Draft$"))).to_be_visible()
    actions.expect_focus(clerk, actions.customer_field(clerk))

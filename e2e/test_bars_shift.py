"""Nothing that staff look at moves by itself: all layout shifts summed, swaps included."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from e2e.bar_table import record
from e2e.filled_shops import FilledShop
from e2e.layout_shifts import LayoutShifts
from testing.seeding import unique_word

LIMIT = 0.02
SIZES = {320: {"width": 320, "height": 640}, 1280: {"width": 1280, "height": 800}}


def a_whole_order(page: Page, filled: FilledShop) -> None:
    """A customer out of two, five lines, one of them chosen, one changed, one removed; then placed."""
    word = unique_word()
    names = [f"{colour} lantern {word}" for colour in ("Amber", "Blue", "Clear", "Dim", "Ember")]
    items = [filled.seeder.make_product(name, stock=9) for name in names]
    anna, _ = filled.seeder.make_customer(f"Anna {word}"), filled.seeder.make_customer(f"Bert {word}")
    actions.new_order(page)
    actions.choose_customer(page, word)
    actions.choice(page, anna.name).click()
    actions.expect_customer(page, anna.name)
    for product in items[:4]:
        actions.add_line(page, product.sku)
        expect(actions.desk_row(page, product)).to_be_visible()
    actions.add_line(page, f"lan {word}")
    actions.choice(page, items[4].name).click()
    expect(actions.desk_row(page, items[4])).to_be_visible()
    actions.set_quantity(page, items[0], 3)
    expect(page.locator("#subtotal")).to_have_text("$70.00")
    actions.remove_line(page, items[1])
    expect(page.locator("#subtotal")).to_have_text("$60.00")
    actions.review(page)
    actions.place(page)
    actions.expect_status(page, "Placed")


def a_list_that_is_filtered(page: Page, filled: FilledShop) -> None:
    """The product list, narrowed key by key to one, to none, and wide again."""
    word = unique_word()
    product = filled.seeder.make_product(f"Lamp {word}")
    page.goto("/products/")
    field = page.get_by_role("searchbox", name="Search")
    for typed in ("la", word[:4], word):
        field.fill(typed)
        expect(page).to_have_url(re.compile(rf"\?q={typed}$"))
    expect(actions.rows(page)).to_contain_text([product.name])
    field.fill(unique_word())
    expect(page.get_by_text("No product is found by that.")).to_be_visible()
    field.fill("")
    expect(actions.rows(page).nth(9)).to_be_visible()


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("task", [a_whole_order, a_list_that_is_filtered])
def test_nothing_moves_by_itself(
    open_page, filled: FilledShop, task: Callable[[Page, FilledShop], None], width: int
) -> None:
    page: Page = open_page("clerk", at=filled.server.url, viewport=SIZES[width])
    layout_shifts = LayoutShifts(page)
    page.goto("/")
    task(page, filled)
    moved, what = layout_shifts.shifts()
    name = task.__name__.replace("_", " ")
    record(f"layout shift: {name}, {width} px, {filled.name}", f"{moved:.4f}", f"≤ {LIMIT}")
    assert moved <= LIMIT, "\n".join(what)

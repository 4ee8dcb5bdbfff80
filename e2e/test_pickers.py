"""The pickers of the desk: suggestions while one types, chosen by keys or by the mouse."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e import accessibility, actions
from e2e.actions import Line
from e2e.pickers import SUGGESTIONS, open_desk, options, selected
from testing.seeding import Seeder, unique_word


def test_a_product_is_chosen_with_the_arrow_keys_and_keeps_its_quantity(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    first, second = (seeder.make_product(f"{name} {word}", price="2.00") for name in ("Anvil", "Bell"))
    open_desk(clerk)
    field = actions.add_field(clerk)
    field.press_sequentially(f"3*{word}")
    expect(options(clerk)).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(selected(clerk)).to_have_count(0)
    expect(clerk.locator("#live")).to_have_text("2 products found.")

    for key, product in (
        ("ArrowDown", first),
        ("ArrowDown", second),
        ("ArrowDown", first),
        ("ArrowUp", second),
    ):
        field.press(key)
        expect(selected(clerk)).to_contain_text(product.name)
        active = field.get_attribute("aria-activedescendant")
        assert active == selected(clerk).get_attribute("id")
    actions.expect_focus(clerk, field)
    field.press("Enter")
    actions.expect_desk(clerk, Line(second, 3, "$6.00"), subtotal="$6.00")
    actions.expect_focus(clerk, field)
    expect(field).to_have_value("")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(options(clerk)).to_have_count(0)


def test_a_customer_is_chosen_with_the_arrow_keys(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    seeder.make_customer(f"Anna {word}")
    bert = seeder.make_customer(f"Bert {word}")
    open_desk(clerk)
    clerk.keyboard.type(word)
    expect(options(clerk)).to_have_count(2)
    clerk.keyboard.press("ArrowUp")
    clerk.keyboard.press("Enter")
    actions.expect_customer(clerk, bert.name)
    actions.expect_focus(clerk, actions.add_field(clerk))


def test_an_option_can_be_pressed_with_the_mouse(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    seeder.make_product(f"Anvil {word}")
    bell = seeder.make_product(f"Bell {word}", price="2.00")
    open_desk(clerk)
    actions.add_field(clerk).press_sequentially(word)
    options(clerk).filter(has_text=bell.name).click()
    actions.expect_desk(clerk, Line(bell, 1, "$2.00"), subtotal="$2.00")


@pytest.mark.parametrize("back", ["Home", "End", "ArrowLeft", "ArrowRight"])
def test_moving_in_the_text_makes_enter_mean_the_text_again(clerk: Page, seeder: Seeder, back: str) -> None:
    word = unique_word()
    seeder.make_product(f"Anvil {word}", sku=f"{word}long".upper())
    exact = seeder.make_product(f"Bell {word}", sku=word.upper(), price="2.00")
    open_desk(clerk)
    actions.add_field(clerk).press_sequentially(word)
    expect(options(clerk)).to_have_count(2)
    actions.add_field(clerk).press("ArrowDown")
    expect(selected(clerk)).to_contain_text("Anvil")
    actions.add_field(clerk).press(back)
    expect(selected(clerk)).to_have_count(0)
    actions.add_field(clerk).press("Enter")
    actions.expect_desk(clerk, Line(exact, 1, "$2.00"), subtotal="$2.00")


def test_escape_closes_the_list_and_keeps_the_text(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    open_desk(clerk)
    field = actions.add_field(clerk)
    field.press_sequentially(product.sku.lower())
    expect(options(clerk)).to_have_count(1)
    field.press("Escape")
    expect(options(clerk)).to_have_count(0)
    expect(field).to_have_value(product.sku.lower())
    field.press("ArrowDown")
    expect(selected(clerk)).to_contain_text(product.name)
    field.press("Tab")
    expect(options(clerk)).to_have_count(0)


def test_ctrl_enter_takes_the_selected_option_to_the_review(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    product = seeder.make_product(f"Anvil {word}", price="2.00")
    seeder.make_product(f"Bell {word}")
    open_desk(clerk)
    actions.add_field(clerk).press_sequentially(word)
    expect(options(clerk)).to_have_count(2)
    actions.add_field(clerk).press("ArrowDown")
    actions.add_field(clerk).press("Control+Enter")
    expect(clerk.get_by_label("Payment", exact=True)).to_be_focused()
    actions.expect_paper(clerk, Line(product, 1, "$2.00"), subtotal="$2.00")


def test_a_late_suggestion_never_overwrites_a_newer_one(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    seeder.make_product(f"Anvil {word}")
    bell = seeder.make_product(f"Bell {word}")
    open_desk(clerk)
    late: list[Route] = []

    def delay_the_first(route: Route) -> None:
        late.append(route) if not late else route.continue_()

    clerk.route(SUGGESTIONS, delay_the_first)
    field = actions.add_field(clerk)
    with clerk.expect_request(SUGGESTIONS):
        field.press_sequentially(word)
    field.press_sequentially(" bell")
    expect(options(clerk)).to_have_count(1)
    # Its answer holds both products; nobody waits for it any more.
    late[0].continue_()
    clerk.wait_for_timeout(300)
    expect(options(clerk)).to_have_text(re.compile(bell.name))


def test_an_answer_that_comes_after_enter_opens_no_list(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="2.00")
    open_desk(clerk)
    late: list[Route] = []
    clerk.route(SUGGESTIONS, lambda route: late.append(route))
    with clerk.expect_request(SUGGESTIONS):
        actions.add_field(clerk).press_sequentially(product.sku)
    actions.add_field(clerk).press("Enter")
    actions.expect_desk(clerk, Line(product, 1, "$2.00"), subtotal="$2.00")
    late[0].continue_()
    clerk.wait_for_timeout(300)
    expect(options(clerk)).to_have_count(0)


def test_suggestions_that_cannot_be_had_do_not_stop_the_clerk(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="2.00")
    open_desk(clerk)
    clerk.route(SUGGESTIONS, lambda route: route.abort())
    with clerk.expect_event("requestfailed", lambda request: SUGGESTIONS.search(request.url) is not None):
        actions.add_field(clerk).press_sequentially(product.sku)
    actions.add_field(clerk).press("Enter")
    actions.expect_desk(clerk, Line(product, 1, "$2.00"), subtotal="$2.00")
    expect(clerk.locator("#notices")).to_be_empty()


def test_the_open_list_and_the_list_of_keys_have_no_barrier(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    for number in range(9):
        seeder.make_product(f"Anvil {number} {word}", stock=number)
        seeder.make_customer(f"Ada {number} {word}")
    open_desk(clerk)
    for field in (actions.customer_field(clerk), actions.add_field(clerk)):
        field.press_sequentially(word)
        expect(options(clerk)).to_have_count(8)
        field.press("ArrowDown")
        expect(selected(clerk)).to_have_count(1)
        accessibility.check(clerk)
        field.press("Escape")
    clerk.get_by_role("link", name="Keys").click()
    expect(clerk.get_by_role("dialog")).to_be_visible()
    accessibility.check(clerk)
    clerk.goto("/keys/")
    accessibility.check(clerk)

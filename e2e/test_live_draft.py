"""Two people in one draft: each sees what the other does, and nobody is disturbed while typing."""

import re

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Request, Route, expect

from e2e import accessibility, actions
from e2e.actions import Line
from testing.seeding import Product, Seeder, unique_word

LIVE = re.compile(r"/live/$")
# In milliseconds, with time for two answers of a busy machine.
TWO_POLLS = 15_000


@pytest.fixture
def draft(clerk: Page, manager: Page) -> str:
    """A draft that a clerk and a manager have open."""
    reference = actions.new_order(clerk)
    actions.open_order(manager, reference)
    return reference


def look(page: Page) -> None:
    """Makes the page ask for changes now, as it does every five seconds, and waits for the answer."""
    with page.expect_response(LIVE) as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # Nobody did this, so a draft that is only open is signed out in time.
    assert answer.value.request.header_value("HX-Request") == "true"
    # An answer without a body is never reported as finished.
    if answer.value.status == 200:
        answer.value.finished()
    page.evaluate("new Promise((done) => setTimeout(done, 50))")


def note(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Note")


def add(page: Page, product: Product, quantity: int = 1) -> None:
    actions.add_line(page, f"{quantity}*{product.sku}")
    expect(actions.desk_row(page, product)).to_be_visible()


def live(page: Page) -> Locator:
    return page.locator("#live")


def test_a_change_is_seen_within_seconds_without_a_key(
    clerk: Page, manager: Page, seeder: Seeder, draft: str
) -> None:
    product, customer = seeder.make_product(price="5.00"), seeder.make_customer()
    actions.choose_customer(manager, customer.phone[-4:])
    actions.expect_customer(manager, customer.name)
    add(manager, product, 2)

    # The page asks every five seconds, and a question under way may have been too early for the change.
    expect(clerk.locator("#desk-customer .chosen")).to_contain_text(customer.name, timeout=TWO_POLLS)
    expect(actions.desk_row(clerk, product)).to_be_visible(timeout=TWO_POLLS)
    actions.expect_desk(clerk, Line(product, 2, "$10.00"), subtotal="$10.00")
    expect(live(clerk)).to_have_text(re.compile(r"^(Somebody else|manager) changed this order\.$"))
    accessibility.check(clerk)


def test_ones_own_steps_are_not_somebody_elses(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="5.00")
    actions.new_order(clerk)
    look(clerk)
    add(clerk, product)
    expect(live(clerk)).to_have_text(f"1 × {product.name} added. Subtotal $5.00.")
    look(clerk)
    expect(live(clerk)).to_have_text(f"1 × {product.name} added. Subtotal $5.00.")
    expect(clerk.locator(".changed")).to_have_count(0)


def test_nothing_new_is_answered_without_a_body(clerk: Page) -> None:
    actions.new_order(clerk)
    look(clerk)
    with clerk.expect_response(LIVE) as answer:
        clerk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 304


def test_what_is_being_typed_stays_and_the_rest_follows(
    clerk: Page, manager: Page, seeder: Seeder, draft: str
) -> None:
    product = seeder.make_product(price="5.00")
    note(clerk).press_sequentially("Ring the bell")
    for _ in range(4):
        note(clerk).press("ArrowLeft")
    note(manager).fill("Theirs")
    add(manager, product)
    look(clerk)

    actions.expect_desk(clerk, Line(product, 1, "$5.00"), subtotal="$5.00")
    expect(live(clerk)).to_contain_text("changed this order. What you are typing stays.")
    actions.expect_focus(clerk, note(clerk))
    clerk.keyboard.type("door")
    expect(note(clerk)).to_have_value("Ring the doorbell")
    # It is not saved over the other's in silence.
    note(clerk).press("Tab")
    expect(clerk.get_by_role("alert")).to_contain_text("Theirs")
    expect(note(clerk)).to_have_value("Ring the doorbell")


def test_the_field_for_lines_keeps_its_text_caret_and_suggestions(
    clerk: Page, manager: Page, seeder: Seeder, draft: str
) -> None:
    product, wanted = seeder.make_product(price="5.00"), seeder.make_product()
    field = actions.add_field(clerk)
    field.press_sequentially(wanted.sku)
    expect(clerk.get_by_role("option")).to_have_count(1)
    field.press("ArrowDown")
    add(manager, product)
    look(clerk)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    expect(clerk.get_by_role("option", selected=True)).to_contain_text(wanted.name)
    actions.expect_focus(clerk, field)
    expect(field).to_have_value(wanted.sku)


def test_focus_and_caret_stay_in_a_field_that_was_swapped(
    clerk: Page, manager: Page, seeder: Seeder, draft: str
) -> None:
    first, second = seeder.make_product(price="5.00"), seeder.make_product(price="6.00")
    add(manager, first, 1234)
    look(clerk)
    field = clerk.get_by_role("textbox", name=f"Quantity of {first.name}")
    field.focus()
    field.evaluate("field => field.setSelectionRange(2, 2)")
    add(manager, second)
    look(clerk)
    expect(actions.desk_row(clerk, second)).to_be_visible()
    actions.expect_focus(clerk, field)
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 2]


def test_a_list_of_choices_is_not_taken_away(clerk: Page, manager: Page, seeder: Seeder, draft: str) -> None:
    word = unique_word()
    first, second = (seeder.make_product(f"{name} {word}") for name in ("Anvil", "Bell"))
    other = seeder.make_product(price="1.00")
    actions.add_line(clerk, word)
    expect(actions.choice(clerk, first.name)).to_be_visible()
    add(manager, other)
    look(clerk)
    # The lines follow: the choices do not lie in them.
    expect(actions.desk_row(clerk, other)).to_be_visible()
    clerk.keyboard.press("ArrowUp")
    expect(clerk.get_by_role("option", selected=True)).to_contain_text(second.name)
    actions.expect_focus(clerk, actions.add_field(clerk))
    clerk.keyboard.press("Enter")
    expect(actions.desk_row(clerk, second)).to_be_visible()


def test_customers_to_choose_from_are_not_taken_away(
    clerk: Page, manager: Page, seeder: Seeder, draft: str
) -> None:
    word = unique_word()
    anna, _ = (seeder.make_customer(f"{name} {word}") for name in ("Anna", "Bert"))
    other = seeder.make_customer()
    actions.choose_customer(clerk, word)
    expect(actions.choice(clerk, anna.name)).to_be_visible()
    actions.choose_customer(manager, other.phone[-4:])
    actions.expect_customer(manager, other.name)
    look(clerk)
    expect(actions.choice(clerk, anna.name)).to_be_visible()
    actions.expect_focus(clerk, actions.customer_field(clerk))


def test_an_undo_that_is_offered_stays(clerk: Page, manager: Page, seeder: Seeder, draft: str) -> None:
    gone, other = seeder.make_product(price="5.00"), seeder.make_product(price="6.00")
    add(clerk, gone)
    actions.remove_line(clerk, gone)
    undo = clerk.get_by_role("button", name="Undo")
    undo.focus()
    add(manager, other)
    look(clerk)
    expect(actions.desk_row(clerk, other)).to_be_visible()
    actions.expect_focus(clerk, undo)
    undo.press("Enter")
    actions.expect_desk(clerk, Line(other, 1, "$6.00"), Line(gone, 1, "$5.00"), subtotal="$11.00")


def test_stock_that_somebody_else_sold_is_seen(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=5)
    actions.new_order(clerk)
    add(clerk, product, 4)
    look(clerk)
    seeder.set_stock(product, 1)
    look(clerk)
    expect(clerk.get_by_text("only 1 left")).to_be_visible()


def test_an_answer_from_before_ones_own_step_is_dropped(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="5.00")
    actions.new_order(clerk)
    late: list[tuple[Route, APIResponse]] = []
    clerk.route(LIVE, lambda route: late.append((route, route.fetch())), times=1)
    clerk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    add(clerk, product)
    route, answer = late[0]
    route.fulfill(response=answer)
    clerk.wait_for_timeout(200)
    actions.expect_desk(clerk, Line(product, 1, "$5.00"), subtotal="$5.00")


def test_an_order_that_was_placed_meanwhile_is_said_and_nobody_is_led_away(
    clerk: Page, manager: Page, seeder: Seeder, draft: str
) -> None:
    add(manager, seeder.make_product())
    note(clerk).press_sequentially("Half a sent")
    actions.review(manager)
    actions.place(manager)
    actions.expect_status(manager, "Placed")
    look(clerk)
    actions.expect_said(clerk, "changed this order: it is placed by now.")
    expect(live(clerk)).to_contain_text("it is placed by now.")
    actions.expect_focus(clerk, note(clerk))
    expect(note(clerk)).to_have_value("Half a sent")
    accessibility.check(clerk)
    clerk.get_by_role("link", name="Look at it").click()
    actions.expect_status(clerk, "Placed")


def test_a_hidden_tab_is_quiet(clerk: Page) -> None:
    actions.new_order(clerk)
    asked: list[Request] = []

    def note(request: Request) -> None:
        if LIVE.search(request.url):
            asked.append(request)

    clerk.on("request", note)
    clerk.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    clerk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    clerk.wait_for_timeout(6000)
    assert asked == []


def test_a_server_that_is_away_disturbs_nobody(clerk: Page) -> None:
    actions.new_order(clerk)
    clerk.route(LIVE, lambda route: route.abort(), times=1)
    with clerk.expect_event("requestfailed"):
        clerk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(clerk.locator("#notices")).to_be_empty()
    look(clerk)

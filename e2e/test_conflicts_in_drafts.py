"""Two at one draft: the second sees what was, what is and who did it, and chooses."""

from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from e2e.actions import Line
from e2e.conflict_actions import (
    OpenTwo,
    both_ways,
    decide,
    draft_of_two,
    expect_panel,
    panel_rows,
    set_quantity,
    with_and_without,
    write_note,
)
from e2e.test_live_draft import look
from testing.seeding import Seeder, unique_word


@with_and_without
@both_ways
def test_the_same_lines_quantity(open_two: OpenTwo, seeder: Seeder, scripted: bool, keep: bool) -> None:
    product = seeder.make_product(price="10.00")
    clerk, manager = open_two("clerk", "manager")
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
    decide(clerk, keep=keep)
    wanted = (2, "$20.00") if keep else (3, "$30.00")
    actions.expect_desk(clerk, Line(product, *wanted), subtotal=wanted[1])
    clerk.reload()
    actions.expect_desk(clerk, Line(product, *wanted), subtotal=wanted[1])


@with_and_without
@both_ways
def test_a_line_that_the_other_removed(open_two: OpenTwo, seeder: Seeder, keep: bool) -> None:
    product, other = seeder.make_product(price="10.00"), seeder.make_product(price="1.00")
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager, product, other)
    actions.remove_line(manager, product)
    expect(manager.locator("#subtotal")).to_have_text("$1.00")
    actions.set_quantity(clerk, product, 4)
    expect_panel(clerk, [f"{product.name}, quantity", "1", "none", "4"], by="manager")
    decide(clerk, keep=keep)
    back = [Line(product, 4, "$40.00")] if keep else []
    actions.expect_desk(clerk, Line(other, 1, "$1.00"), *back, subtotal="$41.00" if keep else "$1.00")


@with_and_without
@both_ways
def test_the_note(open_two: OpenTwo, seeder: Seeder, scripted: bool, keep: bool) -> None:
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager, seeder.make_product())
    write_note(manager, "Ring twice")
    expect(manager.locator("#live")).to_contain_text("Note saved.")
    write_note(clerk, "Knock")
    said = "Note: was –, is now Ring twice, yours is Knock." if scripted else ""
    expect_panel(clerk, ["Note", "–", "Ring twice", "Knock"], by="manager", said=said)
    expect(clerk.get_by_role("textbox", name="Note")).to_have_value("Knock")
    decide(clerk, keep=keep)
    clerk.reload()
    expect(clerk.get_by_role("textbox", name="Note")).to_have_value("Knock" if keep else "Ring twice")


@with_and_without
@both_ways
def test_the_orders_customer(open_two: OpenTwo, seeder: Seeder, scripted: bool, keep: bool) -> None:
    ada, bob = seeder.make_customer(f"Ada {unique_word()}"), seeder.make_customer(f"Bob {unique_word()}")
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager)
    actions.choose_customer(manager, ada.name)
    actions.expect_customer(manager, ada.name)
    actions.choose_customer(clerk, bob.name)
    said = f"Customer: was Walk-in, is now {ada.name}, yours is {bob.name}." if scripted else ""
    expect_panel(clerk, ["Customer", "Walk-in", ada.name, bob.name], by="manager", said=said)
    decide(clerk, keep=keep)
    actions.expect_customer(clerk, bob.name if keep else ada.name)


@with_and_without
@both_ways
def test_a_customer_made_at_the_desk_while_the_other_chose_one(
    open_two: OpenTwo, seeder: Seeder, keep: bool
) -> None:
    ada, name = seeder.make_customer(), f"Cleo {unique_word()}"
    clerk, manager = open_two("clerk", "manager")
    draft_of_two(clerk, manager)
    actions.choose_customer(clerk, name)
    expect(clerk.get_by_role("button", name="Create")).to_be_visible()
    actions.choose_customer(manager, ada.name)
    actions.expect_customer(manager, ada.name)
    clerk.get_by_role("button", name="Create").click()
    expect_panel(clerk, ["Customer", "Walk-in", ada.name, name], by="manager")
    decide(clerk, keep=keep)
    actions.expect_customer(clerk, name if keep else ada.name)


def test_the_panels_of_a_draft_are_accessible_in_every_look(open_page, seeder: Seeder) -> None:
    product = seeder.make_product(price="1234567.89")
    customer, other = seeder.make_customer(), seeder.make_customer()
    clerk, manager = open_page("clerk"), open_page("manager")
    draft_of_two(clerk, manager, product)
    set_quantity(manager, product, 3, "$3,703,703.67")
    actions.set_quantity(clerk, product, 2)
    panel_rows(clerk)
    accessibility.check(clerk)
    decide(clerk, keep=False)
    write_note(manager, "Ring twice " * 20)
    expect(manager.locator("#live")).to_contain_text("Note saved.")
    write_note(clerk, "Knock " * 20)
    panel_rows(clerk)
    accessibility.check(clerk)
    decide(clerk, keep=False)
    actions.choose_customer(manager, other.name)
    actions.expect_customer(manager, other.name)
    actions.choose_customer(clerk, customer.name)
    panel_rows(clerk)
    accessibility.check(clerk)


def test_a_refused_quantity_is_not_taken_away_by_what_others_do(
    clerk: Page, manager: Page, seeder: Seeder
) -> None:
    product, other = seeder.make_product(price="1.00"), seeder.make_product(price="2.00")
    reference = actions.new_order(clerk)
    actions.add_line(clerk, product.sku)
    actions.set_quantity(clerk, product, 3)
    actions.expect_desk(clerk, Line(product, 3, "$3.00"), subtotal="$3.00")
    field = clerk.get_by_role("textbox", name=f"Quantity of {product.name}")
    field.fill("12o")
    field.press("Enter")
    expect(clerk.get_by_role("alert")).to_be_visible()

    actions.open_order(manager, reference)
    actions.add_line(manager, other.sku)
    expect(actions.desk_row(manager, other)).to_be_visible()
    look(clerk)

    expect(field).to_have_value("12o")
    actions.set_quantity(clerk, product, 12)
    actions.expect_desk(clerk, Line(product, 12, "$12.00"), Line(other, 1, "$2.00"), subtotal="$14.00")

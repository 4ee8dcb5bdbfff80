"""Two in the form of one product or customer: the second sees what the first did, and chooses."""

from playwright.sync_api import expect

from e2e import accessibility, actions
from e2e.conflict_actions import (
    OpenTwo,
    both_ways,
    decide,
    expect_panel,
    panel_rows,
    with_and_without,
)
from testing.seeding import Seeder, unique_word


@with_and_without
@both_ways
def test_a_products_price_and_name(open_two: OpenTwo, seeder: Seeder, keep: bool) -> None:
    product = seeder.make_product(price="10.00")
    renamed, ours = f"Vase {unique_word()}", f"Bowl {unique_word()}"
    manager, admin = open_two("manager", "admin")
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
    decide(manager, keep=keep)
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
def test_a_customers_fields(open_two: OpenTwo, seeder: Seeder, keep: bool) -> None:
    customer = seeder.make_customer()
    theirs, mine = f"{unique_word()}@example.com", f"{unique_word()}@example.org"
    clerk, manager = open_two("clerk", "manager")
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
    decide(clerk, keep=keep)
    clerk.goto(customer.url)
    expect(actions.field_of(clerk, "Email")).to_have_text(mine if keep else theirs)
    expect(actions.field_of(clerk, "Address")).to_have_text("1 LaneTown")
    expect(actions.field_of(clerk, "Note")).to_have_text("rings twice" if keep else "–")
    actions.expect_status(clerk, "Retired")


def test_the_panel_of_a_form_is_accessible_in_every_look(open_page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    clerk, manager = open_page("clerk"), open_page("manager")
    for page in (clerk, manager):
        page.goto(f"{customer.url}edit/")
    actions.fill_form(manager, email=f"{unique_word()}.with.a.long.name@mail.example.com", address="1 Lane")
    actions.expect_said(manager, f"{customer.name} was saved.")
    actions.fill_form(clerk, email=f"{unique_word()}@example.org", note="rings twice")
    panel_rows(clerk)
    accessibility.check(clerk)

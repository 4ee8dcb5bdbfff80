"""Customers are created, found, edited, retired; those with orders are never deleted."""

import pytest
from playwright.sync_api import Page, expect

from e2e import actions
from e2e.pickers import selected
from testing import seeding
from testing.seeding import Seeder


def test_a_clerk_creates_and_edits_a_customer(clerk: Page) -> None:
    name, phone = f"Zoë {seeding.unique_word()}", seeding.phone()
    clerk.goto("/customers/")
    clerk.get_by_role("link", name="New customer").click()
    actions.expect_focus(clerk, clerk.get_by_label("Name"))
    actions.fill_form(clerk, name=name, phone=phone, email="zoe@example.com", address="1 Mill Lane\nLeeds")
    actions.expect_said(clerk, f"{name} was created.")
    expect(actions.field_of(clerk, "Phone")).to_have_text(phone)
    expect(actions.field_of(clerk, "Address")).to_have_text("1 Mill Lane\nLeeds", use_inner_text=True)

    clerk.get_by_role("link", name="Edit").click()
    actions.fill_form(clerk, email="new@example.com", note="Rings twice")
    actions.expect_said(clerk, f"{name} was saved.")
    expect(actions.field_of(clerk, "Email")).to_have_text("new@example.com")
    expect(actions.field_of(clerk, "Note")).to_have_text("Rings twice")
    expect(actions.field_of(clerk, "Phone")).to_have_text(phone)


def test_a_mistake_in_the_form_is_told_at_its_field(clerk: Page) -> None:
    clerk.goto("/customers/new/")
    actions.fill_form(clerk, name=f"Ben {seeding.unique_word()}", email="not an address")
    email = clerk.get_by_label("Email")
    actions.expect_focus(clerk, email)
    expect(email).to_have_value("not an address")
    expect(clerk.locator(".invalid-feedback")).to_have_text("Enter a valid email address.")


@pytest.mark.parametrize(
    "typed",
    ["{digits}", "seb gül{word}", "GUL{word} Se", "sebastian", "555 {phone}"],
    ids=["last four digits", "first and last", "last and first", "one word", "phone in groups"],
)
def test_a_customer_is_found_in_the_list(clerk: Page, seeder: Seeder, typed: str) -> None:
    word = _word()
    customer = seeder.make_customer(f"Sébastian Gül{word}")
    seeder.make_customer(f"Sabine Gül{word}")
    clerk.goto("/customers/")
    digits = customer.phone[-4:]
    actions.search(clerk, typed.format(digits=digits, word=word, phone=customer.phone.split()[-1]))
    expect(actions.rows(clerk).filter(has_text=customer.name)).to_have_count(1)
    expect(actions.rows(clerk).filter(has_text=f"Sabine Gül{word}")).to_have_count(0)
    expect(clerk.locator("#live")).to_contain_text("found")
    actions.expect_focus(clerk, clerk.get_by_role("searchbox", name="Search"))
    assert "q=" in clerk.url


def _word() -> str:
    return seeding.unique_word()


def test_a_retired_customer_is_offered_no_more_and_comes_back(clerk: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    clerk.goto(customer.url)
    actions.do(clerk, "Retire")
    actions.expect_status(clerk, "Retired")
    clerk.goto(f"/customers/?q={customer.phone[-4:]}")
    expect(clerk.get_by_text("No customer is found by that.")).to_be_visible()
    clerk.get_by_label("Active or retired").select_option("Retired")
    expect(actions.rows(clerk)).to_have_count(1)
    actions.new_order(clerk)
    actions.choose_customer(clerk, customer.phone[-4:])
    expect(clerk.get_by_text("Nobody is found by that.")).to_be_visible()

    clerk.goto(customer.url)
    actions.do(clerk, "Bring back")
    actions.new_order(clerk)
    actions.choose_customer(clerk, customer.phone[-4:])
    actions.expect_customer(clerk, customer.name)


def test_a_customer_without_orders_is_deleted_after_a_question(clerk: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    clerk.goto(customer.url)
    clerk.get_by_role("link", name="Delete…").click()
    clerk.get_by_role("button", name="Delete").click()
    actions.expect_said(clerk, f"{customer.name} was deleted.")
    clerk.goto(customer.url)
    expect(clerk.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_customer_with_orders_cannot_be_deleted_but_retired(clerk: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    reference = seeder.make_order((seeder.make_product(), 1), customer=customer)
    clerk.goto(customer.url)
    expect(clerk.get_by_role("link", name=reference)).to_be_visible()
    clerk.get_by_role("link", name="Delete…").click()
    clerk.get_by_role("button", name="Delete").click()
    expect(clerk.get_by_role("heading", name=f"{customer.name} cannot be deleted")).to_be_visible()
    expect(clerk.get_by_role("alert")).to_contain_text("has orders or credit notes and cannot be deleted")
    clerk.get_by_role("button", name=f"Retire {customer.name}").click()
    actions.expect_status(clerk, "Retired")
    expect(clerk.get_by_role("link", name=reference)).to_be_visible()


def test_a_customer_is_created_at_the_desk_from_the_phone_number(clerk: Page) -> None:
    name, phone = f"Carla {seeding.unique_word()}", seeding.phone()
    actions.new_order(clerk)
    actions.choose_customer(clerk, phone)
    field = clerk.locator("#new-customer-name")
    actions.expect_focus(clerk, field)
    expect(clerk.locator("#new-customer-phone")).to_have_value(phone)
    field.fill(name)
    field.press("Enter")
    actions.expect_customer(clerk, name)
    actions.expect_focus(clerk, actions.add_field(clerk))
    clerk.reload()
    actions.expect_customer(clerk, name)
    clerk.goto(f"/customers/?q={phone[-4:]}")
    expect(actions.rows(clerk)).to_have_count(1)


def test_several_customers_match_and_one_is_chosen_with_the_arrow_keys(clerk: Page, seeder: Seeder) -> None:
    word = _word()
    seeder.make_customer(f"Anna {word}")
    second = seeder.make_customer(f"Bert {word}")
    actions.new_order(clerk)
    actions.choose_customer(clerk, word)
    expect(actions.choice(clerk, second.name)).to_be_visible()
    for name in (f"Anna {word}", second.name):
        clerk.keyboard.press("ArrowDown")
        expect(selected(clerk)).to_contain_text(name)
        actions.expect_focus(clerk, actions.customer_field(clerk))
    clerk.keyboard.press("Enter")
    actions.expect_customer(clerk, second.name)
    actions.expect_focus(clerk, actions.add_field(clerk))


def test_the_customer_of_a_draft_can_be_changed_to_a_walk_in(clerk: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    actions.new_order(clerk)
    actions.choose_customer(clerk, customer.phone[-4:])
    actions.expect_customer(clerk, customer.name)
    clerk.get_by_role("button", name="Another customer").click()
    actions.expect_focus(clerk, actions.customer_field(clerk))
    clerk.reload()
    expect(actions.customer_field(clerk)).to_have_value("")


def test_two_clerks_edit_one_customer_and_the_second_sees_both(
    clerk: Page, manager: Page, seeder: Seeder
) -> None:
    customer = seeder.make_customer()
    for page in (clerk, manager):
        page.goto(f"{customer.url}edit/")
    actions.fill_form(manager, note="Prefers mornings")
    actions.expect_said(manager, "was saved")
    actions.fill_form(clerk, note="Prefers evenings")
    row = clerk.get_by_role("row").filter(has_text="Note")
    expect(row.locator("td")).to_have_text(["–", "Prefers mornings", "Prefers evenings"])
    expect(clerk.get_by_label("Note")).to_have_value("Prefers evenings")
    actions.save(clerk)
    expect(actions.field_of(clerk, "Note")).to_have_text("Prefers evenings")

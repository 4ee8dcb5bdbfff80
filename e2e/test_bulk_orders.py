"""Many orders at once: fulfilled, cancelled, printed, exported."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e import accessibility, actions
from e2e.list_actions import box_of, bulk_button, make_orders_of_one_customer
from testing.seeding import Seeder


def outcome_of(page: Page, reference: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=reference)).locator("td").first


def make_draft(page: Page, name: str) -> str:
    reference = actions.new_order(page)
    actions.choose_customer(page, name)
    actions.expect_customer(page, name)
    return reference


def test_orders_are_fulfilled_in_one_go_and_the_refused_one_is_told(any_clerk: Page, seeder: Seeder) -> None:
    name, [first, second] = make_orders_of_one_customer(seeder, 2)
    draft = make_draft(any_clerk, name)
    any_clerk.goto(f"/orders/?customer={name}")
    for reference in (first, second, draft):
        box_of(any_clerk, reference).check()
    bulk_button(any_clerk, "Fulfil…").click()
    expect(any_clerk.get_by_role("heading", level=1)).to_have_text("Fulfil 2 orders?")
    reasons = any_clerk.get_by_role("region", name="This one stays as it is")
    expect(reasons).to_contain_text(f"{draft} is draft: only a placed order can be fulfilled.")
    any_clerk.get_by_role("button", name="Fulfil 2 orders").click()
    expect(any_clerk.get_by_role("heading", level=1)).to_have_text("2 of 2 orders fulfilled")
    expect(outcome_of(any_clerk, first)).to_have_text("Fulfilled")
    any_clerk.get_by_role("button", name="Undo: put all 2 back to placed").click()
    expect(any_clerk.get_by_role("heading", level=1)).to_have_text("2 of 2 orders put back to placed")
    any_clerk.get_by_role("link", name="Back to the list").click()
    expect(any_clerk).to_have_url(re.compile(r"/orders/\?customer="))
    expect(actions.rows(any_clerk)).to_have_count(3)
    expect(actions.rows(any_clerk).filter(has_text=first)).to_contain_text("Placed")


def test_what_happened_meanwhile_is_told_row_by_row(clerk: Page, manager: Page, seeder: Seeder) -> None:
    name, [first, second] = make_orders_of_one_customer(seeder, 2)
    clerk.goto(f"/orders/?customer={name}")
    clerk.get_by_role("checkbox", name="Select all on this page").check()
    bulk_button(clerk, "Cancel…").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("Cancel 2 orders?")
    actions.open_order(manager, first)
    actions.do(manager, "Fulfil")
    actions.expect_status(manager, "Fulfilled")
    clerk.get_by_role("button", name="Cancel 2 orders").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("1 of 2 orders cancelled")
    expect(outcome_of(clerk, first)).to_have_text(
        f"Not cancelled. {first} was fulfilled. A manager can cancel it."
    )
    expect(outcome_of(clerk, second)).to_have_text("Cancelled")
    clerk.reload()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("1 of 2 orders cancelled")
    clerk.get_by_role("button", name=f"Duplicate {second}").click()
    actions.expect_status(clerk, "Draft")


def test_all_of_it_works_with_the_keyboard(clerk: Page, seeder: Seeder) -> None:
    name, references = make_orders_of_one_customer(seeder, 3)
    clerk.goto(f"/orders/?customer={name}")
    everything = clerk.get_by_role("checkbox", name="Select all on this page")
    everything.focus()
    clerk.keyboard.press("Space")
    expect(clerk.locator("#live")).to_have_text("3 selected")
    expect(clerk.locator(".bulk-count")).to_have_text("3 selected")
    for _ in range(3):
        clerk.keyboard.press("Tab")
    box_of(clerk, references[1]).focus()
    clerk.keyboard.press("Space")
    expect(clerk.locator("#live")).to_have_text("2 selected")
    assert everything.evaluate("box => box.indeterminate")
    bulk_button(clerk, "Fulfil…").focus()
    clerk.keyboard.press("Enter")
    actions.expect_focus(clerk, clerk.get_by_role("button", name="Fulfil 2 orders"))
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("heading", level=1)).to_have_text("2 of 2 orders fulfilled")


def test_nothing_selected_is_told_and_leads_back(any_clerk: Page, seeder: Seeder) -> None:
    name, _ = make_orders_of_one_customer(seeder, 1)
    any_clerk.goto(f"/orders/?customer={name}")
    bulk_button(any_clerk, "Cancel…").click()
    expect(any_clerk.get_by_role("heading", level=1)).to_have_text("No order is selected")
    any_clerk.get_by_role("link", name="Back to the list").click()
    expect(actions.rows(any_clerk)).to_have_count(1)


def test_selected_orders_are_printed_on_a_sheet_each(any_clerk: Page, seeder: Seeder) -> None:
    name, [first, second, _] = make_orders_of_one_customer(seeder, 3)
    any_clerk.goto(f"/orders/?customer={name}")
    for reference in (first, second):
        box_of(any_clerk, reference).check()
    bulk_button(any_clerk, "Print").click()
    expect(any_clerk.get_by_role("article")).to_have_count(2)
    expect(any_clerk.get_by_role("article", name=f"Order {first}")).to_contain_text("$2.00")
    any_clerk.emulate_media(media="print")
    expect(any_clerk.get_by_role("heading", name="2 orders to print")).to_be_hidden()
    breaks = "sheets => sheets.map(sheet => getComputedStyle(sheet).breakBefore)"
    assert any_clerk.get_by_role("article").evaluate_all(breaks) == ["auto", "page"]


def test_selected_orders_and_all_that_is_found_are_exported(any_clerk: Page, seeder: Seeder) -> None:
    name, [first, second, third] = make_orders_of_one_customer(seeder, 3)
    any_clerk.goto(f"/orders/?customer={name}")
    for reference in (first, second):
        box_of(any_clerk, reference).check()

    def exported(control: Locator) -> list[str]:
        with any_clerk.expect_download() as download:
            control.click()
        assert re.fullmatch(r"orders-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
        text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert {(row["Customer"], row["Total"]) for row in rows} == {(name, "2.00")}
        return [row["Order"] for row in rows]

    assert exported(bulk_button(any_clerk, "Export")) == [second, first]
    everything = any_clerk.get_by_role("link", name="Export all that these filters find (CSV)")
    assert exported(everything) == [third, second, first]


def test_the_pages_for_many_orders_have_no_barrier(manager: Page, seeder: Seeder) -> None:
    _, [first, second] = make_orders_of_one_customer(seeder, 2)
    chosen = f"order={first}&order={second}&order=AAA-2222"
    manager.goto(f"/orders/print/?{chosen}")
    accessibility.check(manager)
    for action in ("fulfil", "cancel"):
        manager.goto(f"/orders/bulk/?action={action}&{chosen}")
        accessibility.check(manager)
        manager.get_by_role("button", name=re.compile(f"{action} 2 orders", re.IGNORECASE)).click()
        expect(manager.get_by_role("heading", level=1)).to_contain_text("2 of 2")
        accessibility.check(manager)
    manager.goto("/orders/bulk/?action=fulfil")
    accessibility.check(manager)

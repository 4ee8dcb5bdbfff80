"""A day at the till: open, two sales, a payout, count, close, print the Z-report."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from testing.seeding import Seeder, unique_word


def make_till(page: Page) -> str:
    """Makes a new till and chooses it in this browser. Returns its name."""
    page.goto("/tills/new/")
    name = f"Till {unique_word()}"
    page.get_by_label("Name").fill(name)
    page.get_by_label("Prefix").fill(name[-7:].upper())
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name=f"Use {name} here").click()
    actions.expect_said(page, f"uses {name}")
    return name


def pay_in_cash(page: Page, seeder: Seeder, price: str, laid_down: str) -> str:
    reference = seeder.make_order((seeder.make_product(price=price), 1))
    actions.open_order(page, reference)
    form = page.locator("form.pay")
    form.get_by_label("Cash laid down").fill(laid_down)
    form.get_by_role("button", name="Take payment").click()
    expect(page.locator(".change")).to_be_visible()
    return reference


def open_till(page: Page, name: str, scripted: bool) -> None:
    page.goto("/tills/")
    accessibility.check_if_scripted(page, scripted)
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name=f"Open {name}").click()
    accessibility.check_if_scripted(page, scripted)
    page.get_by_label("$50.00", exact=True).fill("4")
    page.get_by_role("button", name="Open").click()
    actions.expect_said(page, f"{name} is open with $200.00")


def pay_out(page: Page, amount: str, scripted: bool) -> None:
    page.get_by_role("link", name="Cash in or out").click()
    accessibility.check_if_scripted(page, scripted)
    page.get_by_label("What").select_option(label="Paid out")
    page.get_by_label("Amount").fill(amount)
    page.get_by_label("Reason").fill("Window cleaner")
    page.get_by_role("button", name="Note it").click()


def count_cash(page: Page) -> None:
    page.get_by_role("link", name="Count and close").click()
    page.get_by_label("$50.00", exact=True).fill("4")
    page.get_by_label("$10.00", exact=True).fill("6")
    page.get_by_role("button", name="Add up").click()
    expect(page.locator("main")).to_contain_text("$260.00")


def test_a_day(open_page: Any, seeder: Seeder, scripted: bool) -> None:
    page: Page = open_page("manager", java_script_enabled=scripted)
    name = make_till(page)
    open_till(page, name, scripted)
    till = page.url
    pay_in_cash(page, seeder, "75.00", "100.00")
    reference = pay_in_cash(page, seeder, "10.00", "20.00")
    page.goto(till)
    expect(page.locator("#till")).to_contain_text(reference)
    accessibility.check_if_scripted(page, scripted)
    page.get_by_role("button", name="Open the drawer without a sale").click()
    pay_out(page, "15", scripted)
    page.get_by_role("link", name="X-report").click()
    expect(page.locator("article")).to_contain_text("$270.00")
    accessibility.check_if_scripted(page, scripted)
    page.goto(till)
    count_cash(page)
    expect(page.locator("main")).to_contain_text("-$10.00")
    expect(page.locator("main")).to_contain_text(reference)
    accessibility.check_if_scripted(page, scripted)
    page.get_by_label("To the bank").fill("160")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("article")).to_contain_text("Next float")
    accessibility.check_if_scripted(page, scripted)
    page.get_by_role("link", name="Print Z").click()
    expect(page.get_by_role("heading", name=re.compile("Z-report .*-000001"))).to_be_visible()
    accessibility.check_if_scripted(page, scripted)


def test_two_devices_share_a_drawer(open_page: Any, seeder: Seeder) -> None:
    page: Page = open_page("manager")
    name = make_till(page)
    open_till(page, name, scripted=False)
    shared = open_page("clerk", path=page.url)

    reference = pay_in_cash(page, seeder, "12.00", "20.00")

    expect(shared.locator("#till")).to_contain_text(reference, timeout=20_000)

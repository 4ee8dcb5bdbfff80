"""Reports and the home page on a phone: whose rows a list shows, days that are not known, low stock."""

from playwright.sync_api import Page, expect

from e2e import accessibility
from testing.seeding import Seeder

#: As long as a reason may be, without a place to break it.
LONG = "x" * 200


def test_a_figure_leads_to_its_rows_and_they_say_whose_they_are(manager: Page, seeder: Seeder) -> None:
    product, customer = seeder.make_product(price="12.50"), seeder.make_customer()
    reference = seeder.make_order((product, 2), customer=customer)

    manager.goto("/reports/sales-by-customer/?range=today")
    row = manager.get_by_role("row").filter(has_text=customer.name)
    row.get_by_role("link", name="$25.00").click()

    expect(manager.get_by_role("heading", name="Orders sold")).to_be_visible()
    chosen = manager.locator("dl.fields > div")
    expect(chosen).to_have_count(1)
    assert chosen.inner_text().split("\n") == ["Customer", customer.name]
    assert manager.get_by_role("columnheader").all_inner_texts() == [
        *("Order", "Date", "Customer", "Clerk", "Amount")
    ]
    expect(manager.locator("tbody tr")).to_have_count(1)
    expect(manager.get_by_role("link", name=reference)).to_be_visible()
    accessibility.check(manager)


def test_long_names_of_whose_rows_they_are_fit_a_phone(manager: Page) -> None:
    manager.goto(f"/reports/rows/returns/?kind=goods&reason={LONG}&without=clerk")

    expect(manager.get_by_text(LONG)).to_be_visible()
    accessibility.check(manager)


def test_days_that_are_not_known_are_said_to_be_so(manager: Page) -> None:
    manager.goto("/reports/sales-by-day/?range=yester")

    expect(manager.get_by_role("alert")).to_have_text(
        "There are no days of this name. Choose some above, or a first and a last day."
    )
    accessibility.check(manager)


def test_low_stock_fits_a_phone(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(f"Lamp {'o' * 40}", stock=4)
    seeder.make_order((product, 3))
    manager.goto("/")

    low = manager.get_by_role("table").filter(has_text=product.name)
    assert low.get_by_role("columnheader").all_inner_texts() == ["Product", "In stock", "Days of stock"]
    # One is left, and three were sold in 28 days.
    cells = low.get_by_role("row").filter(has_text=product.name).get_by_role("cell")
    assert cells.all_inner_texts() == ["1", "9"]
    accessibility.check(manager)

"""A manager keeps products and their stock; every change of stock is an entry."""

from playwright.sync_api import Page, expect

from e2e import actions
from testing.seeding import Seeder, unique_word


def entries(page: Page) -> list[list[str]]:
    """Why, who and how much, newest first."""
    rows = page.get_by_role("region", name="Stock entries").locator("tbody tr")
    return [[cell.inner_text() for cell in row.locator("td").all()[1:]] for row in rows.all()]


def test_a_manager_creates_a_product(manager: Page) -> None:
    name, sku = f"Linen apron {unique_word()}", unique_word().upper()
    manager.goto("/products/")
    manager.get_by_role("link", name="New product").click()
    actions.fill_form(manager, name=name, sku=sku, unit_price="1234.50", barcode=unique_word(), stock="40")
    actions.expect_said(manager, f"{name} was created.")
    expect(actions.field_of(manager, "SKU")).to_have_text(sku)
    expect(actions.field_of(manager, "Unit price")).to_have_text("$1,234.50")
    expect(actions.field_of(manager, "Stock")).to_have_text("40")
    assert entries(manager) == [["Counted", "manager", "+40"]]


def test_received_damaged_and_counted_stock_is_a_list_of_entries(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=10)
    actions.move_stock(manager, product, 12, "Received", "Delivery 88")
    actions.expect_said(manager, f"{product.name}: +12, 22 in stock.")
    actions.move_stock(manager, product, -2, "Damaged or lost")
    actions.move_stock(manager, product, 19, "Counted", "Stocktaking")
    actions.expect_said(manager, f"{product.name}: counted, 19 in stock.")
    actions.expect_stock(manager, product, 19)
    assert entries(manager)[:3] == [
        ["Counted: Stocktaking", "manager", "-1"],
        ["Damaged or lost", "manager", "-2"],
        ["Received: Delivery 88", "manager", "+12"],
    ]


def test_more_than_there_is_cannot_be_taken_out(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=3)
    actions.move_stock(manager, product, -4, "Damaged or lost")
    expect(manager.locator(".invalid-feedback")).to_contain_text("Only 3 in stock")
    actions.expect_focus(manager, manager.get_by_label("Quantity"))
    actions.expect_stock(manager, product, 3)


def test_a_product_without_stock_is_counted_to_begin_and_can_stop(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    manager.goto(product.url)
    manager.get_by_role("link", name="Count stock").click()
    actions.fill_form(manager, quantity="7")
    expect(actions.field_of(manager, "Stock")).to_have_text("7")
    manager.get_by_role("button", name="Stop tracking stock").click()
    expect(actions.field_of(manager, "Stock")).to_have_text("not tracked")


def test_a_sku_that_is_taken_is_told_at_its_field(manager: Page, seeder: Seeder) -> None:
    other = seeder.make_product()
    manager.goto("/products/new/")
    actions.fill_form(manager, name=f"Copy {unique_word()}", sku=other.sku, unit_price="1")
    expect(manager.locator(".invalid-feedback")).to_have_text(f"{other.name} has this SKU already.")
    actions.expect_focus(manager, manager.get_by_label("SKU"))
    actions.fill_form(manager, sku=unique_word().upper())
    actions.expect_said(manager, "was created")


def test_an_edited_price_counts_from_the_next_order(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    before = seeder.make_order((product, 1))
    manager.goto(f"{product.url}edit/")
    actions.fill_form(manager, unit_price="12.34")
    expect(actions.field_of(manager, "Unit price")).to_have_text("$12.34")
    actions.open_order(manager, before)
    expect(manager.locator("table.lines tfoot td")).to_have_text("$10.00")
    actions.take_order(manager, (product, 1))
    expect(manager.locator("table.lines tfoot td")).to_have_text("$12.34")


def test_a_product_is_found_by_beginnings_code_and_without_accents(clerk: Page, seeder: Seeder) -> None:
    word, code = unique_word(), unique_word()
    product = seeder.make_product(f"Crème brûlée torch {word}", barcode=code)
    clerk.goto("/products/")
    for typed in (f"cre tor {word}", f"BRULEE {word}", code, product.sku.lower()):
        actions.search(clerk, typed)
        expect(actions.rows(clerk)).to_have_count(1)
        expect(actions.rows(clerk)).to_contain_text(product.name)
    actions.search(clerk, f"brulee {unique_word()}")
    expect(clerk.get_by_text("No product is found by that.")).to_be_visible()


def test_low_stock_is_on_the_home_page_until_it_is_received(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=1)
    low = manager.get_by_role("region", name="Low stock").get_by_role("row").filter(has_text=product.sku)
    manager.goto("/")
    expect(low.locator("td").first).to_have_text("1")
    seeder.set_stock(product, 0)
    manager.goto("/")
    expect(low.locator("td").first).to_have_text("sold out")
    actions.move_stock(manager, product, 30, "Received")
    manager.goto("/")
    expect(low).to_have_count(0)


def test_a_retired_product_is_not_sold_any_more(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    manager.goto(product.url)
    actions.do(manager, "Retire")
    actions.expect_status(manager, "Retired")
    actions.new_order(manager)
    actions.add_line(manager, product.sku)
    actions.expect_said(manager, "is retired and cannot be ordered.")
    expect(actions.add_field(manager)).to_have_value(product.sku)


def test_a_product_with_orders_cannot_be_deleted(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    reference = seeder.make_order((product, 1))
    manager.goto(product.url)
    expect(manager.get_by_role("link", name=reference)).to_be_visible()
    manager.get_by_role("link", name="Delete…").click()
    manager.get_by_role("button", name="Delete").click()
    expect(manager.get_by_role("heading", name=f"{product.name} cannot be deleted")).to_be_visible()
    manager.get_by_role("button", name="Retire").click()
    actions.expect_status(manager, "Retired")

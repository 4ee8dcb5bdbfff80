"""An admin mends data in the admin site; totals, stock and timeline stay true."""

from playwright.sync_api import Page, expect

from e2e import actions
from testing.seeding import Seeder


def test_a_line_of_a_placed_order_is_corrected(admin: Page, seeder: Seeder) -> None:
    product, other = seeder.make_product(price="10.00", stock=20), seeder.make_product(price="3.00")
    reference = seeder.make_order((product, 5), (other, 1))
    admin.goto(f"/admin/shop/orderline/?q={reference}")
    admin.get_by_role("link", name=f"5 × {product.name}").click()
    admin.get_by_label("Quantity").fill("3")
    admin.get_by_label("Unit price").fill("9.50")
    admin.get_by_label("Reason").fill("Two were broken")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.locator(".messagelist .success")).to_be_visible()

    actions.open_order(admin, reference)
    expect(admin.locator("table.lines tfoot td")).to_have_text("$31.50")
    entry = actions.timeline(admin).last
    expect(entry).to_contain_text("Corrected by admin")
    expect(entry).to_contain_text("5 × $10.00 became 3 × $9.50. Two were broken")
    actions.expect_stock(admin, product, 17)


def test_more_than_there_is_left_is_refused_with_a_sentence(admin: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00", stock=2)
    reference = seeder.make_order((product, 1))
    admin.goto(f"/admin/shop/orderline/?q={reference}")
    admin.get_by_role("link", name=f"1 × {product.name}").click()
    admin.get_by_label("Quantity").fill("9")
    admin.get_by_label("Reason").fill("Counted again")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.locator(".errornote, .errorlist").first).to_be_visible()
    expect(admin.get_by_text(f"Only 1 of {product.name} left.")).to_be_visible()
    actions.open_order(admin, reference)
    expect(admin.locator("table.lines tfoot td")).to_have_text("$10.00")
    actions.expect_stock(admin, product, 1)


def test_a_stock_movement_is_added(admin: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=4)
    admin.goto("/admin/shop/stockmovement/add/")
    admin.locator(".select2-selection").click()
    admin.locator(".select2-search__field").fill(product.sku)
    admin.locator(".select2-results__option").filter(has_text=product.sku).click()
    admin.get_by_label("Quantity").fill("-1")
    admin.get_by_label("Reason").select_option(label="Damaged or lost")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.locator(".messagelist .success")).to_be_visible()
    actions.expect_stock(admin, product, 3)
    entry = admin.get_by_role("region", name="Stock entries").locator("tbody tr").first
    expect(entry.locator("td")).to_contain_text(["", "Damaged or lost", "admin", "-1"])


def test_an_order_is_cancelled_by_an_action(admin: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=4)
    reference = seeder.make_order((product, 4))
    admin.goto(f"/admin/shop/order/?q={reference}")
    admin.locator("[name=_selected_action]").check()
    admin.locator("select[name=action]").select_option(label="Cancel selected orders, and return their stock")
    admin.get_by_role("button", name="Go").click()
    expect(admin.locator(".messagelist li").first).to_be_visible()
    actions.open_order(admin, reference)
    actions.expect_status(admin, "Cancelled")
    expect(actions.timeline(admin).last).to_contain_text("Cancelled by admin")
    actions.expect_stock(admin, product, 4)

"""A clerk with a phone at the ear takes an order: no mouse, and few keys."""

from playwright.sync_api import Page, expect

from e2e import actions
from e2e.actions import Line
from e2e.pickers import add_line_by_keys, counted, open_order_by_keys
from testing.seeding import Seeder

#: Counts what the browser itself saw, across pages.
COUNTER = """
for (const [event, name] of [["keydown", "keys"], ["pointerdown", "clicks"]])
  addEventListener(event, () => sessionStorage.setItem(name, Number(sessionStorage[name] ?? 0) + 1), true);
"""


def make_five_lines(seeder: Seeder) -> list[tuple[str, Line, int | None]]:
    """Returns what is typed, the line that it adds, and what is left of the product where that is counted."""
    velvet = seeder.make_product("Green Velvet Footstool", price="149.90", stock=12)
    stand = seeder.make_product("Brass Umbrella Stand", price="64.50", stock=3)
    yarn = seeder.make_product("Indigo Yarn, 50 g", price="4.35", stock=80)
    easel = seeder.make_product("Oak Easel", price="89.00")
    jug = seeder.make_product("Jug", sku="J7", price="0.99", stock=7)
    return [
        ("gr ve", Line(velvet, 1, "$149.90"), 11),
        ("br um", Line(stand, 1, "$64.50"), 2),
        ("3*in ya", Line(yarn, 3, "$13.05"), 77),
        ("oa ea", Line(easel, 1, "$89.00"), None),
        ("j7", Line(jug, 1, "$0.99"), 6),
    ]


def test_five_lines_with_the_keyboard_only(open_page, seeder: Seeder) -> None:
    customer, five = seeder.make_customer(), make_five_lines(seeder)
    lines = [line for _, line, _ in five]
    page: Page = open_page("clerk", path="/orders/")
    page.add_init_script(COUNTER)
    page.goto("/")

    open_order_by_keys(page, customer.phone[-4:])
    actions.expect_customer(page, customer.name)
    for typed, line, _ in five:
        add_line_by_keys(page, typed, actions.desk_row(page, line.product))
    actions.expect_desk(page, *lines, subtotal="$317.44")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Payment", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    actions.expect_status(page, "Placed")

    assert counted(page, "keys") <= 40
    assert counted(page, "clicks") == 0
    actions.expect_paper(page, *lines, subtotal="$317.44")
    expect(actions.field_of(page, "Customer")).to_contain_text(customer.name)
    page.get_by_role("link", name="Print").click()
    expect(page.locator(".paper")).to_contain_text(customer.name)
    actions.expect_paper(page, *lines, subtotal="$317.44")
    for _, line, left in five:
        if left is not None:
            actions.expect_stock(page, line.product, left)


def test_the_print_command_opens_the_browsers_dialog(open_page, seeder: Seeder) -> None:
    reference = seeder.make_order((seeder.make_product(), 1))
    page: Page = open_page("clerk", path=f"/orders/{reference}/print/")
    page.evaluate("window.print = () => { document.title = 'printing'; }")
    actions.expect_focus(page, page.get_by_role("button", name="Print"))
    page.keyboard.press("Enter")
    expect(page).to_have_title("printing")


def test_a_walk_in_needs_no_customer(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="7.25")
    actions.take_order(clerk, (product, 2))
    expect(actions.field_of(clerk, "Customer")).to_have_text("Walk-in")
    actions.expect_paper(clerk, Line(product, 2, "$14.50"), subtotal="$14.50")


def test_the_same_code_again_raises_the_quantity(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="3.10", barcode="4006381333931")
    actions.new_order(clerk)
    for typed in (product.sku, "4006381333931", f"4 * {product.sku.lower()}"):
        actions.add_line(clerk, typed)
    actions.expect_desk(clerk, Line(product, 6, "$18.60"), subtotal="$18.60")


def test_a_note_is_kept_and_printed(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product()
    reference = actions.new_order(clerk)
    clerk.get_by_role("textbox", name="Note").fill("Ring the side door twice")
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    clerk.reload()
    expect(clerk.get_by_role("textbox", name="Note")).to_have_value("Ring the side door twice")
    actions.review(clerk)
    actions.place(clerk)
    actions.expect_status(clerk, "Placed")
    clerk.goto(f"/orders/{reference}/print/")
    expect(clerk.locator(".paper")).to_contain_text("Ring the side door twice")


def test_a_second_clerk_takes_the_draft_over(clerk: Page, manager: Page, seeder: Seeder) -> None:
    first, second = seeder.make_product(price="5.00"), seeder.make_product(price="6.00")
    reference = actions.new_order(clerk)
    actions.add_line(clerk, first.sku)
    expect(actions.desk_row(clerk, first)).to_be_visible()
    actions.open_order(manager, reference)
    actions.add_line(manager, second.sku)
    actions.expect_desk(manager, Line(first, 1, "$5.00"), Line(second, 1, "$6.00"), subtotal="$11.00")
    actions.review(manager)
    actions.place(manager)
    actions.expect_status(manager, "Placed")
    actions.add_line(clerk, first.sku)
    actions.expect_said(clerk, "cannot be changed at the desk")
    actions.expect_status(clerk, "Placed")
    actions.expect_paper(clerk, Line(first, 1, "$5.00"), Line(second, 1, "$6.00"), subtotal="$11.00")

"""Mistakes are mended: at the desk before placing, and afterwards without losing stock or orders."""

from playwright.sync_api import Page, expect

from e2e import actions
from e2e.actions import Line
from e2e.pickers import selected
from testing.seeding import Product, Seeder, unique_word


def draft_with(page: Page, *products: Product) -> str:
    """Makes a draft with one of each product. Returns its reference."""
    reference = actions.new_order(page)
    for product in products:
        actions.add_line(page, product.sku)
        expect(actions.desk_row(page, product)).to_be_visible()
    return reference


def panel(page: Page) -> list[list[str]]:
    """Returns the columns "what", "was" and "now" of the review page's panel."""
    rows = page.get_by_role("alert").locator("tbody tr")
    expect(rows.first).to_be_visible()
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def test_a_quantity_is_changed_and_the_subtotal_follows(clerk: Page, seeder: Seeder) -> None:
    product, other = seeder.make_product(price="2.50"), seeder.make_product(price="1.00")
    draft_with(clerk, product, other)
    actions.set_quantity(clerk, product, 12)
    actions.expect_desk(clerk, Line(product, 12, "$30.00"), Line(other, 1, "$1.00"), subtotal="$31.00")
    expect(clerk.locator("#live")).to_contain_text("Subtotal $31.00")
    clerk.reload()
    actions.expect_desk(clerk, Line(product, 12, "$30.00"), Line(other, 1, "$1.00"), subtotal="$31.00")


def test_a_quantity_that_is_none_is_refused_with_a_sentence(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="2.50")
    draft_with(clerk, product)
    for typed in ("many", "-1", "1000000000"):
        field = clerk.get_by_role("textbox", name=f"Quantity of {product.name}")
        field.fill(typed)
        field.press("Enter")
        expect(clerk.locator("#desk-lines").get_by_role("alert")).to_be_visible()
        clerk.reload()
        actions.expect_desk(clerk, Line(product, 1, "$2.50"), subtotal="$2.50")


def test_a_removed_line_comes_back_with_undo(clerk: Page, seeder: Seeder) -> None:
    product, other = seeder.make_product(price="2.50"), seeder.make_product(price="1.00")
    draft_with(clerk, product, other)
    actions.set_quantity(clerk, product, 4)
    expect(clerk.locator("#subtotal")).to_have_text("$11.00")
    actions.remove_line(clerk, product)
    actions.expect_desk(clerk, Line(other, 1, "$1.00"), subtotal="$1.00")
    actions.expect_focus(clerk, actions.add_field(clerk))
    clerk.get_by_role("button", name="Undo").click()
    actions.expect_desk(clerk, Line(other, 1, "$1.00"), Line(product, 4, "$10.00"), subtotal="$11.00")


def test_several_products_match_and_one_is_chosen_with_the_arrow_keys(clerk: Page, seeder: Seeder) -> None:
    word = unique_word()
    names = [f"Lantern {colour} {word}" for colour in ("amber", "blue", "clear")]
    amber, blue, clear = (seeder.make_product(name, price="3.00") for name in names)
    actions.new_order(clerk)
    actions.add_line(clerk, f"2*lan {word}")
    expect(actions.choice(clerk, amber.name)).to_be_visible()
    for key, product in (("ArrowDown", amber), ("ArrowDown", blue), ("ArrowUp", amber), ("ArrowUp", clear)):
        clerk.keyboard.press(key)
        expect(selected(clerk)).to_contain_text(product.name)
        actions.expect_focus(clerk, actions.add_field(clerk))
    clerk.keyboard.press("Enter")
    actions.expect_desk(clerk, Line(clear, 2, "$6.00"), subtotal="$6.00")
    actions.expect_focus(clerk, actions.add_field(clerk))


def test_nothing_found_says_so_and_keeps_what_was_typed(manager: Page) -> None:
    word = unique_word()
    actions.new_order(manager)
    actions.add_line(manager, word)
    expect(manager.locator("#desk-lines").get_by_role("alert")).to_contain_text(
        f"Nothing is called “{word}”."
    )
    expect(actions.add_field(manager)).to_have_value(word)
    actions.expect_focus(manager, actions.add_field(manager))
    manager.get_by_role("link", name="Create it as a product").click()
    expect(manager.get_by_label("Name")).to_have_value(word)


def test_a_price_that_changed_is_shown_before_placing(clerk: Page, seeder: Seeder) -> None:
    product, other = seeder.make_product(price="10.00"), seeder.make_product(price="1.00")
    reference = draft_with(clerk, product, other)
    actions.review(clerk)
    seeder.set_price(product, "11.50")
    actions.place(clerk)
    assert panel(clerk) == [[f"{product.name}, unit price", "$10.00", "$11.50"]]
    expect(clerk.get_by_role("alert")).to_contain_text("Nothing was placed.")
    actions.open_order(clerk, reference)
    actions.expect_status(clerk, "Draft")
    actions.review(clerk)
    clerk.get_by_role("button", name="Accept the changes").click()
    clerk.get_by_role("button", name="Place for $12.50").click()
    actions.expect_status(clerk, "Placed")
    expect(clerk.locator("table.lines tfoot td")).to_have_text("$12.50")


def test_too_little_stock_is_told_and_accepting_takes_what_is_left(clerk: Page, seeder: Seeder) -> None:
    product, gone = seeder.make_product(price="10.00", stock=5), seeder.make_product(price="1.00", stock=1)
    draft_with(clerk, product, gone)
    actions.set_quantity(clerk, product, 4)
    expect(clerk.locator("#subtotal")).to_have_text("$41.00")
    actions.review(clerk)
    seeder.set_stock(product, 3)
    seeder.set_stock(gone, 0)
    actions.place(clerk)
    assert panel(clerk) == [
        [f"{product.name}, stock", "4 wanted", "only 3 left"],
        [f"{gone.name}, stock", "1 wanted", "sold out"],
    ]
    clerk.get_by_role("button", name="Accept the changes").click()
    clerk.get_by_role("button", name="Place for $30.00").click()
    actions.expect_status(clerk, "Placed")
    actions.expect_paper(clerk, Line(product, 3, "$30.00"), subtotal="$30.00")
    actions.expect_stock(clerk, product, 0)


def test_what_another_clerk_changed_meanwhile_is_shown(clerk: Page, manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    reference = draft_with(clerk, product)
    actions.review(clerk)
    actions.open_order(manager, reference)
    actions.set_quantity(manager, product, 3)
    expect(manager.locator("#subtotal")).to_have_text("$30.00")
    actions.place(clerk)
    assert panel(clerk) == [[f"{product.name}, quantity", "1", "3"]]
    clerk.get_by_role("button", name="Accept and place for $30.00").click()
    actions.expect_status(clerk, "Placed")


def test_two_clerks_on_one_line_and_the_second_is_told(clerk: Page, manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    reference = draft_with(clerk, product)
    actions.open_order(manager, reference)
    actions.set_quantity(manager, product, 3)
    expect(manager.locator("#subtotal")).to_have_text("$30.00")
    actions.set_quantity(clerk, product, 2)
    actions.expect_said(clerk, f"Somebody else changed {product.name} from 1 to 3.")
    actions.expect_desk(clerk, Line(product, 3, "$30.00"), subtotal="$30.00")


def test_placing_again_after_back_gives_the_same_order(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00", stock=9)
    reference = draft_with(clerk, product)
    actions.review(clerk)
    other_tab = clerk.context.new_page()
    other_tab.goto(clerk.url)
    actions.place(clerk)
    actions.expect_status(clerk, "Placed")
    actions.place(other_tab)
    actions.expect_status(other_tab, "Placed")
    assert actions.reference_of(other_tab) == reference
    clerk.go_back()
    if clerk.get_by_role("button", name="Place for").is_visible():
        actions.place(clerk)
    actions.expect_status(clerk, "Placed")
    assert actions.reference_of(clerk) == reference
    actions.expect_stock(clerk, product, 8)


def test_cancelling_returns_the_stock_once(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=9)
    reference = actions.take_order(clerk, (product, 4))
    actions.expect_stock(clerk, product, 5)
    actions.open_order(clerk, reference)
    actions.do(clerk, "Cancel order")
    actions.expect_status(clerk, "Cancelled")
    actions.expect_said(clerk, "its stock is back")
    expect(actions.timeline(clerk)).to_contain_text(["Opened", "Placed by clerk", "Cancelled by clerk"])
    actions.expect_stock(clerk, product, 9)


def test_a_duplicate_is_a_draft_at_todays_prices_without_what_is_retired(
    clerk: Page, manager: Page, seeder: Seeder
) -> None:
    product, retired, customer = (
        seeder.make_product(price="10.00"),
        seeder.make_product(),
        seeder.make_customer(),
    )
    reference = seeder.make_order((product, 2), (retired, 1), customer=customer)
    seeder.set_price(product, "12.00")
    manager.goto(retired.url)
    actions.do(manager, "Retire")
    actions.open_order(clerk, reference)
    actions.do(clerk, "Duplicate")
    actions.expect_status(clerk, "Draft")
    actions.expect_said(clerk, f"Not sold any more, so left out: {retired.name}.")
    actions.expect_customer(clerk, customer.name)
    actions.expect_desk(clerk, Line(product, 2, "$24.00"), subtotal="$24.00")
    assert actions.reference_of(clerk) != reference


def test_a_draft_is_parked_and_found_again(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    reference = draft_with(clerk, product)
    actions.do(clerk, "Park")
    actions.expect_said(clerk, f"{reference} is parked.")
    drafts = clerk.get_by_role("region", name="Open drafts")
    expect(drafts.get_by_role("row").filter(has_text=reference)).to_contain_text("Parked")
    drafts.get_by_role("link", name=reference).click()
    actions.expect_desk(clerk, Line(product, 1, "$10.00"), subtotal="$10.00")
    actions.set_quantity(clerk, product, 2)
    expect(clerk.locator("#subtotal")).to_have_text("$20.00")
    clerk.reload()
    actions.expect_status(clerk, "Draft")


def test_a_discarded_draft_is_brought_back(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(price="10.00")
    reference = draft_with(clerk, product)
    actions.do(clerk, "Discard")
    actions.expect_said(clerk, f"{reference} was discarded.")
    actions.do(clerk, "Bring back")
    actions.expect_desk(clerk, Line(product, 1, "$10.00"), subtotal="$10.00")


def test_a_fulfilled_order_is_cancelled_by_a_manager_only(clerk: Page, manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=9)
    reference = seeder.make_order((product, 2))
    actions.open_order(clerk, reference)
    actions.do(clerk, "Fulfil")
    actions.expect_status(clerk, "Fulfilled")
    expect(clerk.get_by_role("button", name="Cancel order")).to_have_count(0)
    actions.open_order(manager, reference)
    actions.do(manager, "Cancel order")
    actions.expect_status(manager, "Cancelled")
    expect(actions.timeline(manager).last).to_contain_text("Cancelled by manager")
    actions.expect_stock(manager, product, 9)

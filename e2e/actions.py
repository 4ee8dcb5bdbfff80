"""What a member of staff does, so that tests read like the task.

Every action works with JavaScript and without, unless it says otherwise.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from testing.seeding import Product

PASSWORD = "orange-Boat-42-lantern"


@dataclass(frozen=True)
class Line:
    """A line as a page shows it."""

    product: Product
    quantity: int
    total: str


# --- Coming and going


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    if "/sign-in/" not in page.url:
        page.goto("/sign-in/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def expect_said(page: Page, words: str) -> None:
    """Expects a notice at the top of the page."""
    expect(page.locator(".notice").filter(has_text=words).first).to_be_visible()


def expect_focus(page: Page, control: Locator) -> None:
    expect(control).to_be_focused()


# --- The desk


def new_order(page: Page) -> str:
    """Opens a draft and returns its reference."""
    page.get_by_role("button", name="New order").click()
    expect(page.get_by_role("heading", name=re.compile("^Order .* Draft$"))).to_be_visible()
    return reference_of(page)


def reference_of(page: Page) -> str:
    match = re.search(r"/orders/([A-Z0-9]{3}-[A-Z0-9]{4})/", page.url)
    assert match, page.url
    return match[1]


def customer_field(page: Page) -> Locator:
    return _picker(page, "Customer")


def add_field(page: Page) -> Locator:
    return _picker(page, "Add a line")


def _picker(page: Page, name: str) -> Locator:
    """Returns a field that makes suggestions; without JavaScript it is a plain text field."""
    plain = page.get_by_role("textbox", name=name, exact=True)
    return page.get_by_role("combobox", name=name, exact=True).or_(plain)


def choose_customer(page: Page, typed: str) -> None:
    customer_field(page).fill(typed)
    customer_field(page).press("Enter")


def expect_customer(page: Page, name: str) -> None:
    expect(page.locator("#desk-customer .chosen")).to_contain_text(name)


def add_line(page: Page, typed: str) -> None:
    add_field(page).fill(typed)
    add_field(page).press("Enter")


def desk_row(page: Page, product: Product) -> Locator:
    return page.locator("#desk-lines .lines tbody tr").filter(has_text=product.sku)


def expect_desk(page: Page, *lines: Line, subtotal: str) -> None:
    """Expects exactly these lines, in this order, and this subtotal on the desk."""
    rows = page.locator("#desk-lines .lines tbody tr")
    expect(rows).to_have_count(len(lines))
    for row, line in zip(rows.all(), lines, strict=True):
        expect(row.get_by_role("rowheader")).to_contain_text(line.product.label)
        expect(row.get_by_role("textbox")).to_have_value(str(line.quantity))
        expect(row.locator("td").nth(2)).to_have_text(line.total)
    expect(page.locator("#subtotal")).to_have_text(subtotal)


def choice(page: Page, words: str) -> Locator:
    """Returns the control that chooses one of the matches."""
    plain = page.locator("[data-choices]").get_by_role("button", name=words)
    return page.get_by_role("option", name=words).or_(plain)


def set_quantity(page: Page, product: Product, quantity: int) -> None:
    field = page.get_by_role("textbox", name=f"Quantity of {product.name}")
    field.fill(str(quantity))
    field.press("Enter")


def remove_line(page: Page, product: Product) -> None:
    page.get_by_role("button", name=f"Remove {product.name}").click()


def snapshot(page: Page, part: str) -> Locator:
    """Returns the snapshot field of the first form in a part of the desk: customer, note or lines."""
    return page.locator(f"#desk-{part} [name=snapshot]").first


def change_meanwhile(page: Page, part: str, change: Callable[[], None]) -> None:
    """Changes a part of the desk; the page then says that it showed what was there before."""
    field = snapshot(page, part)
    seen = field.input_value()
    change()
    field.evaluate("(field, seen) => { field.value = seen; }", seen)


def expect_note_saved(page: Page, note: str) -> None:
    """Waits until the page shows that this note is stored."""
    expect(snapshot(page, "note")).to_have_value(re.compile(f'^"{re.escape(note)}":'))


def review(page: Page) -> None:
    page.get_by_role("link", name="Review and place").click()
    expect(page.get_by_role("heading", name="Review order")).to_be_visible()


def place(page: Page) -> None:
    """Places the order from its review page."""
    page.get_by_role("button", name=re.compile("lace for")).click()


def expect_status(page: Page, status: str) -> None:
    expect(page.get_by_role("heading", level=1).locator(".status")).to_have_text(status)


def take_order(page: Page, *items: tuple[Product, int], customer: str = "") -> str:
    """Takes a whole order and places it. Returns its reference."""
    reference = new_order(page)
    if customer:
        choose_customer(page, customer)
    for product, quantity in items:
        add_line(page, f"{quantity}*{product.sku}")
        expect(desk_row(page, product)).to_be_visible()
    review(page)
    place(page)
    expect_status(page, "Placed")
    return reference


# --- Orders on paper and in lists


def expect_paper(page: Page, *lines: Line, subtotal: str) -> None:
    """Expects exactly these lines and this subtotal on the review, order or print page."""
    rows = page.locator("table.lines tbody tr")
    expect(rows).to_have_count(len(lines))
    for row, line in zip(rows.all(), lines, strict=True):
        price = f"${line.product.price}"
        cells = [line.product.label, str(line.quantity), price, line.total]
        expect(row.locator("th, td")).to_have_text(cells)
    expect(page.locator("table.lines tfoot td")).to_have_text(subtotal)


def open_order(page: Page, reference: str) -> None:
    page.goto(f"/orders/{reference}/")


def timeline(page: Page) -> Locator:
    return page.locator(".timeline li")


def do(page: Page, button: str) -> None:
    """Presses one of the buttons beside the page's title."""
    page.locator(".actions").get_by_role("button", name=button, exact=True).click()


def rows(page: Page) -> Locator:
    """Returns the rows of a list."""
    return page.locator("#results tbody tr")


def search(page: Page, words: str, field: str = "Search") -> None:
    """Types into a filter of a list. With JavaScript the list changes without a button."""
    page.get_by_role("searchbox", name=field).fill(words)


# --- Customers and products


def fill_form(page: Page, **values: str) -> None:
    """Fills the fields of a form by their names, and saves."""
    for name, value in values.items():
        page.locator(f"[name={name}]:not([type=hidden])").fill(value)
    save(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def field_of(page: Page, label: str) -> Locator:
    """Returns a value on the page of a customer, a product or an order."""
    return page.locator(".fields > div").filter(has=page.get_by_text(label, exact=True)).locator("dd")


def expect_stock(page: Page, product: Product, left: int) -> None:
    page.goto(product.url)
    expect(field_of(page, "Stock")).to_have_text(str(left))


def move_stock(page: Page, product: Product, quantity: int, reason: str, note: str = "") -> None:
    page.goto(f"{product.url}stock/")
    page.get_by_label("Reason").select_option(label=reason)
    fill_form(page, quantity=str(quantity), note=note)

"""Every swap of a part of a page: what the clerk does, what is announced, and where the focus is then."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from e2e import actions
from testing.seeding import Customer, Product, Seeder, unique_word

OK, REFUSED, CONFLICT, UNPROCESSABLE = 200, 403, 409, 422
ADD, QUANTITY, SEARCH = "#add-text", "[name=quantity]", "#id_q"


@dataclass(frozen=True)
class SwapSetup:
    """A draft of one line, and rows under a word that nothing else has."""

    seeder: Seeder
    word: str
    line: Product
    other: Product
    anna: Customer


Act = Callable[[Page, SwapSetup], None]


@dataclass(frozen=True)
class Swap:
    """`do` returns after the swap. Then `says` is announced and `holds` has the focus, if given."""

    do: Act
    says: str
    holds: str = ""
    status: int = OK


def alert(page: Page, words: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(words)


# --- The customer of a draft


def customer_several(page: Page, setup: SwapSetup) -> None:
    actions.choose_customer(page, setup.word)
    expect(actions.choice(page, setup.anna.name)).to_be_visible()


def customer_none(page: Page, setup: SwapSetup) -> None:
    actions.choose_customer(page, unique_word())
    expect(page.locator("#new-customer-phone")).to_be_focused()


def customer_set(page: Page, setup: SwapSetup) -> None:
    actions.choose_customer(page, setup.anna.phone[-4:])
    actions.expect_customer(page, setup.anna.name)


def customer_chosen(page: Page, setup: SwapSetup) -> None:
    customer_several(page, setup)
    actions.choice(page, setup.anna.name).click()
    actions.expect_customer(page, setup.anna.name)


def customer_cleared(page: Page, setup: SwapSetup) -> None:
    customer_set(page, setup)
    page.get_by_role("button", name="Another customer").click()
    expect(actions.customer_field(page)).to_be_visible()


def customer_created(page: Page, setup: SwapSetup) -> None:
    customer_none(page, setup)
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#desk-customer .chosen")).to_be_visible()


def customer_refused(page: Page, setup: SwapSetup) -> None:
    customer_none(page, setup)
    page.locator("#new-customer-name").fill("")
    page.locator("#new-customer-name").press("Enter")
    expect(page.locator(".invalid-feedback")).to_be_visible()


def customer_changed_by_others(page: Page, setup: SwapSetup) -> None:
    actions.change_meanwhile(page, "customer", lambda: customer_set(page, setup))
    page.get_by_role("button", name="Another customer").click()
    expect(page.locator("#desk-customer").get_by_role("alert")).to_be_visible()


# --- Its lines


def line_added(page: Page, setup: SwapSetup) -> None:
    actions.add_line(page, setup.other.sku)
    expect(actions.desk_row(page, setup.other)).to_be_visible()


def line_several(page: Page, setup: SwapSetup) -> None:
    actions.add_line(page, f"lam {setup.word}")
    expect(actions.choice(page, setup.other.name)).to_be_visible()


def line_chosen(page: Page, setup: SwapSetup) -> None:
    line_several(page, setup)
    actions.choice(page, setup.other.name).click()
    expect(actions.desk_row(page, setup.other)).to_be_visible()


def line_none(page: Page, setup: SwapSetup) -> None:
    actions.add_line(page, unique_word())
    alert(page, "Nothing is called")


def line_of_no_quantity(page: Page, setup: SwapSetup) -> None:
    actions.add_line(page, f"0*{setup.other.sku}")
    alert(page, "A quantity is between")


def line_refused(page: Page, setup: SwapSetup) -> None:
    page.context.clear_cookies(name="csrftoken")
    actions.add_line(page, setup.other.sku)
    expect(page.locator("#notices")).to_contain_text("older than your sign-in")


def quantity_changed(page: Page, setup: SwapSetup) -> None:
    actions.set_quantity(page, setup.line, 2)
    expect(page.locator("#subtotal")).to_have_text("$20.00")


def quantity_beyond_stock(page: Page, setup: SwapSetup) -> None:
    actions.set_quantity(page, setup.line, 99)
    expect(page.get_by_text("only 3 left")).to_be_visible()


def bad_quantity(key: str) -> Act:
    """Left with this key."""

    def refused(page: Page, setup: SwapSetup) -> None:
        field = page.get_by_role("textbox", name=f"Quantity of {setup.line.name}")
        field.fill("many")
        field.press(key)
        alert(page, "whole number")

    return refused


def quantity_changed_by_others(page: Page, setup: SwapSetup) -> None:
    actions.change_meanwhile(page, "lines", lambda: quantity_changed(page, setup))
    actions.set_quantity(page, setup.line, 3)
    alert(page, "Somebody")


def line_removed(page: Page, setup: SwapSetup) -> None:
    actions.remove_line(page, setup.line)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def line_brought_back(page: Page, setup: SwapSetup) -> None:
    line_removed(page, setup)
    page.get_by_role("button", name="Undo").click()
    expect(actions.desk_row(page, setup.line)).to_be_visible()


# --- Its note, and lists


def note(page: Page, setup: SwapSetup, text: str) -> None:
    page.get_by_role("textbox", name="Note").fill(text)
    page.get_by_role("textbox", name="Note").press("Tab")


def note_saved(page: Page, setup: SwapSetup) -> None:
    note(page, setup, "Ring twice")
    actions.expect_note_saved(page, "Ring twice")


def note_too_long(page: Page, setup: SwapSetup) -> None:
    # A browser that lets it pass.
    page.locator("#note").evaluate("(field) => field.removeAttribute('maxlength')")
    note(page, setup, "x" * 2001)
    alert(page, "at most 2000")


def note_changed_by_others(page: Page, setup: SwapSetup) -> None:
    actions.change_meanwhile(page, "note", lambda: note_saved(page, setup))
    note(page, setup, "mine")
    expect(page.locator("#desk-note").get_by_role("alert")).to_be_visible()


def listed(path: str, field: str = "Search") -> Act:
    """The list, searched for what is there."""

    def search(page: Page, setup: SwapSetup) -> None:
        page.goto(path)
        actions.search(page, setup.word, field)
        expect(page.locator("#live")).to_contain_text("found.")

    return search


def not_listed(path: str, field: str = "Search") -> Act:
    """The list, searched for what is not there."""

    def search(page: Page, setup: SwapSetup) -> None:
        page.goto(path)
        actions.search(page, unique_word(), field)
        expect(page.locator("#results .empty")).to_be_visible()

    return search


SWAPS = {
    "several customers": Swap(customer_several, "2 customers match", "#customer-text"),
    "no customer": Swap(customer_none, "No customer found", "#new-customer-phone"),
    "customer set": Swap(customer_set, "Customer set.", ADD),
    "customer chosen": Swap(customer_chosen, "Customer set.", ADD),
    "customer cleared": Swap(customer_cleared, "No customer", "#customer-text"),
    "customer created": Swap(customer_created, "was created", ADD),
    "customer refused": Swap(customer_refused, "required", "#new-customer-name", UNPROCESSABLE),
    "customer conflict": Swap(customer_changed_by_others, "Somebody", status=CONFLICT),
    "line added": Swap(line_added, "added. Subtotal $14.00", ADD),
    "several products": Swap(line_several, "match", ADD),
    "product chosen": Swap(line_chosen, "added. Subtotal $14.00", ADD),
    "no product": Swap(line_none, "Nothing is called", ADD, UNPROCESSABLE),
    "line of quantity 0": Swap(line_of_no_quantity, "A quantity is between", ADD, UNPROCESSABLE),
    "line refused": Swap(line_refused, "older than your sign-in", ADD, REFUSED),
    "quantity": Swap(quantity_changed, "Subtotal $20.00"),
    "quantity beyond stock": Swap(quantity_beyond_stock, "Subtotal $990.00"),
    "bad quantity, Enter": Swap(bad_quantity("Enter"), "whole number", QUANTITY, UNPROCESSABLE),
    "bad quantity, Tab": Swap(bad_quantity("Tab"), "whole number", QUANTITY, UNPROCESSABLE),
    "quantity conflict": Swap(quantity_changed_by_others, "Somebody", status=CONFLICT),
    "line removed": Swap(line_removed, "removed. Subtotal $0.00", ADD),
    "line brought back": Swap(line_brought_back, "Subtotal $10.00", ADD),
    "note": Swap(note_saved, "Note saved."),
    "note too long": Swap(note_too_long, "at most 2000", status=UNPROCESSABLE),
    "note conflict": Swap(note_changed_by_others, "Somebody", status=CONFLICT),
    "products found": Swap(listed("/products/"), "2 found.", SEARCH),
    "customers found": Swap(listed("/customers/"), "2 found.", SEARCH),
    "orders found": Swap(listed("/orders/", "Product"), "2 found.", "#id_product"),
    "no product in the list": Swap(not_listed("/products/"), "0 found.", SEARCH),
    "no customer in the list": Swap(not_listed("/customers/"), "0 found.", SEARCH),
    "no order in the list": Swap(not_listed("/orders/", "Product"), "0 found.", "#id_product"),
}

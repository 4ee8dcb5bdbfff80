"""Every page, in light and dark, narrow and wide: no barrier. What is swapped is in test_bars_swaps.py.

Script errors, broken policy and strangers' hosts fail any test of this directory (page_errors.py).
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from e2e.bar_table import record
from testing.seeding import Customer, Product, Seeder
from testing.servers import Server


@dataclass(frozen=True)
class PageRows:
    """Rows that the pages show."""

    product: Product
    retired: Product
    customer: Customer
    order: str
    #: The number of the order's invoice.
    document: str


@pytest.fixture(scope="module")
def page_rows(seeder: Seeder) -> PageRows:
    product, customer = seeder.make_product(stock=3), seeder.make_customer()
    order = seeder.make_order((product, 1), customer=customer)
    number = seeder.call("invoice", reference=order)
    return PageRows(product, seeder.make_product(), customer, order, number)


PATHS = {
    "home": "/",
    "customer list": "/customers/",
    "customers not found": "/customers/?q=zzzzzzzz",
    "new customer": "/customers/new/",
    "customer": "{customer}",
    "edit customer": "{customer}edit/",
    "delete customer": "{customer}delete/",
    "product list": "/products/",
    "new product": "/products/new/",
    "product": "{product}",
    "edit product": "{product}edit/",
    "delete product": "{product}delete/",
    "stock": "{product}stock/",
    "order list": "/orders/",
    "orders not found": "/orders/?q=ZZZ",
    "placed order": "/orders/{order}/",
    "return": "/orders/{order}/return/",
    "allowance": "/orders/{order}/allowance/",
    "print": "/orders/{order}/print/",
    "sold": "/orders/{order}/sold/",
    "exchange": "/orders/{order}/exchange/",
    "payment": "/orders/{order}/payment/",
    "refund": "/orders/{order}/refund/",
    "print several": "/orders/print/?order={order}",
    "invoice of an order": "/orders/{order}/invoice/",
    "document list": "/documents/",
    "documents not found": "/documents/?q=ZZZ-1",
    "document": "/documents/{document}/",
    "document on a roll": "/documents/{document}/?paper=roll",
    "withdrawal of an invoice": "/documents/{document}/withdraw/",
    "money audit": "/audit/",
    "tills": "/tills/",
    "new till": "/tills/new/",
    "till": "/tills/1/",
    "cash of a till": "/tills/sessions/1/cash/",
    "count of a till": "/tills/sessions/1/close/",
    "X-report": "/tills/sessions/1/report/",
    "account": "/account/",
    "keys": "/keys/",
    "views of customers": "/customers/views/",
    "views of products": "/products/views/",
    "views of orders": "/orders/views/",
    "reports": "/reports/",
    "report of days": "/reports/sales-by-day/?range=week&compare=on",
    "report of hours": "/reports/sales-by-hour/",
    "report of products": "/reports/sales-by-product/",
    "report of balances": "/reports/open-balances/",
    "report with a wrong day": "/reports/returns/?first=2026-02-02&last=2026-02-01",
    "rows of a report": "/reports/rows/sales/",
    "not found": "/nowhere/",
}


#: Those that other tests look at: of this module, of the lists, of the pickers and of drafts that follow.
OTHERS = {
    "/sign-in/",
    "/orders/{draft}/",
    "/orders/{draft}/discount/",
    "/orders/{draft}/review/",
    "/orders/{draft}/print/",
}
FRAGMENTS = {
    "/customers/suggestions/",
    "/products/suggestions/",
    "/orders/{draft}/live/",
    "/orders/{order}/live/",
}
#: Prints every address of shop's own pages and steps.
ROUTES = "from shop.urls import urlpatterns as all; [print(p.pattern) for p in all if hasattr(p, 'callback')]"


def addressed(path: str, page_rows: PageRows, **more: str) -> str:
    return path.format(
        customer=page_rows.customer.url,
        product=page_rows.product.url,
        order=page_rows.order,
        document=page_rows.document,
        **more,
    )


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_a_page_has_no_barrier(open_page, page_rows: PageRows, path: str) -> None:
    accessibility.check(open_page("manager", path=addressed(path, page_rows)))


def test_no_page_is_left_out(clerk: Page, manager: Page, server: Server, page_rows: PageRows) -> None:
    draft = actions.new_order(clerk)
    ids = {"customers": str(page_rows.customer.id), "products": str(page_rows.product.id)}
    ids |= {"orders": "1", "tills": "1"}
    pages = set()
    for route in server.manage("shell", "--no-imports", "-c", ROUTES).split():
        for reference in (draft, page_rows.order):
            address = "/" + route.replace("<reference:reference>", reference)
            address = address.replace("<slug:number>", page_rows.document)
            address = address.replace("<int:pk>", ids.get(route.partition("/")[0], ""))
            answer = manager.request.get(address, max_redirects=0)
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                pages.add(address)
    tested = {addressed(path, page_rows, draft=draft) for path in (*PATHS.values(), *OTHERS, *FRAGMENTS)}
    tested |= {path.partition("?")[0] for path in tested}
    left_out = pages - tested
    record("axe: pages left out", f"{len(left_out)} of {len(pages)}", "0")
    assert len(pages) > len(OTHERS)
    assert not left_out


def test_signing_in_has_no_barrier(open_page, seeder: Seeder) -> None:
    page: Page = open_page(path="/sign-in/")
    accessibility.check(page)
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("correct username and password")).to_be_visible()
    accessibility.check(page)


def test_a_refusal_has_no_barrier(clerk: Page, page_rows: PageRows) -> None:
    clerk.goto("/products/new/")
    accessibility.check(clerk)
    clerk.goto(f"{page_rows.customer.url}delete/")
    clerk.get_by_role("button", name="Delete").click()
    expect(clerk.get_by_role("alert")).to_be_visible()
    accessibility.check(clerk)


def test_a_form_with_errors_has_no_barrier(manager: Page, page_rows: PageRows) -> None:
    manager.goto("/products/new/")
    actions.fill_form(manager, name="", sku=page_rows.product.sku, unit_price="much")
    expect(manager.locator(".invalid-feedback").first).to_be_visible()
    accessibility.check(manager)


def test_the_desk_review_and_its_panel_have_no_barrier(clerk: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=3)
    reference = actions.new_order(clerk)
    accessibility.check(clerk)
    clerk.goto(f"/orders/{reference}/print/")
    accessibility.check(clerk)
    actions.open_order(clerk, reference)
    actions.add_line(clerk, product.sku)
    expect(actions.desk_row(clerk, product)).to_be_visible()
    clerk.goto(f"/orders/{reference}/discount/")
    accessibility.check(clerk)
    actions.open_order(clerk, reference)
    actions.review(clerk)
    accessibility.check(clerk)
    seeder.set_price(product, "99.00")
    actions.place(clerk)
    expect(clerk.get_by_role("alert")).to_be_visible()
    accessibility.check(clerk)
    actions.open_order(clerk, reference)
    actions.do(clerk, "Discard")
    actions.expect_status(clerk, "Cancelled")
    accessibility.check(clerk)


def test_two_changes_of_one_row_have_no_barrier(clerk: Page, seeder: Seeder) -> None:
    customer = seeder.make_customer()
    other = clerk.context.new_page()
    for page in (clerk, other):
        page.goto(f"{customer.url}edit/")
    for page, note in ((other, "theirs"), (clerk, "ours")):
        actions.fill_form(page, note=note)
    expect(clerk.get_by_role("alert")).to_be_visible()
    accessibility.check(clerk)

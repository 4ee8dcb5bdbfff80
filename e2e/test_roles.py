"""Pages hide what a role may not do, and the server refuses it all the same."""

import re

import pytest
from playwright.sync_api import APIResponse, Page, expect

from e2e import actions
from testing.seeding import Seeder


def post(page: Page, path: str) -> APIResponse:
    """Sends a form that the page does not offer, with this session's own token."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    return page.request.post(
        path,
        form={"csrfmiddlewaretoken": str(token)},
        headers={"Referer": page.url, "Origin": origin[0]},
        max_redirects=0,
    )


def test_nobody_sees_a_page_without_signing_in(open_page) -> None:
    page: Page = open_page(path="/customers/?sort=newest")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    actions.sign_in(page, "clerk")
    expect(page).to_have_url(re.compile(r"/customers/\?sort=newest$"))
    actions.sign_out(page)
    page.goto("/orders/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_told_and_the_name_kept(open_page, seeder: Seeder) -> None:
    page: Page = open_page(path="/sign-in/")
    page.get_by_label("Username").fill("clerk")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".alert, .notice").first).to_contain_text("correct username and password")
    expect(page.get_by_label("Username")).to_have_value("clerk")


def test_a_clerk_is_offered_orders_and_customers_but_no_change_of_products(
    clerk: Page, seeder: Seeder
) -> None:
    product = seeder.make_product(stock=4)
    expect(clerk.get_by_role("link", name="Admin", exact=True)).to_have_count(0)
    clerk.goto("/customers/")
    expect(clerk.get_by_role("link", name="New customer")).to_be_visible()
    clerk.goto("/products/")
    expect(clerk.get_by_role("link", name="New product")).to_have_count(0)
    clerk.goto(product.url)
    expect(clerk.get_by_role("main").get_by_role("link")).to_have_count(0)
    expect(clerk.get_by_role("main").get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("path", ["/products/new/", "{product}edit/", "{product}stock/", "{product}delete/"])
def test_a_clerk_who_knows_the_address_is_told_what_to_do(clerk: Page, seeder: Seeder, path: str) -> None:
    product = seeder.make_product()
    answer = clerk.goto(path.format(product=product.url))
    assert answer
    assert answer.status == 403
    expect(clerk.get_by_role("heading", name="You may not do this")).to_be_visible()
    expect(clerk.get_by_role("main")).to_contain_text("Ask a manager")
    clerk.get_by_role("link", name="To the home page").click()
    expect(clerk.get_by_role("heading", name="Today,")).to_be_visible()


@pytest.mark.parametrize("step", ["retire/", "untrack/", "stock/", "delete/", "edit/"])
def test_the_server_refuses_a_clerks_form_for_products(clerk: Page, seeder: Seeder, step: str) -> None:
    product = seeder.make_product(stock=4)
    assert post(clerk, f"{product.url}{step}").status == 403
    actions.expect_stock(clerk, product, 4)
    expect(clerk.get_by_text("Retired")).to_have_count(0)


def test_the_server_refuses_a_clerk_to_cancel_a_fulfilled_order(clerk: Page, seeder: Seeder) -> None:
    reference = seeder.make_order((seeder.make_product(), 1))
    actions.open_order(clerk, reference)
    actions.do(clerk, "Fulfil")
    actions.expect_status(clerk, "Fulfilled")
    assert post(clerk, f"/orders/{reference}/cancel/").status == 403
    clerk.reload()
    actions.expect_status(clerk, "Fulfilled")


def test_a_form_without_its_token_is_refused(clerk: Page, seeder: Seeder) -> None:
    reference = seeder.make_order((seeder.make_product(), 1))
    answer = clerk.request.post(f"/orders/{reference}/cancel/", max_redirects=0)
    assert answer.status == 403
    actions.open_order(clerk, reference)
    actions.expect_status(clerk, "Placed")


@pytest.mark.parametrize("role", ["clerk", "manager"])
def test_the_admin_site_is_for_admins(open_page, role: str) -> None:
    page: Page = open_page(role, path="/admin/")
    expect(page.get_by_role("heading", name="Site administration")).to_have_count(0)


def test_a_manager_is_offered_products_and_stock_but_no_admin_site(manager: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=4)
    expect(manager.get_by_role("link", name="Admin", exact=True)).to_have_count(0)
    manager.goto(product.url)
    names = ["Receive or adjust", "Edit", "Delete…"]
    expect(manager.locator(".actions").get_by_role("link")).to_have_text(names)


def test_an_admin_is_offered_everything(admin: Page, seeder: Seeder) -> None:
    product = seeder.make_product(stock=4)
    admin.goto(product.url)
    expect(admin.locator(".actions").get_by_role("link")).to_have_count(3)
    admin.get_by_role("link", name="Admin", exact=True).click()
    expect(admin.get_by_role("heading", level=1)).to_be_visible()
    expect(admin).to_have_url(re.compile("/admin/$"))

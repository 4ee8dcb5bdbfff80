"""A form that comes back with errors has the focus on the first bad field."""

from playwright.sync_api import Page

from e2e.bar_table import record
from testing.seeding import Seeder

BAD = ".is-invalid"


def test_the_first_bad_field_has_the_focus(manager: Page, open_page, seeder: Seeder) -> None:
    product, customer = seeder.make_product(stock=3), seeder.make_customer()
    forms = {
        "/customers/new/": {"name": "Ada", "email": "wrong"},
        f"{customer.url}edit/": {"name": "", "email": "wrong"},
        "/products/new/": {"name": "Lamp", "sku": product.sku, "unit_price": "much"},
        f"{product.url}edit/": {"unit_price": "-1"},
        f"{product.url}stock/": {"quantity": "many"},
    }
    astray = {path: focus for path, typed in forms.items() if (focus := _astray(manager, path, typed))}
    signing_in = _astray(open_page(path="/sign-in/"), "/sign-in/", {"username": "", "password": "wrong"})
    if signing_in:
        astray["/sign-in/"] = signing_in
    count = len(forms) + 1
    record("focus: on the bad field, forms", f"{count - len(astray)} of {count}", "all")
    assert not astray


def _astray(page: Page, path: str, typed: dict[str, str]) -> str:
    """Returns where the focus is if that is wrong; else nothing."""
    page.goto(path)
    for name, value in typed.items():
        page.locator(f"[name={name}]:not([type=hidden])").fill(value)
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.get_by_role("main").get_by_role("button").first.click()
    assert refused.value.status in (200, 422)
    first = page.locator(BAD).first
    first.wait_for()
    page.wait_for_load_state()
    focus = page.evaluate("document.activeElement.name ?? document.activeElement.tagName")
    return "" if focus == first.get_attribute("name") else f"{focus!r}"

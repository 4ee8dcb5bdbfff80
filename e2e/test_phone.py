"""A phone of 320 by 640: header and filters fold, so that a list begins on the first screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from e2e import accessibility, actions
from testing.seeding import Seeder

PHONE: ViewportSize = {"width": 320, "height": 640}
#: The most that the header may take, in pixels.
HEADER = 60


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def phone(open_page: Callable[..., Page], request: pytest.FixtureRequest, seeder: Seeder) -> Page:
    seeder.make_order((seeder.make_product(), 1), customer=seeder.make_customer())
    page: Page = open_page("manager", viewport=PHONE, java_script_enabled=request.param)
    return page


def bottom(control: Locator) -> float:
    box = control.bounding_box()
    assert box
    return box["y"] + box["height"]


@pytest.mark.parametrize(
    "path",
    [
        "/orders/",
        "/customers/",
        "/products/",
        "/orders/?status=placed&first=2020-01-01&sort=oldest",
        "/customers/?q=a&shown=all",
        "/products/?shown=all",
    ],
)
def test_a_list_begins_on_the_first_screen(phone: Page, seeder: Seeder, path: str) -> None:
    for name in ("Wait for the supplier", "Low and sold out", "To be packed today"):
        seeder.make_view(path.split("/")[1].rstrip("s"), name)
    phone.goto(path)
    assert bottom(phone.locator("header")) <= HEADER
    assert bottom(actions.rows(phone).first) <= PHONE["height"]
    assert bottom(phone.get_by_role("searchbox").first) <= PHONE["height"]


def test_a_draft_shows_where_lines_are_added(phone: Page) -> None:
    actions.new_order(phone)
    assert bottom(phone.locator("header")) <= HEADER
    assert bottom(actions.add_field(phone)) <= PHONE["height"]
    customer = actions.customer_field(phone).bounding_box()
    assert customer
    assert customer["y"] > 0


def test_the_menu_unfolds(phone: Page) -> None:
    links = phone.get_by_role("navigation", name="Main").get_by_role("link")
    expect(links).to_have_count(0)
    expect(phone.get_by_role("button", name="New order")).to_be_visible()
    phone.get_by_text("Menu", exact=True).click()
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    expect(phone.get_by_role("link", name="Keys")).to_be_visible()
    links.filter(has_text="Orders").click()
    expect(phone.get_by_role("heading", name="Orders")).to_be_visible()
    expect(links).to_have_count(0)


def test_folded_filters_say_what_is_set(phone: Page) -> None:
    phone.goto("/orders/")
    summary = phone.locator("#filters-set")
    expect(summary).to_have_text("Filters")
    expect(phone.get_by_label("Status")).to_be_hidden()
    summary.click()
    phone.get_by_label("Status").select_option("placed")
    phone.get_by_label("From", exact=True).fill("2020-01-01")
    phone.get_by_label("Sort").select_option("oldest")
    phone.get_by_role("button", name="Show").click()
    expect(summary).to_have_text("Filters: 2 set · Oldest")
    expect(phone).to_have_url(re.compile(r"/orders/\?status=placed&first=2020-01-01&sort=oldest$"))
    phone.reload()
    expect(phone.get_by_label("Status")).to_be_hidden()
    expect(summary).to_have_text("Filters: 2 set · Oldest")


def test_where_there_is_room_nothing_folds(phone: Page) -> None:
    phone.set_viewport_size({"width": 1024, "height": 768})
    phone.goto("/orders/")
    expect(phone.get_by_label("Status")).to_be_visible()
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    expect(phone.locator("summary:visible")).to_have_count(0)


def test_what_is_unfolded_has_no_barrier(clerk: Page, seeder: Seeder) -> None:
    seeder.make_view("order", "A name that is longer than a phone is wide")
    clerk.set_viewport_size(PHONE)
    clerk.goto("/orders/?status=placed")
    clerk.get_by_text("Menu", exact=True).click()
    clerk.locator("#filters-set").click()
    accessibility.check(clerk)

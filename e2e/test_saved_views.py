"""Views of lists that staff save under a name."""

from playwright.sync_api import Page, expect

from e2e import accessibility, actions
from e2e.list_actions import box_of, make_orders_of_one_customer
from testing.seeding import Seeder, unique_word


def test_a_view_is_saved_renamed_overwritten_and_deleted(any_clerk: Page, seeder: Seeder) -> None:
    name, _ = make_orders_of_one_customer(seeder, 1)
    view = f"View {unique_word()}"
    any_clerk.goto(f"/orders/?customer={name}&status=placed")
    views = any_clerk.get_by_role("navigation", name="Saved views")
    views.get_by_role("link", name="Save this view").click()
    expect(any_clerk.get_by_label("Name", exact=True)).to_be_focused()
    any_clerk.get_by_label("Name", exact=True).fill(view)
    any_clerk.get_by_role("button", name="Save").click()
    actions.expect_said(any_clerk, f"“{view}” was saved.")
    expect(views.get_by_role("link", name=view)).to_have_attribute("aria-current", "page")
    any_clerk.goto("/orders/")
    expect(views.get_by_role("link", name="All")).to_have_attribute("aria-current", "page")
    views.get_by_role("link", name=view).click()
    expect(actions.rows(any_clerk)).to_have_count(1)
    expect(any_clerk.get_by_label("Status")).to_have_value("placed")

    any_clerk.goto("/orders/views/")
    any_clerk.get_by_label(f"New name of {view}").fill(f"{view} too")
    any_clerk.get_by_role("button", name=f"Rename {view}").click()
    actions.expect_said(any_clerk, f"“{view}” is called “{view} too” now.")
    any_clerk.get_by_role("button", name=f"Delete {view} too").click()
    actions.expect_said(any_clerk, f"“{view} too” was deleted.")
    expect(any_clerk.get_by_label("Name", exact=True)).to_have_value(f"{view} too")
    any_clerk.get_by_role("button", name="Save").click()
    expect(views.get_by_role("link", name=f"{view} too")).to_have_attribute("aria-current", "page")
    any_clerk.goto("/orders/views/")
    any_clerk.get_by_role("button", name=f"Delete {view} too").click()
    expect(any_clerk.get_by_role("link", name=f"{view} too")).to_have_count(0)


def test_the_link_to_save_follows_the_filters_without_a_new_page(clerk: Page, seeder: Seeder) -> None:
    name, _ = make_orders_of_one_customer(seeder, 1)
    clerk.goto("/orders/")
    actions.search(clerk, name, "Customer")
    expect(actions.rows(clerk)).to_have_count(1)
    clerk.get_by_role("link", name="Save this view").click()
    expect(clerk.locator(".fields")).to_contain_text(name)


def test_a_manager_shares_a_view_and_a_clerk_uses_it(clerk: Page, manager: Page) -> None:
    view = f"Low {unique_word()}"
    manager.goto("/products/views/?stock=low")
    manager.get_by_label("Name", exact=True).fill(view)
    manager.get_by_role("checkbox", name="For everybody").check()
    manager.get_by_role("button", name="Save").click()
    clerk.goto("/products/")
    clerk.get_by_role("link", name=view).click()
    expect(clerk.get_by_label("Stock")).to_have_value("low")
    clerk.get_by_role("link", name="Edit views").click()
    expect(clerk.get_by_role("checkbox", name="For everybody")).to_have_count(0)
    expect(clerk.get_by_role("button", name=f"Delete {view}")).to_have_count(0)
    manager.goto("/products/views/")
    manager.get_by_role("button", name=f"Delete {view}").click()


def test_the_pages_of_views_have_no_barrier(manager: Page, seeder: Seeder) -> None:
    name, [first, _] = make_orders_of_one_customer(seeder, 2)
    view = unique_word()
    manager.goto(f"/orders/views/?customer={name}&sort=largest")
    accessibility.check(manager)
    manager.get_by_role("button", name="Save").click()
    expect(manager.locator(".invalid-feedback")).to_be_visible()
    accessibility.check(manager)
    manager.get_by_label("Name", exact=True).fill(view)
    manager.get_by_role("button", name="Save").click()
    box_of(manager, first).check()
    accessibility.check(manager)
    manager.goto("/orders/views/")
    manager.get_by_label(f"New name of {view}").fill("")
    manager.get_by_role("button", name=f"Rename {view}").click()
    expect(manager.get_by_role("alert")).to_be_visible()
    accessibility.check(manager)
    manager.goto("/orders/views/")
    manager.get_by_role("button", name=f"Delete {view}").click()
    accessibility.check(manager)

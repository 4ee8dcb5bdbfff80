"""What tests of lists do: orders that one search finds, their boxes and the buttons for all selected."""

from playwright.sync_api import Locator, Page

from testing.seeding import Seeder


def box_of(page: Page, reference: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {reference}")


def bulk_button(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Selected orders").get_by_role("button", name=name)


def make_orders_of_one_customer(seeder: Seeder, number: int) -> tuple[str, list[str]]:
    """Returns a name that finds only these orders, and their references."""
    customer = seeder.make_customer()
    product = seeder.make_product(price="2.00")
    return customer.name, [seeder.make_order((product, 1), customer=customer) for _ in range(number)]

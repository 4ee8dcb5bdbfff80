"""The keys: named by the controls that they press, and listed on a page of their own."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from shop.models import User
from shop.orders.services import drafts
from testing.factories import DraftFactory, ProductFactory
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

LISTED = re.compile(r"<dt>(.*?)</dt>")


def listed(page: Page) -> set[str]:
    """The keys of a list, as controls name them."""
    rows = [re.findall(r"<kbd>(.*?)</kbd>", row) for row in LISTED.findall(page.source)]
    # Browsers call the key Escape; it bears the letters Esc.
    return {"+".join(keys).lower().replace("esc", "escape") for keys in rows}


def test_the_page_lists_every_key_that_a_control_names(clerk: User) -> None:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    named = {key for path in templates for key in re.findall(r'data-shortcut="([^"]+)"', path.read_text())}

    assert {"n", "?", "/", "ctrl+enter"} <= named
    assert named <= listed(Page(signed_in(clerk).get("/keys/")))


@pytest.mark.parametrize("path", ["/orders/", "/customers/", "/products/"])
def test_a_slash_leads_to_the_search_of_a_list(path: str, clerk: User) -> None:
    fields = Page(signed_in(clerk).get(path)).all("input")

    assert [field["name"] for field in fields if field.get("data-shortcut") == "/"] == ["q"]


def test_a_key_presses_one_control_of_a_page_and_is_told_to_assistive_technology(clerk: User) -> None:
    client = signed_in(clerk)
    order = DraftFactory(lines=[ProductFactory()])
    drafts.open_draft(staff_id=clerk.pk)
    for path in ("/", "/orders/", order.get_absolute_url(), f"{order.get_absolute_url()}review/"):
        elements = [attrs for _, attrs in Page(client.get(path)).elements if "data-shortcut" in attrs]
        names = [attrs["data-shortcut"] for attrs in elements]
        assert len(names) == len(set(names)), path
        spoken = [attrs["aria-keyshortcuts"].lower().replace("control", "ctrl") for attrs in elements]
        assert spoken == names


def test_the_header_leads_to_the_keys_without_javascript(clerk: User) -> None:
    page = Page(signed_in(clerk).get("/"))

    assert page.all("a", **{"data-open-keys": ""})[0]["href"] == "/keys/"

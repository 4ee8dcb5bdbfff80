"""Whose shop it is: said on the sign-in page, in every title, and on paper."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from shop import configuration
from shop.models import User
from testing.factories import PlacedFactory, ProductFactory
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db
named = pytest.mark.usefixtures("name")

NAME = "Möbel & Söhne"
WRITTEN = "Möbel &amp; Söhne"


@pytest.fixture
def name(settings: Settings) -> None:
    settings.SHOP_NAME = NAME


def title(page: Page) -> str:
    return page.source.split("<title>")[1].split("</title>")[0]


@named
def test_the_sign_in_page_says_whose_shop_it_is(client: Client) -> None:
    page = Page(client.get("/sign-in/"))

    assert title(page) == f"Sign in · {WRITTEN}"
    assert f'<p class="shop-name">{WRITTEN}</p>' in page.source


@named
def test_every_title_and_the_header_say_it(manager: User) -> None:
    client = signed_in(manager)
    for path in ("/", "/orders/", "/customers/new/", "/keys/", "/orders/views/", "/nowhere/"):
        page = Page(client.get(path))
        assert title(page).endswith(f" · {WRITTEN}"), path
        assert page.all("p", **{"class": "shop-name only-print"}), path
    assert Page(client.get("/")).source.count(f">{WRITTEN}</a>") == 1


@named
def test_each_sheet_of_paper_says_it_once(clerk: User) -> None:
    client = signed_in(clerk)
    first, second = (PlacedFactory(lines=[ProductFactory()]).reference for _ in range(2))
    for path, sheets in (
        (f"/orders/{first}/print/", 1),
        (f"/orders/print/?order={first}&order={second}", 2),
    ):
        page = Page(client.get(path))
        assert len(page.all("p", **{"class": "shop-name"})) == sheets
        assert not page.all("p", **{"class": "shop-name only-print"})


def test_the_admin_site_says_it(admin_user: User) -> None:
    assert "shop: admin" in signed_in(admin_user).get("/admin/").content.decode()


def test_the_lines_of_an_order_link_to_their_products(clerk: User) -> None:
    lamp, client = ProductFactory(), signed_in(clerk)
    order = PlacedFactory(lines=[lamp])
    links = {
        path: len(Page(client.get(path)).all("a", href=lamp.get_absolute_url()))
        for path in (order.get_absolute_url(), f"{order.get_absolute_url()}print/")
    }

    assert list(links.values()) == [1, 0]


def test_the_shop_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_NAME", raising=False)
    assert configuration.read_shop_name() == "shop"
    monkeypatch.setenv("SHOP_NAME", "  ")
    assert configuration.read_shop_name() == "shop"

    monkeypatch.setenv("SHOP_NAME", " Möbel & Söhne “West” ")
    assert configuration.read_shop_name() == "Möbel & Söhne “West”"
    monkeypatch.setenv("SHOP_NAME", "x" * 60)
    assert configuration.read_shop_name() == "x" * 60


@pytest.mark.parametrize(
    "name", ["x" * 61, "Two\nlines", "Tab\tbed", "Back\u202ewards", "Zero\u200bwidth", "\x7f"]
)
def test_a_name_that_cannot_be_read_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_NAME", name)
    with pytest.raises(ImproperlyConfigured, match=r"^SHOP_NAME .* at most 60 characters"):
        configuration.read_shop_name()

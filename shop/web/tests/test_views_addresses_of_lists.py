"""The address of a list holds what is set, and nothing else."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from shop.models import Order, User
from shop.saved_views.services import save_view
from shop.web.lists import PAGE_SIZE
from testing.factories import CustomerFactory, ProductFactory
from testing.pages import HTMX, Page, signed_in

pytestmark = pytest.mark.django_db

#: What the forms above the lists send with one field filled in, and what of it is set.
SENT = {
    "/customers/?q=ada&shown=&sort=best": "/customers/?q=ada",
    "/customers/?sort=-name&q=+ada+&shown=all": "/customers/?q=ada&shown=all&sort=-name",
    "/products/?q=&stock=low&shown=&sort=best": "/products/?stock=low",
    "/orders/?q=&status=placed&first=&last=&customer=&product=&clerk=&sort=newest": "/orders/?status=placed",
    "/orders/?q=&status=&first=&last=&customer=&product=&clerk=&sort=newest": "/orders/",
    "/orders/?&q=x&q=ada%26b&nonsense=1": "/orders/?q=ada%26b",
    "/orders/?sort=nonsense": "/orders/",
}


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.mark.parametrize(("sent", "kept"), SENT.items())
def test_a_form_without_javascript_is_led_to_what_is_set(sent: str, kept: str, client: Client) -> None:
    answer = client.get(sent)

    assert (answer.status_code, answer["Location"]) == (302, kept)
    assert client.get(kept).status_code == 200


@pytest.mark.parametrize(("sent", "kept"), SENT.items())
def test_a_list_that_follows_the_filters_has_the_same_address(sent: str, kept: str, client: Client) -> None:
    answer = client.get(sent, headers=HTMX)

    assert (answer.status_code, answer["HX-Replace-Url"]) == (200, kept)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_pages_of_a_list_keep_what_is_set_alone(headers: dict[str, str], client: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        ProductFactory(name=f"Lamp {number:03}")
    sent = "/products/?q=lamp&stock=&shown=&sort=name" if headers else "/products/?q=lamp&sort=name"
    [following] = Page(client.get(sent, headers=headers)).all("a", rel="next")
    assert following["href"].startswith("?q=lamp&sort=name&after=")

    second = Page(client.get(f"/products/{following['href']}", headers=headers))
    assert [link["href"] for link in second.all("a") if "sort=name" in link["href"]][
        -1
    ] == "?q=lamp&sort=name"


def test_the_first_page_of_a_list_without_filters_has_no_query(client: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        CustomerFactory(name=f"Ada {number:03}")
    [following] = Page(client.get("/customers/")).all("a", rel="next")
    page = Page(client.get(f"/customers/{following['href']}"))

    [first] = [link for link in page.all("a", href="/customers/") if "btn" in link.get("class", "")]
    assert client.get(first["href"]).status_code == 200


def test_links_to_and_from_views_hold_no_empty_query(client: Client, clerk: User) -> None:
    save_view(noun="order", name="Mine", query="status=placed", owner_id=clerk.pk)
    Order.objects.create()
    for path in ("/orders/", "/orders/views/", "/orders/?status=draft", "/orders/views/?status=draft"):
        links = [link["href"] for link in Page(client.get(path)).all("a")]
        assert [link for link in links if link.endswith("?")] == [], path
        assert all(urlsplit(link).query in ("", "status=placed", "status=draft") for link in links), path


def test_bulk_actions_lead_back_to_the_same_address(client: Client) -> None:
    Order.objects.create()
    sent = "/orders/?q=&status=draft&first=&last=&customer=&product=&clerk=&sort=newest"

    assert Page(client.get(sent, headers=HTMX)).value("list") == "status=draft"


def test_no_list_takes_the_focus_by_itself(client: Client) -> None:
    for path in ("/customers/", "/products/", "/orders/"):
        page = Page(client.get(path))
        assert page.focused_names == []
        assert page.all("input", name="q")[0]["data-shortcut"] == "/"

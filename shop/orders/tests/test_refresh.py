"""The lists that refresh by themselves: a page is sent only when something changed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.models import Order, Session, User
from shop.orders.services import placed_orders
from testing.factories import PlacedFactory, ProductFactory
from testing.pages import HTMX, Page, signed_in

pytestmark = pytest.mark.django_db

PATHS = {"/": "today", "/orders/": "results", "/orders/?status=placed&sort=largest": "results"}


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_answered_without_a_body(path: str, client: Client) -> None:
    PlacedFactory()
    first = client.get(path, headers=HTMX)

    refresh = client.get(path, headers=HTMX | {"If-None-Match": first["ETag"]})

    assert (first.status_code, refresh.status_code, refresh.content) == (200, 304, b"")
    assert refresh["ETag"] == first["ETag"]
    assert "no-store" in refresh["Cache-Control"]
    assert {"HX-Request", "Cookie"} <= set(refresh["Vary"].split(", "))


@pytest.mark.parametrize("path", PATHS)
def test_what_changed_is_answered_with_the_part(path: str, client: Client) -> None:
    PlacedFactory()
    first = client.get(path, headers=HTMX)
    new: Order = PlacedFactory()

    refresh = client.get(path, headers=HTMX | {"If-None-Match": first["ETag"]})

    assert refresh.status_code == 200
    assert refresh["ETag"] != first["ETag"]
    assert not Page(refresh).is_whole
    tag, attributes = Page(refresh).elements[0]
    assert (tag, attributes["id"]) == ("div", PATHS[path])
    assert new.reference in Page(refresh).text


def test_the_home_pages_part_brings_the_heading_with_its_day(client: Client) -> None:
    _, attributes = Page(client.get("/", headers=HTMX)).elements[0]

    assert attributes["data-heading"] == f"Today, {timezone.localdate():%A} {timezone.localdate():%-d %B}"
    assert f"<h1>{attributes['data-heading']}</h1>" in Page(client.get("/")).source


def test_a_status_that_changed_is_a_change(client: Client) -> None:
    order = PlacedFactory(lines=[ProductFactory()])
    first = client.get("/orders/", headers=HTMX)
    placed_orders.fulfil_order(reference=order.reference, staff_id=None)

    refresh = client.get("/orders/", headers=HTMX | {"If-None-Match": first["ETag"]})

    assert refresh.status_code == 200
    assert "Fulfilled" in Page(refresh).text


def test_one_persons_part_is_not_anothers(client: Client, manager: User) -> None:
    """Two users have different saved views and permissions, so an ETag must not depend on the rows only."""
    client.post("/orders/views/?status=placed", {"name": "Mine"})
    mine = client.get("/orders/", headers=HTMX)

    theirs = signed_in(manager).get("/orders/", headers=HTMX | {"If-None-Match": mine["ETag"]})

    assert theirs.status_code == 200
    assert "Mine" not in Page(theirs).text


@pytest.mark.parametrize("path", PATHS)
def test_asking_does_not_prolong_the_sign_in_or_write(path: str, client: Client) -> None:
    ends = Session.objects.get().expire_date
    etag = client.get(path, headers=HTMX)["ETag"]

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, headers=HTMX | {"If-None-Match": etag})

    assert {query["sql"].split()[0] for query in captured} <= {"SELECT", "WITH"}
    assert not answer.cookies
    assert Session.objects.get().expire_date == ends


@pytest.mark.parametrize("path", PATHS)
def test_who_is_signed_out_is_led_to_sign_in(path: str, client: Client) -> None:
    etag = client.get(path, headers=HTMX)["ETag"]
    Session.objects.all().delete()

    answer = client.get(path, headers=HTMX | {"If-None-Match": etag})

    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_messages_wait_for_a_page(client: Client) -> None:
    client.post("/customers/new/", {"name": "Ada"})

    assert "was created" not in Page(client.get("/orders/", headers=HTMX)).text
    assert "Ada was created." in Page(client.get("/orders/")).text


@pytest.mark.parametrize(("path", "part"), [("/", "today"), ("/orders/", "results")])
def test_a_page_names_its_part_and_lets_it_be_stopped(path: str, part: str, client: Client) -> None:
    page = Page(client.get(path))

    assert [attrs["data-refresh"] for _, attrs in page.elements if "data-refresh" in attrs] == [part]
    assert [attrs["type"] for attrs in page.all("input") if "data-follow" in attrs] == ["checkbox"]
    assert "Refresh by itself" in page.text
    assert [script["src"] for script in page.all("script")][-1] == "/static/js/lists.js"

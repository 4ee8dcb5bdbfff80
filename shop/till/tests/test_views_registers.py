"""Which register a browser uses, new registers, its drawer, and what other pages show of tills."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.closing.tests.test_views_closing import read
from shop.models import Order, Register
from shop.payments.tests.entries import make_order
from shop.till.services import find_register_id
from shop.till.tests.test_sessions import close, start
from testing.pages import Page

pytestmark = pytest.mark.django_db


def make_second() -> Register:
    return Register.objects.create(name="Till 2", prefix="T2")


def prefix_of(order: Order) -> str:
    """The till that took the one payment of an order."""
    return Register.objects.get(sessions__payments__order=order).prefix


def take(client: Client, order: Order) -> Any:
    hidden = read(client, order.get_absolute_url()).fields("payment/")
    sent = {"snapshot": hidden["snapshot"], "key": hidden["key"], "method": "cash", "exact": "1"}
    return client.post(f"{order.get_absolute_url()}payment/", sent)


def test_a_browser_uses_the_till_that_was_chosen(clerks: Client) -> None:
    second, order = make_second(), make_order("5.00")
    response = clerks.post(f"/tills/{second.pk}/choose/")
    assert response.status_code == 303

    take(clerks, order)

    assert prefix_of(order) == "T2"
    assert "uses this one" in read(clerks, "/tills/").text
    Register.objects.filter(pk=second.pk).update(active=False)
    take(clerks, other := make_order("5.00"))
    assert prefix_of(other) == "T1"


@pytest.mark.parametrize("cookie", ["2", "2:forged", "x"])
def test_a_forged_choice_counts_for_nothing(clerks: Client, cookie: str) -> None:
    make_second()
    clerks.cookies["till"] = cookie

    take(clerks, order := make_order("5.00"))

    assert prefix_of(order) == "T1"


def test_a_payment_to_a_closed_till_links_to_opening_it(clerks: Client) -> None:
    close(start(), "4×50")

    response = take(clerks, make_order("5.00"))

    assert response.status_code == 409
    page = Page(response)
    assert "Till 1 is closed. Open it first." in page.text
    assert page.all("a", href=f"/tills/{find_register_id(None)}/open/")


def test_a_manager_makes_a_register(managers: Client) -> None:
    key = read(managers, "/tills/new/").value("key")
    for _ in range(2):
        assert managers.post("/tills/new/", {"key": key, "name": "Bar", "prefix": "B"}).status_code == 303

    made = Register.objects.get(prefix="B")
    assert (made.name, made.opens_itself, made.purpose) == ("Bar", False, "counter")
    assert managers.post("/tills/new/", {"name": "Bar", "prefix": "b"}).status_code == 422


def test_the_home_page_shows_the_tills(clerks: Client) -> None:
    start()
    assert "Till 1 open since" in read(clerks, "/").text


def test_a_till_shows_its_closed_sessions_and_managers_what_was_missing(
    clerks: Client, managers: Client
) -> None:
    first = close(start(), "3×50")
    second = close(start("3×50"), "3×50")
    path = f"/tills/{first.register_id}/"

    page = read(managers, path)
    assert re.findall(r"Z\d|-?\$[\d.]+", page.text) == ["Z2", "$0.00", "Z1", "-$50.00"]
    assert page.all("a", href=f"/tills/sessions/{second.pk}/report/")
    assert re.findall(r"Z\d|-?\$[\d.]+", read(clerks, path).text) == ["Z2", "Z1"]


def test_a_form_opens_the_drawer_once(clerks: Client) -> None:
    session = start()
    till, path = f"/tills/{session.register_id}/", f"/tills/sessions/{session.pk}/drawer/"

    for _ in range(2):
        form = read(clerks, till).fields("drawer/")
        answers = [clerks.post(path, {"key": form["key"]}) for _ in range(2)]
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, till)] * 2

    session.refresh_from_db()
    assert session.drawer_openings == 2

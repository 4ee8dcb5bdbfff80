"""Addresses that nobody was given: never an error of ours."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shop.models import Order, User
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
)
from testing.pages import HTMX, signed_in
from testing.property_tests import same_examples

pytestmark = pytest.mark.django_db


LISTS = {
    "/customers/": (CustomerFactory, ["name", "-name", "newest", "oldest"]),
    "/products/": (ProductFactory, ["name", "-name", "sku", "price", "-price"]),
    "/orders/": (lambda: Order.objects.create(), ["newest", "oldest", "largest", "smallest"]),
}


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


NAMES = ["q", "sort", "after", "shown", "stock", "status", "first", "last", "customer", "product", "clerk"]
DESK = ["add", "customer", "undo"]
VALUES = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"[0-9.,*+-]{0,40}", fullmatch=True),
    st.sampled_from(
        ["retired", "all", "low", "tracked", "draft", "2026-01-31", "9" * 200, "\0", "5*\0", "0*x"]
    ),
    st.text("Aa1 -", max_size=3000),
)


@same_examples
@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
def test_no_query_string_breaks_a_list(query: dict[str, str]) -> None:
    client = _somebody()
    for path in LISTS:
        asked = urlencode(query, errors="surrogatepass")
        assert client.get(f"{path}?{asked}", follow=True).status_code in (200, 404)
        assert client.get(f"{path}?{asked}", headers=HTMX).status_code in (200, 404)


@same_examples
@given(st.dictionaries(st.sampled_from(DESK), VALUES, max_size=3))
def test_no_query_string_breaks_the_desk(query: dict[str, str]) -> None:
    client, order = _somebody(), DraftFactory()

    asked = urlencode(query, errors="surrogatepass")
    assert client.get(f"{order.get_absolute_url()}?{asked}").status_code == 200


def _somebody() -> Client:
    user = User.objects.filter(is_superuser=True).first()
    return signed_in(user or UserFactory(is_superuser=True))


@pytest.mark.parametrize(
    "query",
    [
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"first": "9999-12-31"},
        {"last": "0001-01-01"},
        {"first": "yesterday", "last": "2026-02-30"},
        {"clerk": "9" * 40},
        {"clerk": "-1"},
        {"clerk": "x\0"},
        {"status": "\0"},
        {"q": "\0", "customer": "\0", "product": "\0"},
    ],
)
def test_impossible_filters_are_answered(query: dict[str, str], client: Client) -> None:
    assert client.get("/orders/", query, follow=True).status_code == 200


@pytest.mark.parametrize(
    "path", ["/customers/{}/", "/products/{}/", "/customers/{}/delete/", "/products/{}/stock/"]
)
@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 19, "9" * 30, "9" * 5000])
def test_ids_that_no_row_can_have_are_not_found(path: str, pk: str, manager: User) -> None:
    assert signed_in(manager).get(path.format(pk)).status_code == 404


@pytest.mark.parametrize("step", ["payments/{}/slip/", "payments/{}/reverse/", "returns/{}/credit-note/"])
@pytest.mark.parametrize("pk", ["0", "9" * 19, "9" * 30])
def test_ids_that_no_row_of_an_order_can_have_are_not_found(step: str, pk: str, manager: User) -> None:
    path = f"{PlacedFactory().get_absolute_url()}{step.format(pk)}"

    assert signed_in(manager).post(path, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("number", ["%00", "T1-%00", "T1-000001%00", "x", "%ED%A0%80", "9" * 300])
def test_numbers_that_no_document_has_are_not_found(number: str, manager: User) -> None:
    for step in ("", "withdraw/"):
        assert signed_in(manager).get(f"/documents/{number}/{step}").status_code == 404


@pytest.mark.parametrize(
    "reference", ["AAA-AAAA", "%00%00%00-%00%00%00%00", "x", "%ED%A0%80", "K7M-2QX4x", "ééé-éééé"]
)
def test_references_that_no_order_has_are_not_found(reference: str, client: Client) -> None:
    for step in ("", "review/", "print/"):
        assert client.get(f"/orders/{reference}/{step}").status_code == 404


def test_a_reference_in_small_letters_is_the_order(client: Client) -> None:
    order = DraftFactory()

    assert client.get(order.get_absolute_url().lower()).status_code == 200


@pytest.mark.parametrize("broken", ["%ED%A0%80", "%FF%FE", "%", "%00", "%E2%82"])
def test_addresses_that_are_not_utf_8_are_answered(broken: str, client: Client) -> None:
    desk = DraftFactory().get_absolute_url()
    for path in (*LISTS, desk):
        asked = "&".join(f"{name}={broken}" for name in [*NAMES, *DESK] if name != "after")
        assert client.get(f"{path}?{asked}", follow=True).status_code == 200
        assert client.get(f"{path}?after={broken}", follow=True).status_code == (200 if path == desk else 404)
    assert client.get(f"/{broken}/").status_code == 404

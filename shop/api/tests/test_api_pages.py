"""Lists come in pages, in the order of their ids, at a cost that does not grow with the rows."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Customer, Product, User
from shop.orders.services.new_orders import Item, place_new_order
from shop.products.services import create_product
from testing.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


def make_customers(count: int) -> list[int]:
    Customer.objects.bulk_create(Customer(name=f"C{n}", name_key=f"c{n}") for n in range(count))
    return sorted(Customer.objects.values_list("pk", flat=True))


def follow(api: Api, path: str) -> list[list[int]]:
    """The ids on each page, from `path` on."""
    pages = []
    while path:
        response = api.send("GET", path)
        pages.append([row["id"] for row in response.json()])
        link = response.headers.get("Link", "")
        path = link and re.findall(r'^<(.+)>; rel="next"$', link)[0]
    return pages


def test_links_lead_through_all_rows_once(api: Api):
    ids = make_customers(5)

    assert follow(api, "/customer/?limit=2") == [ids[:2], ids[2:4], ids[4:]]
    assert follow(api, "/customer?limit=5") == [ids]


def test_a_page_has_1000_rows_at_most(api: Api):
    ids = make_customers(1001)

    assert follow(api, "/customer/") == [ids[:1000], ids[1000:]]


def test_after_is_where_the_page_begins(api: Api):
    ids = make_customers(3)

    assert follow(api, f"/customer/?after={ids[1]}") == [ids[2:]]
    assert follow(api, f"/customer/?after={2**63 - 1}") == [[]]


@pytest.mark.parametrize("noun", ["customer", "product", "order"])
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "limit=1.5", "after=x", "after=-1"]
)
def test_a_bad_parameter_is_400_and_named(api: Api, noun, query):
    error = api.refused(400, "GET", f"/{noun}/?{query}")

    assert error["error"] == "bad_parameter"
    assert set(error["fields"]) == {query.partition("=")[0]}


def test_a_number_no_id_can_be_is_400(api: Api):
    for after in (2**63, 10**100):
        assert api.refused(400, "GET", f"/customer/?after={after}")["fields"]["after"]


def place(count: int) -> None:
    for _ in range(count):
        products = [
            create_product(name="Mug", unit_price=Decimal(1), once=None, staff_id=None) for _ in range(3)
        ]
        items = [Item(product.pk, 1) for product in products]
        place_new_order(customer_id=None, items=items, expected_subtotal=None, staff_id=None, once=None)


@pytest.mark.usefixtures("known_roles")
@pytest.mark.parametrize("path", ["/customer/", "/product/", "/order/"])
def test_statements_do_not_grow_with_the_rows(api: Api, path):
    counts = []
    for _ in range(2):
        make_customers(4)
        place(2)
        with CaptureQueriesContext(connection) as queries:
            rows = api.get(path)
        counts.append((len(queries), len(rows)))

    assert counts[0][0] == counts[1][0]
    assert counts[0][1] < counts[1][1]


@pytest.mark.usefixtures("known_roles")
def test_orders_take_one_statement_more_than_their_page(api: Api):
    place(3)
    with CaptureQueriesContext(connection) as orders:
        api.get("/order/")
    with CaptureQueriesContext(connection) as products:
        api.get("/product/")

    assert len(orders) == len(products) + 1
    assert Product.objects.count() == 9

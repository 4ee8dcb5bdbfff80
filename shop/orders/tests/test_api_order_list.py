"""What the JSON API's list of orders shows, and what it costs to place one."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import OrderLine, Product, User
from shop.orders.services import drafts
from shop.products.services import create_product, update_product
from shop.returns import services as returns
from testing.api_client import Api, read_json
from testing.factories import ProductFactory, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


@pytest.fixture
def mug(db) -> Product:
    return create_product(name="Mug", unit_price=Decimal("12.30"), stock=5, once=None, staff_id=None)


def test_lines_keep_the_price_they_were_sold_at(api: Api, mug):
    order = api.post("/order/", {"products": [{"id": mug.pk}]})
    update_product(
        product_id=mug.pk,
        name="Mug",
        unit_price=Decimal(99),
        sku=mug.sku,
        barcode=None,
        staff_id=None,
        seen_version=version_of(mug),
    )

    assert api.get("/order/") == [order]


def test_drafts_are_not_listed_and_cancelled_orders_are(api: Api, clerk: User, mug):
    placed = api.post("/order/", {"products": [{"id": mug.pk}]})
    cancelled = api.post("/order/", {"products": [{"id": mug.pk}]})
    returns.cancel_order(reference=cancelled["reference"], staff_id=clerk.pk, allow_fulfilled=False)
    discarded = drafts.open_draft(staff_id=clerk.pk)
    drafts.discard_draft(reference=discarded.reference, staff_id=clerk.pk)
    draft = drafts.open_draft(staff_id=clerk.pk)

    lines = [cancelled["lines"][0] | {"returned": 1}]
    after = {"status": "cancelled", "returned": cancelled["total"], "lines": lines}
    assert api.get("/order/") == [placed, cancelled | after]
    assert api.get(f"/order/{draft.pk}/") == api.get(f"/order/{discarded.pk}/") == []


def test_a_page_ends_before_its_orders_have_too_many_lines(api: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shop.orders.api.PAGE_LINES", 3)
    first, second, long, last = [
        api.post("/order/", {"products": [{"id": ProductFactory().pk} for _ in range(lines)]})
        for lines in (1, 2, 4, 1)
    ]

    pages, address = [], "/order/"
    while address:
        response = api.send("GET", address)
        pages.append(read_json(response, 200))
        link = response.headers.get("Link", "")
        address = link.removeprefix("<").partition(">")[0]

    assert pages == [[first, second], [long], [last]]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_an_order_is_not_changed_here(api: Api, method):
    response = api.send(method, "/order/1/", {})

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["error"] == "method_not_allowed"


def count_statements_of_an_order(api: Api, lines: int) -> int:
    products = [
        create_product(name="Mug", unit_price=Decimal(1), stock=9, once=None, staff_id=None).pk
        for _ in range(lines)
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        api.post("/order/", {"products": [{"id": pk} for pk in products]}, Idempotency_Key=f"{lines}")
    assert OrderLine.objects.filter(product__in=products).count() == lines
    return len(queries)


@pytest.mark.usefixtures("known_roles")
def test_statements_do_not_grow_with_the_lines(api: Api):
    assert count_statements_of_an_order(api, 1) == count_statements_of_an_order(api, 40)

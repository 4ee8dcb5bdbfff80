"""The admin site's pages: every one opens, finds its rows and asks the database no more than it must."""

import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.models import (
    ApiToken,
    BulkResult,
    Customer,
    IdempotencyKey,
    Order,
    OrderEvent,
    OrderLine,
    Product,
    Return,
    ReturnLine,
    SavedView,
    Session,
    StockMovement,
    User,
)
from shop.orders.services import new_orders, placed_orders
from shop.products import services as products
from shop.web import admin as base
from shop.web import read_only_admin
from testing.admin_pages import DELETED, make_everything, make_order, url

pytestmark = pytest.mark.django_db

#: Sessions are nobody's to read: whoever has a session's key is signed in. Results of bulk
#: actions live a week.
UNLISTED = {Session, BulkResult}
EVERY_MODEL: list[type[Model]] = [*apps.get_app_config("shop").get_models(), Group]
MODELS = [model for model in EVERY_MODEL if model not in UNLISTED]
ADDED = {Customer, Product, StockMovement, ApiToken, User}
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)[^>]*>|<[^>]*\s(?:style|on\w+)=[^>]*>")


@pytest.fixture
def order(admin_user: User) -> Order:
    return make_order(admin_user)


@pytest.fixture
def product(order: Order) -> Product:
    return Product.objects.get(order_lines__order=order)


def test_every_model_is_there() -> None:
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


def test_every_page_of_every_model_opens(admins: Client, admin_user: User) -> None:
    make_everything(admin_user, "Tea")
    for model in MODELS:
        check_pages_of(model, admins)


def check_pages_of(model: type[Model], admins: Client) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None

    pages = {
        url(model, "changelist"): True,
        url(model, "changelist") + "?q=tea+1": True,
        url(model, "change", row.pk): True,
        url(model, "history", row.pk): True,
        url(model, "add"): model in ADDED,
        url(model, "delete", row.pk): model in DELETED,
    }
    for page, allowed in pages.items():
        answer = admins.get(page)
        assert (page, answer.status_code) == (page, 200 if allowed else 403)
        # The policy would block these in the browser.
        assert INLINE.findall(answer.content.decode()) == []
        assert "'unsafe" not in answer["Content-Security-Policy"]
    assert url(model, "change", row.pk) in admins.get(url(model, "changelist")).content.decode()


def test_search_finds_rows_and_no_others(admins: Client, admin_user: User) -> None:
    make_everything(admin_user, "Tea")
    reference = Order.objects.get().reference.lower().replace("-", "")
    sku = Product.objects.get().sku
    make_everything(admin_user, "Milk")

    def count_found(model: type[Model], typed: str) -> int:
        return len(admins.get(url(model, "changelist"), {"q": typed}).context["cl"].result_list)

    for model, *words in (
        (Customer, "zoe te"),
        (Product, "tea"),
        (Order, reference, "zoe te"),
        (OrderLine, reference, sku),
        (StockMovement, sku),
        (OrderEvent, reference),
        (Return, reference),
        (ReturnLine, reference, sku),
        (IdempotencyKey, "key Tea"),
        (User, "user t"),
        (ApiToken, "user T"),
        (SavedView, "view t"),
    ):
        for typed in words:
            assert 0 < count_found(model, typed) < model._default_manager.count(), (model, typed)
        assert count_found(model, "nothing like it") == 0, model


def test_a_list_takes_as_many_queries_for_many_rows(admins: Client, admin_user: User) -> None:
    def count_queries() -> dict[type[Model], int]:
        counts: dict[type[Model], int] = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as captured:
                assert admins.get(url(model, "changelist")).status_code == 200
            counts[model] = len(captured)
        return counts

    make_everything(admin_user, "Tea")
    count_queries()
    few = count_queries()
    for name in ("Milk", "Bread", "Salt"):
        make_everything(admin_user, name)

    assert count_queries() == few


def test_an_order_takes_as_many_queries_for_many_lines(admins: Client, admin_user: User) -> None:
    def queries(order: Order) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admins.get(url(Order, "change", order.pk)).status_code == 200
        return len(captured)

    goods = [
        products.create_product(
            name=str(n), unit_price=Decimal(1), stock=9, staff_id=admin_user.pk, once=None
        )
        for n in range(8)
    ]

    def order_of(some: list[Product]) -> Order:
        items = [new_orders.Item(product.pk, 1) for product in some]
        return new_orders.place_new_order(
            customer_id=None, items=items, expected_subtotal=None, staff_id=admin_user.pk, once=None
        )

    short, long = order_of(goods[:1]), order_of(goods)
    queries(short)
    assert queries(short) == queries(long)


def test_an_order_page_shows_only_the_first_lines(
    admins: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_only_admin, "MAX_INLINE_ROWS", 1)
    placed_orders.change_note(
        reference=order.reference, note="the second event", seen_version=order.version, staff_id=None
    )

    page = admins.get(url(Order, "change", order.pk)).content.decode()
    assert "Note changed" not in page
    assert "Placed" in page


@pytest.mark.parametrize("query", [{}, {"_facets": "True"}, {"q": "a"}, {"all": ""}])
def test_no_list_counts_more_than_its_bound(
    admins: Client, admin_user: User, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MAX_COUNTED_ROWS", 0)
    make_everything(admin_user, "Tea")
    for model in MODELS:
        with CaptureQueriesContext(connection) as captured:
            page = admins.get(url(model, "changelist"), query)
        assert (model, page.status_code) == (model, 200)
        assert query or "more than 0" in page.content.decode(), model

        counts = [entry["sql"] for entry in captured if "COUNT(" in entry["sql"]]
        assert len(counts) <= 1, model
        assert all("LIMIT 1)" in sql for sql in counts), model


def test_pages_end_at_the_bound(admins: Client, admin_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_COUNTED_ROWS", 2)
    for name in ("Tea", "Milk", "Bread"):
        make_order(admin_user, name)
    paginator = base.BoundedPaginator(Order.objects.order_by("pk"), 1)

    assert paginator.num_pages == 2
    assert str(paginator.count) == "more than 2"
    assert str(base.BoundedPaginator(Order.objects.none(), 1).count) == "0"


def test_products_are_offered_while_typing(admins: Client, order: Order, product: Product) -> None:
    asked = {"app_label": "shop", "model_name": "stockmovement", "field_name": "product", "term": "te"}
    offered = admins.get(reverse("admin:autocomplete"), asked).json()

    assert offered["results"] == [{"id": str(product.pk), "text": str(product)}]

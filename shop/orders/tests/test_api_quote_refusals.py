"""/order/quote/: what is refused, with which code and values."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from shop.models import Order, Product, TaxClass, User
from shop.money.amounts import MAX_AMOUNT
from shop.taxes.services import set_tax_rate
from testing.api_client import Api
from testing.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db

QUANTITY = "Product 1 of the list: a quantity is a whole number from 1 to 1,000,000."


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


@pytest.fixture
def mug(db: None) -> Product:
    return ProductFactory(name="Mug", unit_price=Decimal("12.30"))


def refuse(api: Api, products: Any, **more: Any) -> dict[str, Any]:
    """The error, without the sentence for people."""
    error: dict[str, Any] = api.refused(422, "POST", "/order/quote/", {"products": products} | more)
    error.pop("detail")
    return error


def test_a_discount_is_never_more_than_its_line(api: Api, mug: Product):
    entries = [{"id": mug.pk}, {"id": mug.pk, "quantity": 2, "discount": "24.61"}]

    assert refuse(api, entries) == {
        "error": "discount_too_large",
        "position": 1,
        "discount": "24.61",
        "base": "24.60",
        "fields": {"products": "A discount of $24.61 is more than the line's $24.60."},
    }


def test_a_line_has_an_amount_or_a_percentage(api: Api, mug: Product):
    entries = [{"id": mug.pk, "discount": 1, "discount_percent": "2.5"}]

    assert refuse(api, entries) == {
        "error": "two_discounts",
        "position": 0,
        "amount": "1.00",
        "percent": "2.5",
        "fields": {"products": "A discount is an amount or a percentage, not both."},
    }


def test_an_order_has_an_amount_or_a_percentage(api: Api, mug: Product):
    assert refuse(api, [{"id": mug.pk}], discount="1.00", discount_percent=0) == {
        "error": "two_discounts",
        "amount": "1.00",
        "percent": "0",
        "fields": {"discount": "A discount is an amount or a percentage, not both."},
    }


@pytest.mark.parametrize("percent", ["100.001", "101", "-1", "-0.001", "1E+400"])
def test_a_percentage_is_from_0_to_100(percent: str, api: Api, mug: Product):
    sentence = "A discount is from 0 to 100 percent."
    error = {"error": "invalid_percent", "percent": percent}

    of_line = refuse(api, [{"id": mug.pk, "discount_percent": percent}])
    assert of_line == error | {"position": 0, "fields": {"products": sentence}}
    of_order = refuse(api, [{"id": mug.pk}], discount_percent=percent)
    assert of_order == error | {"fields": {"discount": sentence}}


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        ("discount", "-0.01", "greater than or equal to 0"),
        ("discount", "1.005", "no more than 2 decimal places"),
        ("discount", "NaN", "Enter a number."),
        ("discount", "true", "Send an amount: a number, or text"),
        ("discount", '"1,50"', "Enter a number."),
        ("discount", "1e400", "no more than 18 digits"),
        ("discount", "[1]", "Send an amount: a number, or text"),
        ("discount_percent", "5.0001", "no more than 3 decimal places"),
        ("discount_percent", "1e-999999", "no more than 3 decimal places"),
        ("discount_percent", '"ten"', "Enter a number."),
        ("discount_percent", "Infinity", "Enter a number."),
        ("discount_percent", "false", "Send a percentage: a number, or text"),
        ("discount_percent", '""', "required"),
    ],
)
def test_what_is_no_discount_is_named(field: str, raw: str, sentence: str, api: Api, mug: Product):
    of_order = b'{"products": [{"id": %d}], "%s": %s}' % (mug.pk, field.encode(), raw.encode())
    fields = api.refused(422, "POST", "/order/quote/", raw=of_order)["fields"]
    assert set(fields) == {field}
    assert sentence in fields[field]

    of_line = b'{"products": [{"id": %d, "%s": %s}]}' % (mug.pk, field.encode(), raw.encode())
    fields = api.refused(422, "POST", "/order/quote/", raw=of_line)["fields"]
    assert set(fields) == {"products"}
    assert fields["products"].startswith(f"Product 1 of the list, {field}: ")
    assert sentence in fields["products"]


@pytest.mark.parametrize(
    ("products", "sentence"),
    [
        (None, "Send a list of at least one product: [{“id”: …, “quantity”: …}]."),
        ([], "Send a list of at least one product: [{“id”: …, “quantity”: …}]."),
        ([{"id": 1}] * 501, "An order has 500 products at most."),
        ([{}], "Product 1 of the list needs its id."),
        (["mug"], "Product 1 of the list needs its id."),
        ([{"id": 1, "quantity": 0}], QUANTITY),
        ([{"id": 1, "quantity": 1.5}], QUANTITY),
        ([{"id": 1, "quantity": "2"}], QUANTITY),
    ],
)
def test_products_are_read_as_for_an_order(products: Any, sentence: str, api: Api):
    assert refuse(api, products)["fields"] == {"products": sentence}
    placing = api.refused(422, "POST", "/order/", {"products": products})
    assert placing["fields"] == {"products": sentence}


def test_what_is_not_on_sale_is_told_as_for_an_order(api: Api, mug: Product):
    retired = ProductFactory(active=False)
    products = [{"id": mug.pk}, {"id": 4711}, {"id": retired.pk}, {"id": 4711}]

    error = refuse(api, products)

    assert (error["error"], error["products"]) == ("not_on_sale", [4711, retired.pk])
    placing = api.refused(422, "POST", "/order/", {"products": products})
    placing.pop("detail")
    assert placing == error


def test_too_many_of_one_product_are_told_as_for_an_order(api: Api, mug: Product):
    products = [{"id": mug.pk, "quantity": 600_000}] * 2

    error = refuse(api, products)

    assert (error["error"], error["wanted"], error["most"]) == ("too_many_of_product", 1_200_000, 1_000_000)


@pytest.mark.parametrize(("includes_tax", "quantity"), [(True, 2), (False, 1)])
def test_a_total_that_cannot_be_stored_is_refused(includes_tax, quantity, api: Api, settings):
    settings.SHOP_PRICES_INCLUDE_TAX = includes_tax
    set_tax_rate(code="S", percent=Decimal(50), valid_from=None)
    yacht = ProductFactory(unit_price=MAX_AMOUNT, tax_class=TaxClass.objects.get())

    error = refuse(api, [{"id": yacht.pk, "quantity": quantity}])

    assert (error["error"], error["most"]) == ("total_too_large", str(MAX_AMOUNT))


def test_a_class_without_a_rate_of_today_is_not_taken_for_untaxed(api: Api):
    today = timezone.localdate()
    set_tax_rate(code="S", percent=Decimal(19), valid_from=today + datetime.timedelta(days=1))
    mug = ProductFactory(tax_class=TaxClass.objects.get())

    error = refuse(api, [{"id": mug.pk}])

    values = {name: error[name] for name in ("error", "product", "tax_class", "day")}
    assert values == {"error": "no_tax_rate", "product": mug.pk, "tax_class": "S", "day": str(today)}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
@pytest.mark.parametrize("path", ["/order/quote/", "/order/quote"])
def test_only_post_asks_for_a_quote(method: str, path: str, api: Api):
    response = api.send(method, path)

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("rights", [(), ("add_order",), ("view_product",), ("view_product", "view_order")])
def test_who_may_not_order_gets_no_quote(rights: tuple[str, ...], mug: Product):
    staff = UserFactory()
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="shop", codename__in=rights))

    api = Api(staff)

    assert api.refused(403, "POST", "/order/quote/", {"products": [{"id": mug.pk}]})["error"] == "forbidden"
    assert Api().send("POST", "/order/quote/", {"products": [{"id": mug.pk}]}).status_code == 401


def test_these_two_rights_are_enough(mug: Product):
    staff = UserFactory()
    rights = Permission.objects.filter(
        content_type__app_label="shop", codename__in=["add_order", "view_product"]
    )
    staff.user_permissions.set(rights)

    assert Api(staff).post("/order/quote/", {"products": [{"id": mug.pk}]})["total"] == "12.30"
    assert not Order.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"text"'])
def test_a_body_is_an_object(raw: bytes, api: Api):
    assert api.send("POST", "/order/quote/", raw=raw).status_code == 400

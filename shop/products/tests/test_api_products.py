"""/product/ and /product/<id>/."""

import pytest

from shop.models import Product, StockMovement, User
from testing.api_client import Api

pytestmark = pytest.mark.django_db

TOO_FINE = "Ensure that there are no more than 2 decimal places."
NO_AMOUNT = "Send an amount: a number, or text such as “12.50”."


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


def test_post_answers_with_the_product(api: Api):
    product = api.post("/product/", {"name": "Mug", "price": 12.5, "sku": "MUG-1", "stock": 7})

    assert product == {
        "id": Product.objects.get().pk,
        "name": "Mug",
        "price": "12.50",
        "sku": "MUG-1",
        "barcode": None,
        "tax_class": None,
        "stock": 7,
        "active": True,
    }
    assert api.get("/product/") == api.get(f"/product/{product['id']}/") == [product]


def test_stock_begins_with_an_entry_of_its_author(api: Api, manager: User):
    api.post("/product/", {"name": "Mug", "price": 1, "stock": 7})

    movement = StockMovement.objects.get()
    assert (movement.quantity, movement.reason, movement.author) == (7, "counted", manager)


def test_without_sku_and_stock_one_is_made_and_none_is_tracked(api: Api):
    product = api.post("/product/", {"name": "Mug", "price": "3"})

    assert product["sku"].startswith("P-")
    assert product["stock"] is None


@pytest.mark.parametrize(
    ("raw", "price"),
    [
        ("5", "5.00"),
        ("5.1", "5.10"),
        ("0.29", "0.29"),
        ('"19.99"', "19.99"),
        ("1e3", "1000.00"),
        ("0", "0.00"),
        ("-0.00", "0.00"),
        ("9999999999999.99", "9999999999999.99"),
        ('"9007199254741.01"', "9007199254741.01"),
    ],
)
def test_a_price_is_kept_to_the_cent(api: Api, raw, price):
    response = api.send("POST", "/product/", raw=b'{"name": "Mug", "price": %s}' % raw.encode())

    assert response.json()["price"] == price
    assert api.get("/product/")[0]["price"] == price


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("1.005", TOO_FINE),
        ('"1.005"', TOO_FINE),
        ("1e-3", TOO_FINE),
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("10000000000000", "Ensure this value is less than or equal to 9999999999999.99."),
        ("1e400", "Ensure that there are no more than 18 digits in total."),
        ("NaN", "Enter a number."),
        ("Infinity", "Enter a number."),
        ('"-Infinity"', "Enter a number."),
        ('"sNaN"', "Enter a number."),
        ('"12,50"', "Enter a number."),
        ('""', "This field is required."),
        ("null", "This field is required."),
        ("true", NO_AMOUNT),
        ("[5]", NO_AMOUNT),
        ('{"amount": 5}', NO_AMOUNT),
    ],
)
def test_what_is_no_price_is_refused_and_never_rounded(api: Api, raw, sentence):
    body = b'{"name": "Mug", "price": %s}' % raw.encode()

    error = api.refused(422, "POST", "/product/", raw=body)

    assert sentence in error["fields"]["price"]
    assert set(error["fields"]) == {"price"}
    assert not Product.objects.exists()


@pytest.mark.parametrize("stock", ["-1", "1.5", "5.0", '"5"', "true", "1000000001", "1" + "0" * 40])
def test_stock_is_a_whole_number(api: Api, stock):
    body = b'{"name": "Mug", "price": 1, "stock": %s}' % stock.encode()

    assert set(api.refused(422, "POST", "/product/", raw=body)["fields"]) == {"stock"}


def test_a_sku_is_used_once(api: Api):
    api.post("/product/", {"name": "Mug", "price": 1, "sku": "MUG-1"})

    error = api.refused(422, "POST", "/product/", {"name": "Cup", "price": 1, "sku": "MUG-1"})

    assert error["fields"] == {"sku": "Mug has this SKU already."}


def test_put_changes_what_was_sent_and_keeps_the_rest(api: Api):
    body = {"name": "Mug", "price": 1, "sku": "MUG-1", "barcode": "4006381333931", "stock": 7}
    product = api.post("/product/", body)

    changed = api.put(f"/product/{product['id']}/", {"name": "Big mug", "price": "1.50"})

    assert changed == product | {"name": "Big mug", "price": "1.50"}
    assert api.get("/product/") == [changed]


@pytest.mark.parametrize("left_out", ["name", "price"])
def test_put_needs_name_and_price(api: Api, left_out):
    product = api.post("/product/", {"name": "Mug", "price": 1})
    body = {"name": "Mug", "price": 1}
    del body[left_out]

    error = api.refused(422, "PUT", f"/product/{product['id']}/", body)

    assert error["fields"] == {left_out: "This field is required."}


def test_put_does_not_set_stock(api: Api):
    product = api.post("/product/", {"name": "Mug", "price": 1, "stock": 7})

    error = api.refused(422, "PUT", f"/product/{product['id']}/", {"name": "Mug", "price": 2, "stock": 9})

    assert set(error["fields"]) == {"stock"}
    assert api.get("/product/") == [product]


def test_put_of_no_product_is_404(api: Api):
    assert api.refused(404, "PUT", "/product/1/", {"name": "Mug", "price": 1})["error"] == "not_found"


def test_a_product_is_not_deleted_here(api: Api):
    response = api.send("DELETE", "/product/1/")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, PUT, HEAD, OPTIONS")

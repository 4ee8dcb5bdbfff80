"""Idempotency-Key: a POST that is sent again is carried out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shop.customers import services as customers
from shop.models import Customer, IdempotencyKey, Order, Product, User
from shop.products.services import create_product
from testing.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


def test_the_same_key_makes_one_row(api: Api):
    first = api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k-1")
    second = api.post("/customer/", {"name": "Carl", "note": None}, Idempotency_Key="k-1")
    other = api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k-2")

    assert first == second
    assert other["id"] != first["id"]
    assert Customer.objects.count() == 2


def test_the_same_key_and_price_in_another_spelling_make_one_product(api: Api):
    answers = [
        api.post("/product/", {"name": "Mug", "price": price}, Idempotency_Key="k")
        for price in (5, "5.0", "5.00")
    ]

    assert answers[0] == answers[1] == answers[2]


def test_the_same_key_places_one_order_and_takes_stock_once(api: Api):
    mug = create_product(name="Mug", unit_price=5, stock=3, once=None, staff_id=None)
    bodies = [{"products": [{"id": mug.pk}]}, {"products": [{"id": mug.pk, "quantity": 1}]}]

    first, second = [api.post("/order/", body, Idempotency_Key="k") for body in bodies]

    assert first == second
    assert Order.objects.count() == 1
    mug.refresh_from_db()
    assert mug.stock == 2


@pytest.mark.parametrize("path", ["/customer/", "/product/"])
def test_the_same_key_with_another_payload_is_422(api: Api, path):
    api.post(path, {"name": "Carl", "price": 1}, Idempotency_Key="k")

    error = api.refused(422, "POST", path, {"name": "Lisa", "price": 1}, Idempotency_Key="k")

    assert error["error"] == "idempotency_key_reused"


def test_the_same_key_for_another_noun_is_422(api: Api):
    api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k")

    api.refused(422, "POST", "/product/", {"name": "Carl", "price": 1}, Idempotency_Key="k")


@pytest.mark.parametrize("name", ["Carl", "Lisa"])
def test_the_same_key_of_two_users_are_two_keys(api: Api, clerk: User, name: str):
    carl = api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k")
    other = Api(clerk).post("/customer/", {"name": name}, Idempotency_Key="k")

    assert (carl["name"], other["name"]) == ("Carl", name)
    assert carl["id"] != other["id"]
    assert Api(clerk).post("/customer/", {"name": name}, Idempotency_Key="k") == other
    assert api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k") == carl


def test_a_key_that_spells_a_user_is_not_that_users(api: Api, manager: User, settings):
    settings.SHOP_API_ANONYMOUS = True
    carl = api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k")

    for key in (f"{manager.pk}:k", f" {manager.pk}:k", "k"):
        assert Api().post("/customer/", {"name": "Carl"}, Idempotency_Key=key)["id"] != carl["id"]


def test_a_refused_post_leaves_its_key_unused(api: Api):
    mug = create_product(name="Mug", unit_price=5, once=None, staff_id=None)
    api.refused(409, "POST", "/order/", {"subtotal": 4, "products": [{"id": mug.pk}]}, Idempotency_Key="k")

    assert api.post("/order/", {"products": [{"id": mug.pk}]}, Idempotency_Key="k")["subtotal"] == "5.00"


def test_a_key_whose_row_was_deleted_is_404(api: Api):
    customer = api.post("/customer/", {"name": "Carl"}, Idempotency_Key="k")
    customers.delete_customer(customer_id=customer["id"])

    assert (
        api.refused(404, "POST", "/customer/", {"name": "Carl"}, Idempotency_Key="k")["error"] == "not_found"
    )


@pytest.mark.parametrize("key", ["", "x" * 256, "naïve", "a\tb", "a\x7f"])
def test_a_key_is_1_to_255_printable_characters(api: Api, key):
    error = api.refused(400, "POST", "/customer/", {"name": "Carl"}, Idempotency_Key=key)

    assert error["error"] == "bad_idempotency_key"
    assert not Customer.objects.exists()


def test_the_longest_key_fits(api: Api, manager: User):
    api.post("/customer/", {"name": "Carl"}, Idempotency_Key="~" * 255)

    assert IdempotencyKey.objects.get().key == f"client {manager.pk}:" + "~" * 255


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["k", None])
def test_posts_at_once_with_a_key_place_one_order_and_without_one_all(manager: User, key):
    mug = create_product(name="Mug", unit_price=5, stock=50, once=None, staff_id=None)
    api = Api(manager)
    headers = {"Idempotency_Key": key} if key else {}

    def post(number: int) -> int:
        try:
            return api.post("/order/", {"products": [{"id": mug.pk, "quantity": 2}]}, **headers)["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(post, range(6)))

    orders = 1 if key else 6
    assert len(set(ids)) == Order.objects.count() == orders
    assert Product.objects.get().stock == 50 - 2 * orders

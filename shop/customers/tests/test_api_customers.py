"""/customer/ and /customer/<id>/."""

import pytest

from shop.models import Customer, User
from shop.orders.services.new_orders import Item, place_new_order
from shop.products.services import create_product
from testing.api_client import Api

pytestmark = pytest.mark.django_db

NOBODY = 2**63 - 1


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


@pytest.fixture
def carl(api: Api):
    return api.post("/customer/", {"name": "Carl"})


def test_post_answers_with_the_customer(api: Api):
    customer = api.post("/customer/", {"name": " Carl ", "phone": "555 0100", "email": None})

    assert customer == {
        "id": Customer.objects.get().pk,
        "name": "Carl",
        "phone": "555 0100",
        "email": "",
        "address": "",
        "note": "",
        "active": True,
    }


def test_a_new_customer_is_found_by_search(carl):
    assert Customer.objects.search("car").get().pk == carl["id"]


def test_get_answers_with_an_array(api: Api, carl):
    lisa = api.post("/customer/", {"name": "Lisa"})

    assert api.get("/customer/") == [carl, lisa]
    assert api.get(f"/customer/{lisa['id']}/") == [lisa]


@pytest.mark.parametrize("pk", ["0", str(NOBODY), str(NOBODY + 1), "9" * 3000, "000"])
def test_no_such_customer_is_an_empty_array(api: Api, carl, pk):
    assert api.get(f"/customer/{pk}/") == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name": "This field is required."}),
        ({"name": None}, {"name": "This field is required."}),
        ({"name": "  "}, {"name": "This field is required."}),
        ({"name": 5}, {"name": "Send text."}),
        ({"name": ["Carl"]}, {"name": "Send text."}),
        ({"name": "x" * 201}, {"name": "Ensure this value has at most 200 characters (it has 201)."}),
        ({"name": "a\0b"}, {"name": "Null characters are not allowed."}),
        ({"name": "Carl", "email": "at home"}, {"email": "Enter a valid email address."}),
    ],
)
def test_post_names_each_field_that_is_wrong(api: Api, body, fields):
    error = api.refused(422, "POST", "/customer/", body)

    assert (error["error"], error["fields"]) == ("invalid", fields)
    assert not Customer.objects.exists()


def test_put_changes_what_was_sent_and_keeps_the_rest(api: Api):
    customer = api.post("/customer/", {"name": "Carl", "phone": "555 0100", "note": "Rings twice"})

    changed = api.put(f"/customer/{customer['id']}/", {"name": "Carla", "note": None})

    assert changed == customer | {"name": "Carla", "note": ""}
    assert api.get(f"/customer/{customer['id']}/") == [changed]


def test_put_takes_back_what_get_gave(api: Api, carl):
    assert api.put(f"/customer/{carl['id']}", carl) == carl


def test_put_needs_a_name(api: Api, carl):
    error = api.refused(422, "PUT", f"/customer/{carl['id']}/", {"phone": "1"})

    assert error["fields"] == {"name": "This field is required."}


def test_put_of_nobody_is_404(api: Api):
    for path in ("/customer/", f"/customer/{NOBODY}/", f"/customer/{NOBODY + 1}/"):
        assert api.refused(404, "PUT", path, {"name": "Carl"})["error"] == "not_found"


def test_put_does_not_undo_what_somebody_else_changed_meanwhile(api: Api, carl, monkeypatch):
    stored = Customer.objects.get()
    Customer.objects.update(phone="555 0199", version=stored.version + 1)
    monkeypatch.setattr(type(Customer.objects), "find", lambda self, pk: stored)

    error = api.refused(409, "PUT", f"/customer/{carl['id']}/", {"name": "Carla"})

    assert error["error"] == "stale"
    assert Customer.objects.get().phone == "555 0199"


def test_delete_deletes_and_again_is_fine(api: Api, carl):
    for _ in range(2):
        response = api.send("DELETE", f"/customer/{carl['id']}/")
        assert (response.status_code, response.content) == (200, b"")
    assert api.get("/customer/") == []


def test_delete_without_an_id_is_404(api: Api, carl):
    assert api.refused(404, "DELETE", "/customer/")["error"] == "not_found"
    assert api.get("/customer/") == [carl]


def test_a_customer_with_orders_cannot_be_deleted(api: Api, carl):
    product = create_product(name="Mug", unit_price=5, once=None, staff_id=None)
    place_new_order(
        customer_id=carl["id"], items=[Item(product.pk, 1)], expected_subtotal=None, staff_id=None, once=None
    )

    error = api.refused(409, "DELETE", f"/customer/{carl['id']}/")

    assert error["error"] == "in_use"
    assert (
        error["detail"]
        == "Carl has orders or credit notes and cannot be deleted. Retire the customer instead."
    )
    assert api.get("/customer/") == [carl]


def test_a_retired_customer_is_still_listed(api: Api, carl):
    Customer.objects.update(active=False)

    assert api.get("/customer/") == [carl | {"active": False}]

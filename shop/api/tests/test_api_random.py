"""Nothing that a client sends is a 500, or answered with a page."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.models import User
from testing.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 3),
    st.floats(),
    st.text(),
    st.text(st.characters(codec=None), max_size=5),
    st.sampled_from(["1e5", "-0", "1_0", "١", "NaN", "9" * 400, "\0", "x" * 3000, 2**63, -(2**63), 10**300]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "quantity"]), inner),
    max_leaves=8,
)
KEYS = [
    "name",
    "price",
    "sku",
    "barcode",
    "stock",
    "phone",
    "email",
    "customer",
    "products",
    "subtotal",
    "id",
]
PATHS = ["/customer/", "/customer/{}/", "/product/", "/product/{}/", "/order/", "/order/{}/"]


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    method=st.sampled_from(["POST", "POST", "PUT", "GET", "DELETE", "PATCH"]),
    path=st.sampled_from(PATHS),
    pk=st.integers(0, 2**70),
    body=st.one_of(st.dictionaries(st.sampled_from(KEYS), VALUES), VALUES),
    named=st.booleans(),
)
def test_no_json_ever_breaks_the_api(api: Api, method, path, pk, body, named):
    if named and isinstance(body, dict):
        body = {"name": "Carl", "price": "1.50"} | body
    raw = json.dumps(body).encode()

    response = api.send(method, path.format(pk), raw=raw)

    answered_without_a_word = method == "DELETE" and response.content == b""
    kind = response.headers["Content-Type"]
    assert response.status_code in {200, 400, 404, 405, 409, 422}, (response.status_code, raw)
    assert kind == "application/json" or answered_without_a_word
    if response.status_code != 200:
        assert set(response.json()) >= {"error", "detail", "fields"}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(["/customer/", "/product/", "/order/"]), raw=st.binary())
def test_no_bytes_ever_break_the_api(api: Api, path, raw):
    assert api.send("POST", path, raw=raw).status_code in {400, 422}

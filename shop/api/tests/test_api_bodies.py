"""Bodies and addresses: what a client may send, and what is refused."""

from types import SimpleNamespace

import pytest

from shop.api import responses
from shop.models import User
from testing.api_client import Api, read_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "invalid_json"),
        (b"name=Carl", "invalid_json"),
        (b'{"name": "Carl"', "invalid_json"),
        (b'{"name": "\xff"}', "invalid_json"),
        ('{"name": "Carl"}'.encode("utf-16"), "invalid_json"),
        (b'{"name": "\\ud800"}', "invalid_json"),
        (b'{"\\udfff": 1, "name": "Carl"}', "invalid_json"),
        (b"[" * 100_000, "invalid_json"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "invalid_json"),
        (b'{"name": ' + b"9" * 5000 + b"}", "invalid_json"),
        (b'{"name": 1e99999999999999999999}', "invalid_json"),
        (b"null", "not_an_object"),
        (b"[]", "not_an_object"),
        (b'"Carl"', "not_an_object"),
        (b"NaN", "not_an_object"),
    ],
)
@pytest.mark.parametrize("path", ["/customer/", "/product", "/order/"])
def test_what_is_no_json_object_is_400(api: Api, path, raw, code):
    assert api.refused(400, "POST", path, raw=raw)["error"] == code


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_other_content_types_are_415(api: Api, kind):
    response = api.client.generic("POST", "/customer/", b'{"name": "Carl"}', kind, headers=api.headers)

    assert read_json(response, 415)["error"] == "unsupported_media_type"


def test_a_charset_and_a_byte_order_mark_do_not_matter(api: Api):
    body = b"\xef\xbb\xbf" + '{"name": "Zoë"}'.encode()
    kind = "application/json; charset=utf-8"

    assert read_json(api.client.post("/customer/", body, kind, headers=api.headers), 200)["name"] == "Zoë"


def test_a_body_that_is_too_large_is_413(api: Api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert api.refused(413, "POST", "/customer/", {"name": "x" * 100})["error"] == "too_large"
    assert api.post("/customer/", {"name": "x"})["name"] == "x"


def test_text_survives_the_round_trip(api: Api):
    name = "Zoë 李 🍵 <script>'\"; DROP TABLE"

    assert api.post("/customer/", {"name": name})["name"] == name
    assert api.get("/customer/")[0]["name"] == name


@pytest.mark.parametrize("path", ["/customer", "/customer/"])
def test_a_post_is_never_redirected(api: Api, path):
    assert api.post(path, {"name": "Carl"})["name"] == "Carl"


def test_rows_are_made_where_no_id_is_given(api: Api):
    response = api.send("POST", "/customer/1/", {"name": "Carl"})

    assert read_json(response, 405)["error"] == "method_not_allowed"
    assert response.headers["Allow"] == "GET, PUT, DELETE, HEAD, OPTIONS"


def test_options_names_the_methods(db):
    response = Api().send("OPTIONS", "/product/")

    assert (response.status_code, response.headers["Allow"]) == (200, "GET, POST, PUT, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "path", ["/customer/carl/", "/customer/1/2", "/order/-1", "/product/1.5/", "/ping/1/"]
)
def test_an_unknown_address_is_404_in_json(api: Api, path):
    assert api.refused(404, "GET", path)["error"] == "not_found"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/customer/", True),
        ("/product", True),
        ("/order/5/x", True),
        ("/ping", True),
        ("/customers/", False),
        ("/orders/", False),
        ("/pings", False),
        ("/", False),
        ("/x/order/", False),
    ],
)
def test_which_addresses_are_the_apis(path, expected):
    assert responses.is_api_request(SimpleNamespace(path_info=path)) is expected

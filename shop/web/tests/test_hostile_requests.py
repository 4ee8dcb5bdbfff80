"""Requests that no browser sends: refused with a sentence, on every engine, and nothing of them kept."""

import logging
import re
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from shop.db import metrics
from shop.models import User
from shop.wsgi import application
from testing.api_client import Api
from testing.pages import HTMX, signed_in

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
CHARSETS = ["rot13", "base64", "hex", "utf-7", "utf-16", "latin-1", "idna", "unicode_escape", "x" * 9000, ""]


def stranger() -> Client:
    return Client(raise_request_exception=False)


def ask(path: str, body: bytes, content_type: str) -> tuple[int, str]:
    """The status and text that the WSGI application answers to a POST."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "HTTP_HOST": "testserver",
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    answer = application(environ, lambda status, headers: statuses.append(status))
    return int(statuses[0][:3]), b"".join(answer).decode()


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("path", ["/sign-in/", "/order/", "/ping/", "/orders/?q=a", "/admin/login/"])
def test_only_utf_8_is_read(path: str, charset: str) -> None:
    for kind in (FORM, "application/json", "text/plain", "text/plain; charset=utf-8"):
        status, text = ask(path, b"a=b", f"{kind}; charset={charset}")
        assert status == 415
        assert "leave the charset out, or write charset=utf-8" in text


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_is_read_however_it_is_written(charset: str) -> None:
    status, text = ask("/customer/", b"{}", f"application/json; charset={charset}")
    assert (status, "Send a token" in text) == (401, True)
    assert ask("/sign-in/", b"username=a", f"{FORM}; charset={charset}")[0] == 403  # no CSRF token


@pytest.mark.parametrize("header", ["HX-Current-URL", "Referer"])
@pytest.mark.parametrize(
    "url",
    [
        "http://[",
        "http://[::1",
        "http://a:port/",
        "//[",
        "\0",
        "javascript:alert(1)",
        "http://testserver.evil/x",
    ],
)
def test_an_address_that_is_none_leads_to_the_home_page(header: str, url: str) -> None:
    method, more = ("GET", HTMX) if header == "HX-Current-URL" else ("POST", {})
    response = stranger().generic(method, "/orders/", headers={header: url, **more})

    where = response.headers.get("HX-Redirect") or response["Location"]
    assert where == "/sign-in/?next=%2F"


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages"])
@pytest.mark.parametrize("value", ['"a\\000b"', "\\000", "é", "x" * 5000, '"' + "\\000" * 32 + '"'])
def test_a_cookie_that_was_tampered_with_is_no_session(name: str, value: str) -> None:
    response = stranger().get("/orders/", headers={"Cookie": f"{name}={value}"})

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/orders/")


@pytest.mark.parametrize(
    "header", ["Authorization", "Idempotency-Key", "X-Request-ID", "Accept", "If-None-Match"]
)
@pytest.mark.parametrize("value", ["\0", "Bearer \0", "é" * 300, "\x7f", "x" * 60000, "Bearer \udc80"])
def test_no_header_breaks_the_api(clerk: User, header: str, value: str) -> None:
    api = Api(clerk)
    response = api.send("POST", "/customer/", {"name": "Ada"}, **{header.replace("-", "_"): value})

    assert response.status_code in {200, 201, 400, 401, 422}


@pytest.mark.parametrize("text", ["\0", "a\0b", "\udc80", "\ufffe", "x" * 20000])
@pytest.mark.parametrize("path", ["/orders/", "/customers/", "/products/", "/customers/suggestions/"])
def test_no_search_breaks_a_list(clerk: User, path: str, text: str) -> None:
    client = signed_in(clerk)
    for name in ("q", "customer", "product", "after", "sort", "first", "text", "shown"):
        query = f"{name}=".encode() + text.encode("utf-8", "surrogatepass")
        response = client.generic("GET", path, QUERY_STRING=query.decode("latin-1"), headers=HTMX)
        assert response.status_code in {200, 302, 400, 404}, (name, response.content)


def method_labels() -> set[str]:
    return set(re.findall(r'shop_request_seconds_count\{method="([^"]*)"', metrics.render_metrics().decode()))


def test_made_up_methods_are_one_in_the_figures() -> None:
    client = stranger()
    assert {client.generic(f"MADEUP{number}", "/sign-in/").status_code for number in range(50)} == {405}

    assert method_labels() <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"}
    assert "other" in method_labels()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nowhere/", {}, 404),
        ("GET", "/orders/new/", {}, 405),
        ("GET", "/metrics", {}, 404),
        ("POST", "/orders/new/", {}, 403),
        ("GET", "/sign-in/", {"Host": "evil.example"}, 400),
        ("POST", "/order/", {"Authorization": "Bearer none"}, 401),
    ],
)
def test_log_lines_of_refusals_carry_the_id_of_their_request(
    clerk: User,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    settings: Any,
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    caplog.handler.addFilter(logging.getLogger().handlers[0].filters[0])
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk)
    response = client.generic(method, path, headers=headers)

    assert response.status_code == status
    lines = [record for record in caplog.records if record.name.startswith("django.")]
    assert lines
    assert {record.request_id for record in lines} == {response["X-Request-ID"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/", "/ping/", "/order/", "/admin/"])
def test_every_answer_asks_for_nothing_of_the_browser(path: str) -> None:
    headers = stranger().get(path).headers

    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_static_files_are_for_this_site_alone(rf: RequestFactory) -> None:
    def serve(request: Any) -> None:
        return None

    noise = WhiteNoiseMiddleware(serve)  # type: ignore[arg-type]
    noise.add_files(str(settings.BASE_DIR / "static"), prefix="static/")
    response = noise(rf.get("/static/js/page.js"))
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers

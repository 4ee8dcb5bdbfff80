"""When something goes wrong: a page that says what to do next, and gives nothing away."""

import sqlite3
from collections.abc import Iterator
from typing import NoReturn

import psycopg2
import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import Client
from django.urls import clear_url_caches, path, set_urlconf

from shop.db.errors import Busy, InUse, InvalidFields, NotFound, Stale, UnknownOutcome
from shop.models import User
from shop.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401  # Django looks here
from testing.factories import CustomerFactory
from testing.pages import HTMX, Page, signed_in

pytestmark = pytest.mark.django_db

SECRET = "the password is tulip"


def lost() -> OperationalError:
    """A read that failed because the server is away."""
    error = OperationalError("could not connect")
    error.__cause__ = psycopg2.OperationalError(SECRET)
    return error


def locked() -> OperationalError:
    """A read that failed because SQLite's file is locked."""
    error = OperationalError("locked")
    error.__cause__ = sqlite3.OperationalError(SECRET)
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY  # type: ignore[attr-defined]
    return error


FAULTS = {
    "bug": (lambda: ZeroDivisionError(SECRET), 500, "Something went wrong on our side"),
    "bad": (lambda: SuspiciousOperation(SECRET), 400, "That request could not be read"),
    "forbidden": (lambda: PermissionDenied(SECRET), 403, "You may not do this"),
    "missing": (lambda: Http404(SECRET), 404, "There is nothing here"),
    "gone": (
        lambda: NotFound("order"),
        404,
        "This order does not exist any more.",
    ),
    "stale": (lambda: Stale(), 409, "Somebody else changed this while you were editing."),
    "in-use": (lambda: InUse("Ada"), 409, "Ada is in use and cannot be deleted."),
    "invalid": (lambda: InvalidFields({"name": "Too long."}), 422, "Too long."),
    "busy": (lambda: Busy(Busy.detail), 503, "Nothing was changed. Please try again."),
    "unknown": (
        lambda: UnknownOutcome(UnknownOutcome.detail),
        503,
        "we do not know yet whether it was saved",
    ),
    "lost": (lost, 503, "The database is busy or away"),
    "locked": (locked, 503, "The database is busy or away"),
}


def fail(request: HttpRequest, name: str) -> NoReturn:
    raise FAULTS[name][0]()


urlpatterns = [path("fail/<str:name>/", fail), *urlpatterns]


@pytest.fixture(autouse=True)
def _urls(settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    set_urlconf(None)
    clear_url_caches()


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


@pytest.mark.parametrize("name", FAULTS)
def test_an_error_is_a_page_that_says_what_to_do_next(name: str, client: Client) -> None:
    _, status, sentence = FAULTS[name]
    response = client.get(f"/fail/{name}/")
    page = Page(response)

    assert response.status_code == status
    assert page.is_whole
    assert sentence in page.text
    assert f"Error {status}" in page.text
    assert page.all("a", href="/")
    assert SECRET not in page.source
    assert "Traceback" not in page.source
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", FAULTS)
def test_htmx_shows_an_error_as_a_notice_and_keeps_the_page(name: str, client: Client) -> None:
    _, status, _ = FAULTS[name]
    response = client.post(f"/fail/{name}/", headers=HTMX)
    page = Page(response)

    assert response.status_code == status
    assert page.elements == [
        ("div", {"class": "notice notice-error", "role": "alert"}),
        ("div", {"id": "live", "hx-swap-oob": "innerHTML"}),
    ]
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#notices", "innerHTML")
    assert SECRET not in page.source


@pytest.mark.parametrize("name", ["busy", "unknown", "lost", "locked"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_busy_database_says_when_to_come_back(name: str, headers: dict[str, str], client: Client) -> None:
    assert client.get(f"/fail/{name}/", headers=headers)["Retry-After"] == "2"


def test_an_unknown_outcome_never_says_that_it_failed(client: Client) -> None:
    text = Page(client.get("/fail/unknown/")).text

    assert "Nothing was changed" not in text
    assert "it will not be saved twice" in text


def test_a_write_that_stays_busy_is_told_and_tried_again_with_the_same_key(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object) -> NoReturn:
        raise Busy(Busy.detail)

    with monkeypatch.context() as patch:
        patch.setattr("shop.db.transactions.run_in_transaction", busy)
        response = client.post("/customers/new/", {"name": "Ada", "key": "k"})
    assert response.status_code == 503

    assert client.post("/customers/new/", {"name": "Ada", "key": "k"}).status_code == 303


def test_strangers_get_error_pages_too(clerk: User) -> None:
    response = Client().get("/nothing/")

    assert response.status_code == 404
    assert "There is nothing here" in Page(response).text


def test_a_form_without_its_token_says_to_load_the_page_again(clerk: User) -> None:
    customer = CustomerFactory()
    client = signed_in(clerk, csrf=True)
    for headers in ({}, HTMX):
        response = client.post(f"/customers/{customer.pk}/retire/", headers=headers)
        assert response.status_code == 403
        assert "This page is older than your sign-in. Load it again" in Page(response).text


def test_a_form_with_its_token_is_accepted(clerk: User) -> None:
    client = signed_in(clerk, csrf=True)
    form = Page(client.get("/customers/new/"))
    data = {"name": "Ada", "csrfmiddlewaretoken": form.value("csrfmiddlewaretoken")}

    assert client.post("/customers/new/", data).status_code == 303


def test_a_host_that_is_not_ours_is_refused(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]

    response = client.get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "That request could not be read" in Page(response).text


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client) -> None:
    response = client.get("/customers")

    assert (response.status_code, response["Location"]) == (301, "/customers/")

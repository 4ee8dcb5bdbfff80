"""The database is away: what a page says, and that nothing typed is lost."""

from html.parser import HTMLParser

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg2 import OperationalError as Lost

from shop.customers import services as customers
from shop.db.errors import Busy, UnknownOutcome
from shop.models import Customer, User


class Form(HTMLParser):
    """The hidden fields of a page's form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]


@pytest.mark.parametrize("refusal", [Busy(Busy.detail), UnknownOutcome(UnknownOutcome.detail)])
def test_a_busy_database_gives_back_what_was_typed_with_its_key(
    clerks: Client, monkeypatch: pytest.MonkeyPatch, refusal: Busy
) -> None:
    def refuse(**_: object) -> None:
        raise refusal

    typed = {"name": 'Zoë "Z" <Straße>', "phone": "555 0101", "note": "two\nlines", "key": "k1"}
    with monkeypatch.context() as patched:
        patched.setattr(customers, "create_customer", refuse)
        answer = clerks.post("/customers/new/", typed)

    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert refusal.detail in page.replace("&#x27;", "'")
    fields = Form(page).fields
    assert {name: fields[name] for name in typed} == typed

    for _ in range(2):
        assert clerks.post("/customers/new/", fields).status_code == 303
    assert Customer.objects.get().name == typed["name"]


EXECUTE = "django.db.backends.utils.CursorWrapper.execute"


def away(*_: object, **__: object) -> None:
    raise OperationalError("server closed the connection") from Lost("server closed the connection")


@pytest.mark.parametrize("path", ["/", "/customers/", "/products/", "/orders/", "/admin/"])
def test_a_page_whose_reads_fail_says_that_the_database_is_away(
    clerks: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(EXECUTE, away)
        answer = clerks.get(path)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "The database is busy or away" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/sign-in/", ["password"]),
        ("/account/", ["old_password", "new_password1", "new_password2"]),
        ("/admin/shop/user/add/", ["password1", "password2"]),
    ],
)
def test_a_form_of_an_account_is_not_given_back(
    path: str, names: list[str], admins: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(EXECUTE, away)
        answer = admins.post(path, {"username": "clerk"} | dict.fromkeys(names, "correct horse"))

    assert answer.status_code == 503
    page = answer.content.decode()
    assert "correct horse" not in page
    assert 'value="clerk"' not in page
    assert 'type="password"' not in page


@pytest.mark.parametrize(("typed", "asked"), [("correct horse", 1), ("", 0)])
def test_a_form_that_a_manager_confirms_is_given_back_without_the_password(
    typed: str, asked: int, clerks: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"key": "k1", "amount": "300", "manager": "manager"}
    with monkeypatch.context() as patched:
        patched.setattr(EXECUTE, away)
        answer = clerks.post("/orders/AAA-AAAA/refund/", fields | {"password": typed})

    page = answer.content.decode()
    assert answer.status_code == 503
    assert "correct horse" not in page
    assert page.count('name="password"') == asked
    assert Form(page).fields.items() >= fields.items()


def test_htmx_gets_a_notice_and_keeps_its_page(clerks: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(EXECUTE, away)
        answer = clerks.get("/customers/?q=a", headers={"HX-Request": "true"})

    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#notices"
    assert "<html" not in answer.content.decode()


def test_what_was_typed_outlives_the_session(clerk: User) -> None:
    """The whole way: signed out, signed in again elsewhere, sent with the old token, sent with the new."""
    browser = Client(enforce_csrf_checks=True)
    origin = {"Origin": "http://testserver"}
    typed = {"name": "Zoë", "note": "two\nlines", "key": "k1"}
    token = Form(browser.get("/sign-in/").content.decode()).fields["csrfmiddlewaretoken"]

    lost = browser.post("/customers/new/", typed | {"csrfmiddlewaretoken": token}, headers=origin)

    assert lost.status_code == 401
    assert "Your sign-in has ended" in lost.content.decode()
    fields = Form(lost.content.decode()).fields
    assert {name: fields[name] for name in typed} == typed

    secrets = {"username": "clerk", "password": "correct horse", "csrfmiddlewaretoken": token}
    assert browser.post("/sign-in/", secrets, headers=origin).status_code == 302
    old = browser.post("/customers/new/", fields, headers=origin)
    assert old.status_code == 403
    fields = Form(old.content.decode()).fields
    assert {name: fields[name] for name in typed} == typed

    assert browser.post("/customers/new/", fields, headers=origin).status_code == 303
    assert Customer.objects.get().note == "two\nlines"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
def test_a_strangers_form_is_not_given_a_token(clerk: User, origin: str | None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)

    answer = browser.post(
        "/customers/new/", {"name": "Mallory"}, headers={"Origin": origin} if origin else {}
    )

    assert answer.status_code == 403
    assert "Mallory" not in answer.content.decode()
    assert not Customer.objects.exists()

"""Signing in and out, and what happens when the time is up."""

import pytest
from django.test import Client

from shop.conftest import PASSWORD
from shop.models import Session, User
from testing.factories import DraftFactory
from testing.pages import HTMX, Page, signed_in

pytestmark = pytest.mark.django_db


def sign_in(client: Client, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"username": "clerk", "password": password, **more})


def test_a_clerk_signs_in_and_lands_on_the_home_page(clerk: User) -> None:
    client = Client()
    assert Page(client.get("/sign-in/")).focused_names == ["username"]

    response = sign_in(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert "clerk" in Page(client.get("/")).text
    assert client.cookies["sessionid"]["httponly"]
    clerk.refresh_from_db()
    assert clerk.last_login


def test_signing_in_leads_to_the_page_that_was_asked_for(clerk: User) -> None:
    client = Client()
    asked = client.get("/customers/?q=ada", follow=True)

    assert sign_in(client, next=Page(asked).value("next"))["Location"] == "/customers/?q=ada"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(elsewhere: str, clerk: User) -> None:
    assert sign_in(Client(), next=elsewhere)["Location"] == "/"


@pytest.mark.parametrize("password", ["wrong", "", "\0", "x" * 5000])
def test_a_wrong_password_is_said_and_nobody_is_signed_in(password: str, clerk: User) -> None:
    client = Client()
    response = sign_in(client, password)

    assert response.status_code == 422
    assert Page(response).value("username") == "clerk"
    assert "sessionid" not in client.cookies
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("username", ["nobody", "a\0b", "x" * 5000])
def test_an_unknown_name_is_told_the_same_as_a_wrong_password(username: str, clerk: User) -> None:
    response = Client().post("/sign-in/", {"username": username, "password": "x"})

    assert response.status_code == 422
    assert not Session.objects.exists()


def test_somebody_who_left_cannot_sign_in(clerk: User) -> None:
    User.objects.update(is_active=False)

    assert sign_in(Client()).status_code == 422


def test_somebody_who_left_meanwhile_is_sent_to_sign_in(clerk: User) -> None:
    client = signed_in(clerk)
    User.objects.update(is_active=False)

    assert client.get("/")["Location"] == "/sign-in/?next=/"


def test_signing_out_ends_the_session(clerk: User) -> None:
    client = signed_in(clerk)
    response = client.post("/sign-out/")

    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    assert not Session.objects.exists()
    assert client.get("/").status_code == 302


def test_who_is_signed_in_needs_no_sign_in_page(clerk: User) -> None:
    assert signed_in(clerk).get("/sign-in/")["Location"] == "/"


def test_a_step_after_the_session_ended_leads_to_sign_in_and_back_to_the_desk(clerk: User) -> None:
    order = DraftFactory()
    desk = order.get_absolute_url()
    response = Client().post(
        f"{desk}lines/", {"text": "x"}, headers=HTMX | {"HX-Current-URL": f"http://testserver{desk}?add=lamp"}
    )

    assert response.status_code == 200
    assert response["HX-Redirect"] == f"/sign-in/?next={desk.replace('/', '%2F')}%3Fadd%3Dlamp"
    assert "no-store" in response["Cache-Control"]


def test_htmx_from_another_site_leads_home(clerk: User) -> None:
    response = Client().get("/customers/", headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})

    assert response["HX-Redirect"] == "/sign-in/?next=%2F"

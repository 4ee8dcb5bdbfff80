"""One's own account: the password, the sessions and tokens that end with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from shop.conftest import PASSWORD
from shop.models import ApiToken, FailedSignIn, IdempotencyKey, Session, User
from shop.staff import tokens
from shop.staff.sessions import MAX_SESSION_SECONDS, SIGNED_IN_AT
from testing.api_client import Api
from testing.pages import HTMX, Page, signed_in

pytestmark = pytest.mark.django_db

NEW = "a longer horse battery"


def change(client: Client, old: str = PASSWORD, new: str = NEW, repetition: str = NEW) -> Any:
    return client.post(
        "/account/", {"old_password": old, "new_password1": new, "new_password2": repetition}, follow=True
    )


def test_a_new_password_ends_the_other_sessions_and_all_tokens(clerk: User) -> None:
    here, there, api = signed_in(clerk), signed_in(clerk), Api(clerk)
    assert "ends your 1 token of the JSON API" in Page(here.get("/account/")).text

    response = change(here)
    assert response.redirect_chain == [("/account/", 303)]
    assert "Your password is changed." in Page(response).text

    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert api.send("GET", "/customer/").status_code == 401
    clerk.refresh_from_db()
    assert clerk.check_password(NEW)


@pytest.mark.parametrize(
    ("old", "new", "repetition", "sentence"),
    [
        ("wrong", NEW, NEW, "Your old password was entered incorrectly."),
        (PASSWORD, NEW, "other", "The two password fields didn’t match."),
        (PASSWORD, "12345678", "12345678", "This password is entirely numeric."),
        (PASSWORD, "", "", "This field is required."),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    clerk: User, old: str, new: str, repetition: str, sentence: str
) -> None:
    client, api = signed_in(clerk), Api(clerk)
    response = change(client, old, new, repetition)

    assert response.status_code == 422
    assert sentence in Page(response).text
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)
    assert api.send("GET", "/customer/").status_code == 200


def test_guessing_the_old_password_is_slowed_down(clerk: User) -> None:
    client = signed_in(clerk)
    assert [change(client, "wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert change(client).status_code == 429


def test_so_does_the_admin_site(client: Client, admin_user: User, clerk: User) -> None:
    api = Api(clerk)
    client.force_login(admin_user)
    new = {"password1": NEW, "password2": NEW, "usable_password": "true"}

    assert client.post(f"/admin/shop/user/{clerk.pk}/password/", new).status_code == 302
    assert api.send("GET", "/customer/").status_code == 401


def test_so_does_the_command_of_the_shell(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(clerk)
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", "clerk", verbosity=0)

    clerk.refresh_from_db()
    assert clerk.check_password(NEW)
    assert api.send("GET", "/customer/").status_code == 401


def test_a_token_ends_after_its_days(clerk: User) -> None:
    api = Api(clerk)
    token = ApiToken.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=365)
    assert api.send("GET", "/customer/").status_code == 200

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = api.send("GET", "/customer/")
    assert response.status_code == 401
    assert response.json()["detail"] == "This token is not known, was revoked or has expired. Make a new one."


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_token_is_valid_for_a_number_of_days_that_makes_sense(clerk: User, days: int) -> None:
    with pytest.raises(CommandError, match="A token is valid for 1 to 3650 days"):
        call_command("create_api_token", "clerk", days=days)
    assert not ApiToken.objects.exists()


def test_the_use_of_a_token_is_noted_once_an_hour(clerk: User) -> None:
    api = Api(clerk)
    assert api.send("GET", "/customer/").status_code == 200
    assert ApiToken.objects.get().last_used_at is None

    ApiToken.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert api.send("GET", "/customer/").status_code == 200
    used = ApiToken.objects.get().last_used_at
    assert used is not None
    assert timezone.now() - used < timedelta(seconds=10)
    assert api.send("GET", "/customer/").status_code == 200
    assert ApiToken.objects.get().last_used_at == used


def test_one_revokes_ones_own_tokens_and_nobody_elses(clerk: User, manager: User) -> None:
    tokens.create_token(user=clerk)
    tokens.create_token(user=manager)
    own, other = ApiToken.objects.get(user=clerk), ApiToken.objects.get(user=manager)
    client = signed_in(clerk)

    assert client.post(f"/account/tokens/{other.pk}/revoke/").status_code == 404
    assert client.post(f"/account/tokens/{own.pk}/revoke/").status_code == 303
    assert [token.revoked_at is None for token in (*ApiToken.objects.filter(pk=own.pk), other)] == [
        False,
        True,
    ]
    assert "You have none." in Page(client.get("/account/")).text


def test_a_key_read_from_the_table_opens_nothing(clerk: User) -> None:
    client = signed_in(clerk)
    assert client.get("/").status_code == 200
    stored = Session.objects.get().session_key
    assert stored != client.cookies["sessionid"].value

    thief = Client()
    thief.cookies["sessionid"] = stored
    assert thief.get("/").status_code == 302
    client.post("/sign-out/")
    assert not Session.objects.exists()


def shorten(**left: int) -> None:
    Session.objects.update(expire_date=timezone.now() + timedelta(**left))


def test_a_session_ends_when_it_is_not_used_for_a_working_day(clerk: User) -> None:
    client = signed_in(clerk)
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=9, minutes=59) < left <= timedelta(hours=10)

    shorten(seconds=-1)
    assert client.get("/").status_code == 302


def test_using_a_page_keeps_the_session_and_a_page_that_refreshes_itself_does_not(clerk: User) -> None:
    client = signed_in(clerk)
    shorten(minutes=30)
    assert client.get("/orders/", headers=HTMX).status_code == 200
    assert Session.objects.get().expire_date - timezone.now() < timedelta(minutes=31)

    assert client.get("/orders/").status_code == 200
    kept = Session.objects.get().expire_date
    assert kept - timezone.now() > timedelta(hours=9)
    assert client.get("/orders/").status_code == 200
    assert Session.objects.get().expire_date == kept


def test_a_session_ends_two_weeks_after_signing_in_however_it_is_used(clerk: User) -> None:
    client = signed_in(clerk)
    session = client.session
    session[SIGNED_IN_AT] -= MAX_SESSION_SECONDS
    session.save()

    assert client.get("/").status_code == 302


def test_what_is_old_is_cleaned_up_and_nothing_else(clerk: User, capsys: pytest.CaptureFixture[str]) -> None:
    old = timezone.now() - timedelta(days=31)
    client, gone = signed_in(clerk), signed_in(clerk)
    Session.objects.exclude(session_key=Session.objects.first().session_key).update(expire_date=old)  # type: ignore[union-attr]
    for key, at in (("client:a", old), ("client:b", timezone.now()), ("import:c", old)):
        IdempotencyKey.objects.create(key=key, payload_hash="h", object_id=1, created_at=at)
    FailedSignIn.objects.create(key="old", changed_at=old)
    FailedSignIn.objects.create(key="new", changed_at=timezone.now())

    call_command("clean_up")
    assert capsys.readouterr().out == (
        "1 sessions, 1 keys, 1 failed sign-ins, 0 results of bulk actions deleted.\n"
    )
    assert {browser.get("/").status_code for browser in (client, gone)} == {200, 302}
    assert sorted(IdempotencyKey.objects.values_list("key", flat=True)) == ["client:b", "import:c"]
    assert FailedSignIn.objects.get().key == "new"

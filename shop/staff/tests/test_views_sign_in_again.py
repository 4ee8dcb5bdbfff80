"""Signing in when the database wants it done again."""

import sqlite3

import pytest
from django.contrib.auth import login
from django.db import OperationalError
from django.test import Client

from shop.conftest import PASSWORD
from shop.models import Session, User
from shop.staff.sessions import hash_key

pytestmark = pytest.mark.django_db(transaction=True)


def conflict() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY  # type: ignore[attr-defined]
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


def test_a_sign_in_that_was_run_again_leaves_one_session(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str | None] = []

    def refused_twice(request, user) -> None:
        login(request, user)
        keys.append(request.session.session_key)
        if len(keys) < 3:
            raise conflict()

    monkeypatch.setattr("django.contrib.auth.views.auth_login", refused_twice)

    answer = client.post("/sign-in/", {"username": clerk.username, "password": PASSWORD})

    assert answer.status_code == 302
    assert [session.session_key for session in Session.objects.all()] == [hash_key(keys[2])]
    assert client.get("/").status_code == 200


def test_signing_out_ends_the_session(client: Client, clerk: User) -> None:
    client.force_login(clerk)

    assert client.post("/sign-out/").status_code == 302
    assert not Session.objects.exists()
    assert client.get("/").status_code == 302

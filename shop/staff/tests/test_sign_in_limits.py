"""Failed sign-ins: who has to wait, for how long, and who has not."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.utils import timezone

from shop.conftest import PASSWORD
from shop.models import FailedSignIn, Session, User
from shop.staff import password_queue
from shop.staff.sign_in_limits import note_failure, note_success, seconds_to_wait
from shop.staff.views.sign_in import get_client_address
from testing.pages import Page

pytestmark = pytest.mark.django_db

SHOP, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def sign_in(password: str = PASSWORD, name: str = "clerk", address: str = SHOP, **headers: str) -> Any:
    data = {"username": name, "password": password}
    return Client().post("/sign-in/", data, REMOTE_ADDR=address, headers=headers)


def fail(times: int, name: str = "clerk", address: str = SHOP) -> None:
    for _ in range(times):
        note_failure(name=name, address=address)


def age(**time: int) -> None:
    """Lets time pass since the last failure."""
    FailedSignIn.objects.update(changed_at=timezone.now() - timedelta(**time))


def test_the_sixth_attempt_after_five_failures_waits_and_the_right_password_does_too(clerk: User) -> None:
    assert [sign_in("wrong").status_code for _ in range(5)] == [422] * 5

    response = sign_in()
    assert response.status_code == 429
    assert 28 <= int(response["Retry-After"]) <= 30
    page = Page(response)
    assert "There were too many failed attempts. Try again in" in page.text
    assert page.value("username") == "clerk"
    assert PASSWORD not in page.source
    assert not Session.objects.exists()


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(clerk: User) -> None:
    waits = []
    for _ in range(12):
        fail(1)
        waits.append(seconds_to_wait(name="clerk", address=SHOP))

    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    age(seconds=900)
    assert sign_in().status_code == 302


def test_a_success_or_a_day_forgets_the_failures(clerk: User) -> None:
    fail(4)
    assert sign_in().status_code == 302
    fail(4)
    assert seconds_to_wait(name="clerk", address=SHOP) == 0

    fail(9)
    age(hours=24)
    fail(1)
    assert seconds_to_wait(name="clerk", address=SHOP) == 0


def test_nobody_is_locked_out_by_failures_of_others(clerk: User, manager: User) -> None:
    fail(8)
    fail(8, address=ELSEWHERE)

    assert sign_in(name="manager").status_code == 302
    assert seconds_to_wait(name="manager", address=SHOP) == 0


def test_one_password_on_many_accounts_is_slowed_down_but_not_those_who_work_there(
    clerk: User, manager: User
) -> None:
    assert sign_in().status_code == 302
    for number in range(51):
        fail(1, name=f"user{number}")

    assert sign_in().status_code == 302
    assert sign_in(name="manager").status_code == 429
    assert sign_in(name="manager", address=ELSEWHERE).status_code == 302


def test_one_account_from_many_addresses_is_slowed_down_but_not_where_it_is_known(clerk: User) -> None:
    note_success(name="clerk", address=SHOP)
    for number in range(21):
        fail(1, address=f"203.0.113.{number}")

    assert sign_in(address=ELSEWHERE).status_code == 429
    assert sign_in().status_code == 302


@pytest.mark.parametrize("name", ["clerk", "CLERK", "nobody"])
def test_what_is_said_does_not_tell_whether_an_account_exists(clerk: User, name: str) -> None:
    answers = [(sign_in("wrong", name=name).status_code) for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_failures_and_successes_are_logged_with_name_and_address(
    clerk: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="shop.sign_in")
    sign_in("wrong", name="a\nb\u202e" + "c" * 500)
    sign_in("wrong")
    sign_in()

    messages = [record.getMessage() for record in caplog.records if record.name == "shop.sign_in"]
    assert messages == [
        f"sign-in failed name='a\\nb\\u202e{'c' * 146}' address=192.0.2.1",
        "sign-in failed name='clerk' address=192.0.2.1",
        "signed in name='clerk' address=192.0.2.1",
    ]


@pytest.mark.parametrize(
    ("https", "forwarded", "address"),
    [
        (False, "203.0.113.9", SHOP),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "made up, 1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (True, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (True, "::ffff:203.0.113.9", "203.0.113.9"),
        (True, "x" * 9000, "unknown"),
    ],
)
def test_the_address_is_what_the_proxy_wrote(
    rf: Any, settings: Any, https: bool, forwarded: str, address: str
) -> None:
    settings.SHOP_HTTPS = https
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=SHOP)

    assert get_client_address(request) == address


def test_a_machine_that_checks_passwords_already_asks_to_try_again(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_queue, "MAX_WAIT_SECONDS", 0.01)
    with password_queue.wait_for_turn():
        response = sign_in()

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert "Too many people are signing in at this moment. Try again in 2 seconds." in Page(response).text
    assert sign_in().status_code == 302


def test_passwords_are_hashed_anew_by_argon2(clerk: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "shop.staff.hashers.Argon2Hasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    clerk.password = PBKDF2PasswordHasher().encode(PASSWORD, "some salt", iterations=1000)
    clerk.save()

    assert sign_in().status_code == 302
    clerk.refresh_from_db()
    assert clerk.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=1$")
    assert sign_in().status_code == 302

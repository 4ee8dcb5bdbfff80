"""Who may use the admin site, and the users, passwords and tokens that are kept there."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from shop.models import ApiToken, Order, User
from shop.staff import tokens
from testing.admin_pages import read_log, read_messages, run_action, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["clerk", "manager"])
def test_other_roles_are_refused(client: Client, role: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(role))

    for page in (reverse("admin:index"), url(Order, "changelist"), url(User, "add")):
        assert client.get(page, follow=True).status_code == 403
        assert client.post(page, {"name": "x"}, follow=True).status_code == 403


def test_strangers_are_sent_to_the_one_sign_in_page(client: Client) -> None:
    page = url(Order, "changelist")
    answer = client.get(page, follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("sign-in"))
    assert page in answer.redirect_chain[-1][0].replace("%2F", "/")


def test_an_admin_can_neither_become_nor_change_a_superuser(admins: Client, admin_user: User) -> None:
    root = User.objects.create_superuser("root", password="root")

    admins.post(
        url(User, "change", admin_user.pk),
        {"username": "admin", "is_active": "on", "is_superuser": "on", "groups": admin_user.groups.get().pk},
    )
    admin_user.refresh_from_db()
    assert not admin_user.is_superuser
    assert admins.post(url(User, "change", root.pk), {"username": "mine"}).status_code == 403
    new = {"password1": "a long new one", "password2": "a long new one"}
    assert admins.post(reverse("admin:auth_user_password_change", args=[root.pk]), new).status_code == 403


def test_who_is_made_an_admin_may_sign_in_here_and_nobody_else(admins: Client) -> None:
    added = {"username": "bo", "password1": "a long new one", "password2": "a long new one"}
    admins.post(url(User, "add"), added | {"usable_password": "true", "is_staff": "on"})
    user = User.objects.get(username="bo")
    assert user.check_password("a long new one")
    assert not user.is_staff

    for role, staff in (("admin", True), ("clerk", False)):
        group = Group.objects.get(name=role)
        data = {"username": "bo", "is_active": "on", "is_staff": "on", "groups": group.pk}
        admins.post(url(User, "change", user.pk), data)
        user.refresh_from_db()
        assert list(user.groups.all()) == [group]
        assert user.is_staff is staff


def test_passwords_are_changed_and_their_owner_stays_signed_in(admins: Client, admin_user: User) -> None:
    new = {"password1": "a long new one", "password2": "a long new one", "usable_password": "true"}
    page = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert admins.post(page, new).status_code == 302

    admin_user.refresh_from_db()
    assert admin_user.check_password("a long new one")
    assert admins.get(reverse("admin:index")).status_code == 200
    assert admins.get(reverse("admin:password_change"))["Location"] == reverse("account")


def test_a_token_is_shown_once_and_revoked(admins: Client, admin_user: User) -> None:
    answer = admins.post(url(ApiToken, "add"), {"user": admin_user.pk, "token_hash": "mine"}, follow=True)
    [message] = [text for text in read_messages(answer) if "shop_" in text] or [answer.content.decode()]
    raw = "shop_" + message.split("shop_")[-1].split("<")[0].strip()
    token = ApiToken.objects.get()
    assert token.token_hash == tokens.hash_token(raw)

    page = admins.get(url(ApiToken, "change", token.pk)).content.decode()
    assert raw not in page
    assert token.token_hash not in page
    assert admins.post(url(ApiToken, "change", token.pk), {"token_hash": "x"}).status_code == 403

    run_action(admins, ApiToken, "revoke", [token])
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert len(read_log()) == 2

"""Nobody gives, through the admin site, what they do not have."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from shop.models import ApiToken, User
from testing.admin_pages import url

pytestmark = pytest.mark.django_db

NEW = {"password1": "a long new one", "password2": "a long new one", "usable_password": "true"}


@pytest.fixture
def auditors(db: None) -> Group:
    """A role with a right that admins do not have."""
    role = Group.objects.create(name="auditors")
    role.permissions.add(Permission.objects.get(codename="delete_logentry"))
    return role


def fields(user: User, **more: Any) -> dict[str, Any]:
    return {"username": user.username, "is_active": "on", **more}


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("kind", ["superuser", "role", "right"])
def test_an_account_with_more_rights_is_left_alone(
    admins: Client, auditors: Group, kind: str, active: bool
) -> None:
    boss = User.objects.create_user(
        "boss", password="old", is_superuser=kind == "superuser", is_active=active
    )
    if kind == "role":
        boss.groups.add(auditors)
    if kind == "right":
        boss.user_permissions.add(auditors.permissions.get())

    assert admins.post(url(User, "change", boss.pk), fields(boss, email="me@example.com")).status_code == 403
    assert admins.post(f"/admin/shop/user/{boss.pk}/password/", NEW).status_code == 403
    boss.refresh_from_db()
    assert (boss.check_password("old"), boss.is_active, boss.email) == (True, active, "")


@pytest.mark.parametrize("kind", ["superuser", "role"])
def test_no_token_is_made_of_an_account_with_more_rights(admins: Client, auditors: Group, kind: str) -> None:
    boss = User.objects.create_user("boss", is_superuser=kind == "superuser")
    if kind == "role":
        boss.groups.add(auditors)

    response = admins.post(url(ApiToken, "add"), {"user": boss.pk})
    assert response.status_code == 200
    assert "boss may do more than you. A superuser makes this token." in response.content.decode()
    assert not ApiToken.objects.exists()


def test_nobody_joins_a_role_with_more_rights(
    admins: Client, admin_user: User, clerk: User, auditors: Group
) -> None:
    before = {user.pk: set(user.groups.all()) for user in (admin_user, clerk)}
    for user in (admin_user, clerk):
        own = user.groups.get().pk
        response = admins.post(url(User, "change", user.pk), fields(user, groups=[own, auditors.pk]))
        assert response.status_code == 200
        assert "is not one of the available choices" in response.content.decode()

    assert {user.pk: set(user.groups.all()) for user in (admin_user, clerk)} == before
    assert f'value="{auditors.pk}"' not in admins.get(url(User, "change", clerk.pk)).content.decode()


def test_who_may_change_roles_gives_them_only_rights_of_their_own(
    admins: Client, admin_user: User, auditors: Group
) -> None:
    admin_user.user_permissions.add(*Permission.objects.filter(codename__in=["change_group", "add_group"]))
    right, own = auditors.permissions.get(), Permission.objects.get(codename="view_order")

    assert admins.post(url(Group, "change", auditors.pk), {"name": "mine"}).status_code == 403
    response = admins.post(url(Group, "add"), {"name": "mine", "permissions": [own.pk, right.pk]})
    assert "is not one of the available choices" in response.content.decode()
    assert not Group.objects.filter(name="mine").exists()
    assert admins.post(url(Group, "add"), {"name": "mine", "permissions": [own.pk]}).status_code == 302


def test_a_superuser_may(client: Client, auditors: Group, clerk: User) -> None:
    boss = User.objects.create_superuser("boss", password="old")
    client.force_login(boss)

    client.post(url(ApiToken, "add"), {"user": boss.pk})
    client.post(url(User, "change", clerk.pk), fields(clerk, groups=[auditors.pk]))
    assert ApiToken.objects.get().user == boss
    assert clerk.groups.get() == auditors


def test_staff_cannot_be_deleted(client: Client, clerk: User) -> None:
    client.force_login(User.objects.create_superuser("boss", password="old"))

    assert client.post(url(User, "delete", clerk.pk), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [clerk.pk], "post": "yes"}
    client.post(url(User, "changelist"), action)
    assert User.objects.filter(pk=clerk.pk).exists()

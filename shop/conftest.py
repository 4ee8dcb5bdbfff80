"""What tests of every module share."""

import math
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from shop.models import Product, User
from shop.staff import authentication
from testing.factories import ProductFactory
from testing.pages import signed_in
from testing.transactions import Retries

PASSWORD = "correct horse"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives tests with real commits the migrations' rows (groups, permissions) back.

    Django empties every table after such a test; `serialized_rollback` fills them again.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        options = dict(marker.kwargs) if marker else {}
        fixtures = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if options.get("transaction") or fixtures:
            options |= {"transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(autouse=True)
def _roles_are_read_anew() -> None:
    """Each test has groups of its own."""
    authentication.forget_roles()


@pytest.fixture
def known_roles(db: None) -> None:
    """What the roles consist of is read already, as in a process at work."""
    authentication.read_roles().ends = math.inf


def member_of(group: str) -> User:
    """A member of staff who may do what `group` may; the group's name is the user's too."""
    user = User.objects.create_user(group, password=PASSWORD, is_staff=group == "admin")
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def clerk(db: None) -> User:
    return member_of("clerk")


@pytest.fixture
def manager(db: None) -> User:
    return member_of("manager")


@pytest.fixture
def clerks(clerk: User) -> Client:
    """The clerk's browser."""
    return signed_in(clerk)


@pytest.fixture
def managers(manager: User) -> Client:
    """The manager's browser."""
    return signed_in(manager)


@pytest.fixture
def lamp(db: None) -> Product:
    """Five of it are left."""
    return ProductFactory(name="Lamp", sku="L", stock=5)


@pytest.fixture
def admin_user(db: None) -> User:
    return member_of("admin")


@pytest.fixture
def retries(caplog: pytest.LogCaptureFixture) -> Retries:
    """What the loop logged of each retry: attempt, phase, failure, sqlstate, ambiguous."""
    return lambda: [
        dict(re.findall(r"(\w+)=(\S+)", record.getMessage()))
        for record in caplog.records
        if record.name == "shop.transactions" and record.getMessage().startswith("retry ")
    ]


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database."""
    wrapper = connection.copy()
    yield wrapper
    wrapper.close()


@pytest.fixture
def short_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.db.retries.BUDGET", 0.5)

"""The fixtures of all unit tests."""

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from shop.db import transactions
from shop.models import Product, User
from shop.staff import authentication
from testing.factories import ProductFactory
from testing.migration_rows import MigrationRows
from testing.pages import signed_in
from testing.shared_rows import SharedRows, keep_rows
from testing.transactions import Retries, is_postgresql

PASSWORD = "correct horse"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Restores the rows of the migrations (groups, permissions) for tests with real commits.

    Django empties every table after such a test. With `serialized_rollback` it fills them again.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        options = dict(marker.kwargs) if marker else {}
        fixtures = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if options.get("transaction") or fixtures:
            options |= {"transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Gives the migrations' rows back to a test in a few statements, instead of two for each row."""
    creation: Any = connection.creation
    if not hasattr(creation.connection, "_test_serialized_contents"):
        return  # no test of this run commits
    with django_db_blocker.unblock():
        if is_postgresql(connection):
            # The stand-in opens snapshots as the server does that it is.
            transactions.SNAPSHOTS["cockroachdb"] = transactions.SNAPSHOTS["postgresql"]
        rows = MigrationRows(creation.connection._test_serialized_contents)
        creation.deserialize_db_from_string = lambda contents: rows.restore()


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[SharedRows]:
    """Lets fixtures of a module make rows once: `with shared_rows(): …`. Not for tests with real commits."""
    with keep_rows(django_db_blocker):
        yield django_db_blocker.unblock


@pytest.fixture(autouse=True)
def _roles_are_read_anew() -> None:
    """Forgets the permissions that an earlier test read, because each test has groups of its own."""
    authentication.forget_roles()


@pytest.fixture
def known_roles(db: None) -> None:
    """Reads the roles' permissions beforehand, as in a process that has answered requests."""
    authentication.read_roles().ends = math.inf


def member_of(group: str) -> User:
    """Makes a member of a group, who is named as the group."""
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
    """The product called Lamp, with five in stock."""
    return ProductFactory(name="Lamp", sku="L", stock=5)


@pytest.fixture
def admin_user(db: None) -> User:
    return member_of("admin")


@pytest.fixture
def admins(admin_user: User) -> Client:
    """The browser of a member of the group admin, who is no superuser."""
    return signed_in(admin_user)


@pytest.fixture
def retries(caplog: pytest.LogCaptureFixture) -> Retries:
    """Returns what the retry loop logged of each retry: attempt, phase, failure, sqlstate, ambiguous."""
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

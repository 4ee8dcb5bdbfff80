"""What tests of every module share."""

import pytest
from django.contrib.auth.models import Group

from shop.models import User

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
def admin_user(db: None) -> User:
    return member_of("admin")

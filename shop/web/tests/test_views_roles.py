"""What pages show to each role."""

import pytest
from django.contrib.auth.models import Permission

from shop.models import Order, User
from shop.web.tests.page_addresses import address
from testing.factories import DraftFactory, ProductFactory, UserFactory
from testing.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return DraftFactory(lines=[ProductFactory(stock=3)])


def test_pages_hide_what_a_clerk_may_not_do(order: Order, clerk: User, manager: User) -> None:
    product = address("product-detail", order)
    wanted = [b"Receive or adjust", b"Edit", b"Retire", b"Delete", b"Stop tracking"]

    for_clerk, for_manager = (signed_in(user).get(product).content for user in (clerk, manager))

    assert [part in for_clerk for part in wanted] == [False] * 5
    assert [part in for_manager for part in wanted] == [True] * 5
    assert b"/admin/" not in for_manager


def test_only_admin_staff_are_led_to_the_admin_site(admin_user: User) -> None:
    assert b'href="/admin/"' in signed_in(admin_user).get("/").content


def test_a_reader_sees_drafts_but_no_desk(order: Order) -> None:
    reader = UserFactory()
    reader.user_permissions.set(
        Permission.objects.filter(content_type__app_label="shop", codename="view_order")
    )

    content = signed_in(reader).get(order.get_absolute_url()).content.decode()

    assert "<form" not in content.split("<main")[1]
    assert "Timeline" in content

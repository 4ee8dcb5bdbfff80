"""Who changed a row last, where the admin changed it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from shop.customers import services as customers
from shop.models import Customer, Order, OrderLine, Product, User
from testing.admin_pages import ADA, make_order, url
from testing.changes import forget_change, read_change
from testing.factories import only_line
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(clerk: User) -> Client:
    return signed_in(clerk)


def in_admin(order: Order) -> Iterator[tuple[type[Model], Any, dict[str, Any]]]:
    """A change of each kind of row, as the admin's forms send it."""
    ada, lamp = Customer.objects.get(), Product.objects.get()
    tea = {"name": "Tea", "sku": lamp.sku, "unit_price": "9", "barcode": "", "seen_version": lamp.version}
    line = {"quantity": "1", "unit_price": "1.50", "reason": "one was broken"}
    yield Customer, ada, ADA | {"active": "on", "seen_version": ada.version}
    yield Product, lamp, tea | {"active": "on"}
    yield Order, order, {"note": "by hand", "seen_version": order.version}
    yield OrderLine, order, line | {"seen_version": order.version + 1}


def test_the_admin_site_names_who_is_signed_in(admins: Client, admin_user: User) -> None:
    order = make_order(admin_user)
    for model, row, data in in_admin(order):
        forget_change(row)
        pk = only_line(order).pk if model is OrderLine else row.pk
        assert admins.post(url(model, "change", pk), data).status_code == 302
        assert read_change(row) == ("admin", True)


def test_an_admin_who_was_overtaken_is_told_by_whom(admins: Client, manager: User) -> None:
    customer = customers.create_customer(**ADA, staff_id=None, once=None)
    customers.update_customer(
        customer_id=customer.pk, **ADA | {"note": "theirs"}, seen_version=1, staff_id=manager.pk
    )
    mine = ADA | {"note": "mine", "active": "on", "seen_version": "1"}

    page = Page(admins.post(url(Customer, "change", customer.pk), mine)).text
    assert "Note: yours is “mine”, now it is “theirs”." in page
    assert "Last changed by manager, " in page

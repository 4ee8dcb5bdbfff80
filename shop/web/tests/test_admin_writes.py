"""Customers and products as the admin site writes them, also when the database refuses in the middle."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.test import Client

from shop.customers import services as customers
from shop.customers.admin import CustomerAdmin
from shop.db import retries
from shop.models import Customer, Order, Product, StockMovement, User
from testing.admin_pages import (
    ADA,
    check_sums,
    make_order,
    read_log,
    read_messages,
    run_action,
    url,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(admin_user: User) -> Order:
    return make_order(admin_user)


@pytest.fixture
def product(order: Order) -> Product:
    return Product.objects.get(order_lines__order=order)


# Customers and products


def test_a_customer_is_added_found_and_changed(admins: Client) -> None:
    assert read_messages(admins.post(url(Customer, "add"), ADA))[0].startswith("The customer")
    customer = Customer.objects.search("ada").get()

    admins.post(url(Customer, "change", customer.pk), ADA | {"name": "Åsa", "seen_version": customer.version})

    assert not Customer.objects.search("ada").exists()
    changed = Customer.objects.search("asa 0199").get()
    assert not changed.active
    assert read_log() == [("admin", "Ada"), ("admin", "Åsa")]
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(customer.pk)}


def test_a_change_that_somebody_else_overtook_is_shown_first(admins: Client) -> None:
    customer = customers.create_customer(**ADA, staff_id=None, once=None)
    mine = ADA | {"note": "mine", "active": "on", "seen_version": customer.version}
    customers.update_customer(
        customer_id=customer.pk, **ADA | {"note": "theirs"}, seen_version=1, staff_id=None
    )

    page = admins.post(url(Customer, "change", customer.pk), mine)
    assert page.status_code == 200
    assert "Note: yours is “mine”, now it is “theirs”" in page.content.decode()
    assert Customer.objects.get().note == "theirs"
    assert read_log() == []

    new_version = page.context["adminform"].form["seen_version"].value()
    admins.post(url(Customer, "change", customer.pk), mine | {"seen_version": new_version})
    assert Customer.objects.get().note == "mine"


def test_a_product_is_added_with_its_stock_and_changed_without(admins: Client) -> None:
    tea = {"name": "Tea", "sku": "", "unit_price": "1.50", "barcode": ""}
    admins.post(url(Product, "add"), tea | {"stock": "7"})
    product = Product.objects.get()
    assert (product.stock, product.barcode) == (7, None)
    assert StockMovement.objects.get().author.username == "admin"  # type: ignore[union-attr]

    changed = tea | {"sku": "T1", "unit_price": "2.00", "active": "on", "stock": "99", "version": "50"}
    admins.post(url(Product, "change", product.pk), changed | {"seen_version": product.version})

    product.refresh_from_db()
    assert (product.sku, product.unit_price, product.stock, product.version) == ("T1", Decimal(2), 7, 2)
    check_sums()


def test_a_taken_sku_is_told_at_its_field(admins: Client, product: Product) -> None:
    page = admins.post(
        url(Product, "add"), {"name": "Tea", "sku": product.sku, "unit_price": "1", "barcode": ""}
    )

    assert page.status_code == 200
    assert page.context["adminform"].form.errors == {"sku": ["Tea has this SKU already."]}
    assert Product.objects.count() == 1


@pytest.mark.parametrize("model", [Customer, Product])
def test_a_row_in_use_is_not_deleted_and_says_so(admins: Client, order: Order, model: type[Model]) -> None:
    row = model._default_manager.get()
    page = admins.post(url(model, "delete", row.pk), {"post": "yes"})

    assert page.status_code == 200
    assert "cannot be deleted. Retire" in page.content.decode()
    assert model._default_manager.get() == row
    assert read_log() == []


def test_selected_rows_are_deleted_but_for_those_in_use(admins: Client, order: Order) -> None:
    free = customers.create_customer(**ADA, staff_id=None, once=None)
    rows = list(Customer.objects.all())
    assert run_action(admins, Customer, "delete_selected", rows).status_code == 200
    assert Customer.objects.count() == 2

    answer = run_action(admins, Customer, "delete_selected", rows, post="yes")

    assert answer.status_code == 302
    assert Customer.objects.get() == order.customer
    assert read_messages(answer) == [
        "1 customer deleted.",
        "Zoë Tea has orders or credit notes and cannot be deleted. Retire the customer instead.",
    ]
    assert read_log() == [("admin", free.name)]


# Conflicts


def provoke_conflict(other: BaseDatabaseWrapper) -> None:
    """Makes the database itself refuse a statement of the transaction that is open."""
    if connection.vendor == "sqlite":
        with other.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 1")
            cursor.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")


def conflict_after(
    monkeypatch: pytest.MonkeyPatch, method: str, other: BaseDatabaseWrapper, times: int
) -> list[int]:
    """Lets customers meet so many conflicts, after `method` of their admin has done its work."""
    attempts: list[int] = []
    original = getattr(CustomerAdmin, method)

    def conflicting(self: CustomerAdmin, *args: Any, **kwargs: Any) -> Any:
        answer = original(self, *args, **kwargs)
        attempts.append(len(attempts))
        if len(attempts) <= times:
            provoke_conflict(other)
        return answer

    monkeypatch.setattr(CustomerAdmin, method, conflicting)
    return attempts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["save_model", "response_change"])
def test_a_conflict_is_run_again_and_stored_and_told_once(
    admins: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    customer = customers.create_customer(**ADA, staff_id=None, once=None)
    attempts = conflict_after(monkeypatch, method, other, times=1)

    data = ADA | {"note": "new", "active": "on", "seen_version": customer.version}
    answer = admins.post(url(Customer, "change", customer.pk), data)

    assert answer.status_code == 302
    assert len(attempts) == 2
    assert len(read_messages(answer)) == 1
    assert read_log() == [("admin", "Ada")]
    stored = Customer.objects.get()
    assert (stored.note, stored.version) == ("new", customer.version + 1)


@pytest.mark.django_db(transaction=True)
def test_a_new_row_is_stored_once_after_a_conflict(
    admins: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = conflict_after(monkeypatch, "response_add", other, times=1)
    answer = admins.post(url(Customer, "add"), ADA)

    assert len(attempts) == 2
    assert len(read_messages(answer)) == 1
    assert read_log() == [("admin", "Ada")]
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_action_meets_a_conflict_and_is_run_again(
    admins: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = customers.create_customer(**ADA, staff_id=None, once=None)
    attempts = conflict_after(monkeypatch, "delete_model", other, times=1)
    answer = run_action(admins, Customer, "delete_selected", [customer], post="yes")

    assert len(attempts) == 2
    assert read_messages(answer) == ["1 customer deleted."]
    assert read_log() == [("admin", "Ada")]


@pytest.mark.django_db(transaction=True)
def test_a_conflict_that_never_ends_is_a_503_that_promises_nothing(
    admins: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "BUDGET", 0.2)
    customer = customers.create_customer(**ADA, staff_id=None, once=None)
    conflict_after(monkeypatch, "response_change", other, times=1000)
    data = ADA | {"note": "new", "active": "on", "seen_version": customer.version}
    answer = admins.post(url(Customer, "change", customer.pk), data)

    assert answer.status_code == 503
    assert "changed successfully" not in answer.content.decode()
    assert "changed successfully" not in admins.get(url(Customer, "changelist")).content.decode()
    assert Customer.objects.get().note == ""
    assert read_log() == []

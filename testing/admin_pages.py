"""What the tests of the admin site share: a desk, rows to show, and what to look at afterwards."""

from decimal import Decimal
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db.models import Model, Sum
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from shop.customers import services as customers
from shop.db.idempotency import Once
from shop.models import Customer, Order, Product, SavedView, TaxClass, User
from shop.orders.services import new_orders
from shop.products import services as products
from shop.saved_views import services as saved_views
from shop.staff import tokens
from shop.staff.sign_in_limits import note_failure
from shop.taxes.services import set_tax_rate

DELETED = {Customer, Product, SavedView}
ADA = {"name": "Ada", "phone": "555 0199", "email": "", "address": "", "note": ""}


def url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def make_order(staff: User, name: str = "Tea", quantity: int = 2, stock: int | None = 10) -> Order:
    """A placed order of a customer of its own for a product of its own, at 1.50 each."""
    customer = customers.create_customer(name=f"Zoë {name}", phone="555 0101", once=None, staff_id=None)
    product = products.create_product(
        name=name, unit_price=Decimal("1.50"), stock=stock, staff_id=staff.pk, once=None
    )
    return new_orders.place_new_order(
        customer_id=customer.pk,
        items=[new_orders.Item(product.pk, quantity)],
        expected_subtotal=None,
        staff_id=staff.pk,
        once=Once(f"key {name}", "hash"),
    )


def make_everything(staff: User, name: str) -> None:
    """At least one more row of each model."""
    make_order(staff, name)
    tokens.create_token(user=User.objects.create_user(f"user {name}"))
    saved_views.save_view(noun="order", name=f"View {name}", query="status=draft", owner_id=staff.pk)
    Group.objects.create(name=name)
    note_failure(name=name, address="192.0.2.1")
    set_tax_rate(code=f"T{TaxClass.objects.count()}", percent=Decimal(19), valid_from=None)


def audit() -> None:
    """What must hold whatever the admin did."""
    for product in Product.objects.filter(stock__isnull=False):
        assert product.stock == (product.movements.aggregate(sum=Sum("quantity"))["sum"] or 0)
    for order in Order.objects.all():
        assert order.subtotal == sum((line.total for line in order.lines.all()), Decimal(0))


def read_messages(response: HttpResponse) -> list[str]:
    """The messages that the answer carries."""
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def logged() -> list[tuple[str, str]]:
    """Who did what, by Django's log."""
    return list(LogEntry.objects.order_by("pk").values_list("user__username", "object_repr"))


def at_desk(client: Client, admin_user: User) -> Client:
    """A browser in which a member of the group admin, no superuser, is signed in."""
    assert not admin_user.is_superuser
    client.force_login(admin_user)
    return client


def act(desk: Client, model: type[Model], action: str, rows: list[Any], **more: str) -> HttpResponse:
    data = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows], **more}
    if "post" in more:
        del data["index"]
    return desk.post(url(model, "changelist"), data)  # type: ignore[return-value]

"""Helpers for tests of the admin site: they sign in, make rows, run actions, and check what was stored."""

import datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db.models import Model, Sum
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.customers import services as customers
from shop.db.idempotency import Once
from shop.documents.services import issue_invoice
from shop.models import Customer, Order, Product, Register, SavedView, SealedDay, TaxClass, User
from shop.orders.services import new_orders
from shop.payments.services import record_payment
from shop.payments.tenders import Tender
from shop.products import services as products
from shop.reports.rollups import ROLLUPS
from shop.returns import services as returns
from shop.saved_views import services as saved_views
from shop.staff import tokens
from shop.staff.sign_in_limits import note_failure
from shop.taxes.services import set_tax_rate
from shop.till.sessions import move_cash, open_till

DELETED = {Customer, Product, SavedView}
ADA = {"name": "Ada", "phone": "555 0199", "email": "", "address": "", "note": ""}


def url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def make_order(staff: User, name: str = "Tea", quantity: int = 2, stock: int | None = 10) -> Order:
    """Makes a placed order of a new customer for a new product, at 1.50 each."""
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
    """Makes at least one row of each model."""
    order = make_order(staff, name)
    returns.return_goods(
        reference=order.reference,
        lines=[(order.line_list[0].pk, 1)],
        reason=f"Reason {name}",
        restock=True,
        staff_id=staff.pk,
        once=None,
    )
    _make_day_at_till(order, staff, name)
    tokens.create_token(user=User.objects.create_user(f"user {name}"))
    saved_views.save_view(noun="order", name=f"View {name}", query="status=draft", owner_id=staff.pk)
    Group.objects.create(name=name)
    note_failure(name=name, address="192.0.2.1")
    make_sealed_day(datetime.date(2020, 1, 1 + SealedDay.objects.count()))
    set_tax_rate(code=f"T{TaxClass.objects.count()}", percent=Decimal(19), valid_from=None)


def _make_day_at_till(order: Order, staff: User, name: str) -> None:
    """Opens a till, takes money for the order, writes its invoice, and takes cash out."""
    register = Register.objects.create(name=f"Till {name}", prefix=f"T{Register.objects.count()}")
    session = open_till(register_id=register.pk, pieces={Decimal("10.00"): 5}, staff_id=staff.pk, once=None)
    record_payment(
        reference=order.reference,
        tender=Tender("cash", amount=Decimal("1.00")),
        register_id=register.pk,
        seen_balance=None,
        staff_id=staff.pk,
        once=None,
    )
    issue_invoice(reference=order.reference, register_id=register.pk, staff_id=staff.pk)
    move_cash(
        session_id=session.pk,
        kind="payout",
        amount=Decimal("5.00"),
        reason=f"Reason {name}",
        staff_id=staff.pk,
        once=None,
    )


def make_sealed_day(day: datetime.date) -> None:
    """Makes a row of each table of sealed days."""
    SealedDay.objects.create(day=day, version=1, sealed_at=timezone.now())
    keys: dict[str, object] = {
        "weekday": 3,
        "hour": 9,
        "kind": "goods",
        "reason": "Broken",
        "percent": 0,
        "method": "card",
    }
    keys |= {"product": 1, "customer": 1}
    for rollup in ROLLUPS:
        for model in filter(None, (rollup.day, rollup.month, rollup.year)):
            names = {field.name for field in model._meta.concrete_fields}
            model._default_manager.create(day=day, **{key: keys[key] for key in keys if key in names})


def check_sums() -> None:
    """Raises AssertionError unless each stock and each subtotal is the sum of its parts."""
    for product in Product.objects.filter(stock__isnull=False):
        assert product.stock == (product.movements.aggregate(sum=Sum("quantity"))["sum"] or 0)
    for order in Order.objects.all():
        assert order.subtotal == sum((line.subtotal for line in order.lines.all()), Decimal(0))


def read_messages(response: HttpResponse) -> list[str]:
    """Returns the messages of a response."""
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def read_log() -> list[tuple[str, str]]:
    """Returns the entries of the admin's log: who changed which row, the oldest first."""
    return list(LogEntry.objects.order_by("pk").values_list("user__username", "object_repr"))


def run_action(admins: Client, model: type[Model], action: str, rows: list[Any], **more: str) -> HttpResponse:
    """Runs an action of a list on these rows; with `post="yes"` also answers its question."""
    data = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows], **more}
    if "post" in more:
        del data["index"]
    return admins.post(url(model, "changelist"), data)  # type: ignore[return-value]

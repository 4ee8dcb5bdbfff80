"""Addresses and ids of the admin site that no link of it has: refused with a sentence, never a 500."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client

from shop.models import (
    ApiToken,
    Customer,
    FailedSignIn,
    IdempotencyKey,
    Order,
    OrderLine,
    Product,
    SavedView,
    StockMovement,
    User,
)
from testing.admin_pages import make_order, url
from testing.pages import signed_in
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db

BAD = ["", "x", "\0", "a\0b", "-1", "0", str(2**63), "9" * 30, "9" * 5000, "1.5", "١", "é" * 300]
#: SQLite refuses a pattern of more than 50,000 bytes.
BAD += ["x" * 60_000]


@pytest.fixture(scope="module")
def root(shared_rows: SharedRows) -> User:
    """A superuser, who may see everything; there is an order to be seen."""
    with shared_rows():
        user = User.objects.create_superuser("root", password="root")
        make_order(user)
    return user


@pytest.fixture
def admins(root: User) -> Client:
    return signed_in(root)


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Order, "customer__name__startswith"),
        (Order, "reference__regex"),
        (Order, "status__regex"),
        (Order, "status"),
        (Order, "status__in"),
        (Order, "created_by__password__startswith"),
        (Order, "dated_at__year"),
        (Order, "pk"),
        (Order, "id__in"),
        (OrderLine, "order__reference"),
        (Customer, "name__iregex"),
        (Customer, "active__regex"),
        (Product, "stock__gt"),
        (Product, "sku"),
        (User, "password__startswith"),
        (User, "groups__permissions__codename"),
        (ApiToken, "user__password__startswith"),
        (ApiToken, "token_hash__startswith"),
        (StockMovement, "product__id__exact"),
        (SavedView, "owner__password__regex"),
    ],
)
def test_only_the_filters_that_are_offered_filter(admins: Client, model: type[Model], lookup: str) -> None:
    answer = admins.get(url(model, "changelist"), {lookup: "1"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Order, "status__exact=placed"),
        (Order, "status__isnull=True"),
        (Order, "dated_at__gte=2026-01-01 00:00:00%2B00:00&dated_at__lt=2030-01-01"),
        (Order, "dated_at__isnull=False"),
        (OrderLine, "order__status__exact=placed"),
        (Product, "active__exact=1"),
        (Product, "stock__isempty=0"),
        (ApiToken, "revoked_at__isempty=1"),
        (User, "is_staff__exact=0&groups__id__exact=1"),
        (StockMovement, "reason__exact=sold"),
    ],
)
def test_those_that_are_offered_do(admins: Client, model: type[Model], query: str) -> None:
    assert admins.get(f"{url(model, 'changelist')}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Order, "status__exact"),
        (Order, "dated_at__gte"),
        (Order, "dated_at__lt"),
        (Order, "dated_at__isnull"),
        (Customer, "active__exact"),
        (Product, "stock__isempty"),
        (User, "groups__id__exact"),
        (SavedView, "noun__exact"),
    ],
)
@pytest.mark.parametrize(
    "value", [*BAD, "9999-12-31 23:59:59-23:59", "0001-01-01 00:00:00+23:59", "9999-12-31", "2026-02-30"]
)
def test_a_filter_takes_no_nonsense(admins: Client, model: type[Model], lookup: str, value: str) -> None:
    assert admins.get(url(model, "changelist"), {lookup: value}).status_code in {200, 302, 400}


@pytest.mark.parametrize("model", [Order, Customer, Product, User, FailedSignIn, Group, IdempotencyKey])
@pytest.mark.parametrize("name", ["o", "p", "e", "q", "all", "_popup", "_to_field", "_facets"])
def test_no_parameter_breaks_a_list(admins: Client, model: type[Model], name: str) -> None:
    for value in (*BAD, "reference", "orders", "pk", "-1.0.99", "1" * 30):
        answer = admins.get(url(model, "changelist"), {name: value})
        assert answer.status_code in {200, 302, 400}, value
        if name == "_to_field" and value in ("reference", "orders"):
            assert answer.status_code == 400


@pytest.mark.parametrize("model", [Order, Customer, Product, User, FailedSignIn, Group, IdempotencyKey])
def test_no_id_breaks_a_page(admins: Client, model: type[Model]) -> None:
    for page in ("change", "history", "delete"):
        for pk in ("_00", "a_00b", "_FF", str(2**63), "9" * 30, "9" * 5000, "x", "-1"):
            answer = admins.get(url(model, page, pk))
            assert answer.status_code in {302, 403, 404}, (page, pk)


@pytest.mark.parametrize(
    ("model", "action"), [(Order, "cancel"), (Customer, "delete_selected"), (ApiToken, "revoke")]
)
@pytest.mark.parametrize("confirmed", [{}, {"post": "yes"}])
def test_no_id_breaks_an_action(admins: Client, model: Any, action: str, confirmed: dict[str, str]) -> None:
    row = model.objects.create(name="Ada") if model is Customer else None
    for pk in BAD:
        chosen = [pk, str(row.pk)] if row else [pk]
        data = {"action": action, "_selected_action": chosen, "index": "0", **confirmed}
        answer = admins.post(url(model, "changelist"), data)
        assert answer.status_code in {200, 302}, pk


def test_no_id_breaks_a_form(admins: Client, clerk: User) -> None:
    taken = {200, 302}  # "١" is a 1
    for pk in BAD:
        for field in ("groups", "user_permissions"):
            data = {"username": "clerk", "is_active": "on", field: [pk]}
            assert admins.post(url(User, "change", clerk.pk), data).status_code in taken, (field, pk)
        assert admins.post(url(Group, "add"), {"name": "x", "permissions": [pk]}).status_code in taken, pk
        assert admins.post(url(ApiToken, "add"), {"user": pk}).status_code in taken, pk
        movement = {"product": pk, "quantity": "1", "reason": "delivery"}
        assert admins.post(url(StockMovement, "add"), movement).status_code in taken, pk

"""The admin site: every page, every way of writing, and what it must never do."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Sum
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop import transactions
from shop.admin import base
from shop.admin.customers import CustomerAdmin
from shop.errors import Busy
from shop.models import (
    ApiToken,
    Customer,
    IdempotencyKey,
    Order,
    OrderEvent,
    OrderLine,
    Product,
    StockMovement,
    User,
)
from shop.services import customers, drafts, new_orders, orders, products, tokens
from shop.services.idempotency import Once

pytestmark = pytest.mark.django_db

MODELS = [*apps.get_app_config("shop").get_models(), Group]
ADDED = {Customer, Product, StockMovement, ApiToken, User}
DELETED = {Customer, Product}
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)[^>]*>|<[^>]*\s(?:style|on\w+)=[^>]*>")


def url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def make_order(staff: User, name: str = "Tea", quantity: int = 2, stock: int | None = 10) -> Order:
    """A placed order of a customer of its own for a product of its own, at 1.50 each."""
    customer = customers.create_customer(name=f"Zoë {name}", phone="555 0101")
    product = products.create_product(name=name, unit_price=Decimal("1.50"), stock=stock, staff_id=staff.pk)
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
    Group.objects.create(name=name)


def audit() -> None:
    """What must hold whatever the admin did."""
    for product in Product.objects.filter(stock__isnull=False):
        assert product.stock == (product.movements.aggregate(sum=Sum("quantity"))["sum"] or 0)
    for order in Order.objects.all():
        assert order.subtotal == sum((line.total for line in order.lines.all()), Decimal(0))


def told(response: HttpResponse) -> list[str]:
    """The messages that the answer carries."""
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def logged() -> list[tuple[str, str]]:
    """Who did what, by Django's log."""
    return [(entry.user.get_username(), entry.object_repr) for entry in LogEntry.objects.order_by("pk")]


@pytest.fixture
def desk(client: Client, admin_user: User) -> Client:
    """A browser in which a member of the group admin, no superuser, is signed in."""
    assert not admin_user.is_superuser
    client.force_login(admin_user)
    return client


@pytest.fixture
def order(admin_user: User) -> Order:
    return make_order(admin_user)


@pytest.fixture
def product(order: Order) -> Product:
    return Product.objects.get(order_lines__order=order)


def act(desk: Client, model: type[Model], action: str, rows: list[Any], **more: str) -> HttpResponse:
    data = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows], **more}
    if "post" in more:
        del data["index"]
    return desk.post(url(model, "changelist"), data)  # type: ignore[return-value]


# Pages


def test_every_model_is_there() -> None:
    assert [model for model in MODELS if not admin.site.is_registered(model)] == []


@pytest.mark.parametrize("model", MODELS)
def test_every_page_of_every_model_opens(desk: Client, admin_user: User, model: type[Model]) -> None:
    make_everything(admin_user, "Tea")
    row = model._default_manager.order_by("pk").first()
    assert row is not None

    pages = {
        url(model, "changelist"): True,
        url(model, "changelist") + "?q=tea+1": True,
        url(model, "change", row.pk): True,
        url(model, "history", row.pk): True,
        url(model, "add"): model in ADDED,
        url(model, "delete", row.pk): model in DELETED,
    }
    for page, allowed in pages.items():
        answer = desk.get(page)
        assert (page, answer.status_code) == (page, 200 if allowed else 403)
        # The policy would block these in the browser.
        assert INLINE.findall(answer.content.decode()) == []
        assert "'unsafe" not in answer["Content-Security-Policy"]
    assert url(model, "change", row.pk) in desk.get(url(model, "changelist")).content.decode()


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Customer, "zoe te"),
        (Product, "tea"),
        (Order, "reference"),
        (Order, "zoe te"),
        (OrderLine, "reference"),
        (OrderLine, "sku"),
        (StockMovement, "sku"),
        (OrderEvent, "reference"),
        (IdempotencyKey, "key Tea"),
        (User, "user t"),
        (ApiToken, "user T"),
    ],
)
def test_search_finds_rows_and_no_others(
    desk: Client, admin_user: User, model: type[Model], typed: str
) -> None:
    make_everything(admin_user, "Tea")
    order = Order.objects.get()
    product = Product.objects.get()
    make_everything(admin_user, "Milk")
    typed = {"reference": order.reference.lower().replace("-", ""), "sku": product.sku}.get(typed, typed)

    found = desk.get(url(model, "changelist"), {"q": typed}).context["cl"].result_list
    assert 0 < len(found) < model._default_manager.count()
    assert len(desk.get(url(model, "changelist"), {"q": "nothing like it"}).context["cl"].result_list) == 0


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_as_many_queries_for_many_rows(
    desk: Client, admin_user: User, model: type[Model]
) -> None:
    def queries() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert desk.get(url(model, "changelist")).status_code == 200
        return [query["sql"] for query in captured]

    make_everything(admin_user, "Tea")
    queries()
    few = queries()
    for name in ("Milk", "Bread", "Salt"):
        make_everything(admin_user, name)

    assert len(queries()) == len(few), queries()


def test_an_order_takes_as_many_queries_for_many_lines(desk: Client, admin_user: User) -> None:
    def queries(order: Order) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(url(Order, "change", order.pk)).status_code == 200
        return len(captured)

    made = [
        products.create_product(name=str(n), unit_price=Decimal(1), stock=9, staff_id=admin_user.pk)
        for n in range(8)
    ]

    def order_of(some: list[Product]) -> Order:
        items = [new_orders.Item(product.pk, 1) for product in some]
        return new_orders.place_new_order(
            customer_id=None, items=items, expected_subtotal=None, staff_id=admin_user.pk
        )

    short, long = order_of(made[:1]), order_of(made)
    queries(short)
    assert queries(short) == queries(long)


def test_an_order_page_shows_only_the_first_lines(
    desk: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "SHOWN_BELOW", 1)
    orders.annotate_order(order_id=order.pk, note="the second event", staff_id=None)

    page = desk.get(url(Order, "change", order.pk)).content.decode()
    assert "Note changed" not in page
    assert "Placed" in page


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("query", [{}, {"_facets": "True"}, {"q": "a"}, {"all": ""}])
def test_no_list_counts_more_than_its_bound(
    desk: Client,
    admin_user: User,
    model: type[Model],
    query: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "COUNTED", 0)
    make_everything(admin_user, "Tea")
    with CaptureQueriesContext(connection) as captured:
        page = desk.get(url(model, "changelist"), query)
    assert page.status_code == 200
    if not query:
        assert "more than 0" in page.content.decode()

    counts = [entry["sql"] for entry in captured if "COUNT(" in entry["sql"]]
    assert len(counts) <= 1
    assert all("LIMIT 1)" in sql for sql in counts)


def test_pages_end_at_the_bound(desk: Client, admin_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "COUNTED", 2)
    for name in ("Tea", "Milk", "Bread"):
        make_order(admin_user, name)
    paginator = base.BoundedPaginator(Order.objects.order_by("pk"), 1)

    assert paginator.num_pages == 2
    assert str(paginator.count) == "more than 2"
    assert str(base.BoundedPaginator(Order.objects.none(), 1).count) == "0"


def test_products_are_offered_while_typing(desk: Client, order: Order, product: Product) -> None:
    asked = {"app_label": "shop", "model_name": "stockmovement", "field_name": "product", "term": "te"}
    offered = desk.get(reverse("admin:autocomplete"), asked).json()

    assert offered["results"] == [{"id": str(product.pk), "text": str(product)}]


# Who may


@pytest.mark.parametrize("role", ["clerk", "manager"])
def test_other_roles_are_refused(client: Client, role: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(role))

    for page in (reverse("admin:index"), url(Order, "changelist"), url(User, "add")):
        assert client.get(page, follow=True).status_code == 403
        assert client.post(page, {"name": "x"}, follow=True).status_code == 403


def test_strangers_are_sent_to_the_one_sign_in_page(client: Client) -> None:
    page = url(Order, "changelist")
    answer = client.get(page, follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("sign-in"))
    assert page in answer.redirect_chain[-1][0].replace("%2F", "/")


def test_an_admin_can_neither_become_nor_change_a_superuser(desk: Client, admin_user: User) -> None:
    root = User.objects.create_superuser("root", password="root")

    desk.post(
        url(User, "change", admin_user.pk),
        {"username": "admin", "is_active": "on", "is_superuser": "on", "groups": admin_user.groups.get().pk},
    )
    admin_user.refresh_from_db()
    assert not admin_user.is_superuser
    assert desk.post(url(User, "change", root.pk), {"username": "mine"}).status_code == 403
    new = {"password1": "a long new one", "password2": "a long new one"}
    assert desk.post(reverse("admin:auth_user_password_change", args=[root.pk]), new).status_code == 403


def test_who_is_made_an_admin_may_sign_in_here_and_nobody_else(desk: Client) -> None:
    added = {"username": "bo", "password1": "a long new one", "password2": "a long new one"}
    desk.post(url(User, "add"), added | {"usable_password": "true", "is_staff": "on"})
    user = User.objects.get(username="bo")
    assert user.check_password("a long new one")
    assert not user.is_staff

    for role, staff in (("admin", True), ("clerk", False)):
        group = Group.objects.get(name=role)
        data = {"username": "bo", "is_active": "on", "is_staff": "on", "groups": group.pk}
        desk.post(url(User, "change", user.pk), data)
        user.refresh_from_db()
        assert list(user.groups.all()) == [group]
        assert user.is_staff is staff


def test_passwords_are_changed_and_their_owner_stays_signed_in(desk: Client, admin_user: User) -> None:
    new = {"password1": "a long new one", "password2": "a long new one", "usable_password": "true"}
    page = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert desk.post(page, new).status_code == 302
    own = {"old_password": "a long new one", "new_password1": "another one", "new_password2": "another one"}
    assert desk.post(reverse("admin:password_change"), own).status_code == 302

    admin_user.refresh_from_db()
    assert admin_user.check_password("another one")
    assert desk.get(reverse("admin:index")).status_code == 200


# Customers and products

ADA = {"name": "Ada", "phone": "555 0199", "email": "", "address": "", "note": ""}


def test_a_customer_is_added_found_and_changed(desk: Client) -> None:
    assert told(desk.post(url(Customer, "add"), ADA))[0].startswith("The customer")
    customer = Customer.objects.search("ada").get()

    desk.post(url(Customer, "change", customer.pk), ADA | {"name": "Åsa", "seen_version": customer.version})

    assert not Customer.objects.search("ada").exists()
    changed = Customer.objects.search("asa 0199").get()
    assert not changed.active
    assert logged() == [("admin", "Ada"), ("admin", "Åsa")]
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(customer.pk)}


def test_a_change_that_somebody_else_overtook_is_shown_first(desk: Client) -> None:
    customer = customers.create_customer(**ADA)
    mine = ADA | {"note": "mine", "active": "on", "seen_version": customer.version}
    customers.update_customer(customer_id=customer.pk, **ADA | {"note": "theirs"})

    page = desk.post(url(Customer, "change", customer.pk), mine)
    assert page.status_code == 200
    assert "yours is “mine”, now it is “theirs”" in page.content.decode()
    assert Customer.objects.get().note == "theirs"
    assert logged() == []

    again = page.context["adminform"].form["seen_version"].value()
    desk.post(url(Customer, "change", customer.pk), mine | {"seen_version": again})
    assert Customer.objects.get().note == "mine"


def test_a_product_is_added_with_its_stock_and_changed_without(desk: Client) -> None:
    tea = {"name": "Tea", "sku": "", "unit_price": "1.50", "barcode": ""}
    desk.post(url(Product, "add"), tea | {"stock": "7"})
    product = Product.objects.get()
    assert (product.stock, product.barcode) == (7, None)
    assert StockMovement.objects.get().author.username == "admin"  # type: ignore[union-attr]

    changed = tea | {"sku": "T1", "unit_price": "2.00", "active": "on", "stock": "99", "version": "50"}
    desk.post(url(Product, "change", product.pk), changed | {"seen_version": product.version})

    product.refresh_from_db()
    assert (product.sku, product.unit_price, product.stock, product.version) == ("T1", Decimal(2), 7, 2)
    audit()


def test_a_taken_sku_is_told_at_its_field(desk: Client, product: Product) -> None:
    page = desk.post(
        url(Product, "add"), {"name": "Tea", "sku": product.sku, "unit_price": "1", "barcode": ""}
    )

    assert page.status_code == 200
    assert page.context["adminform"].form.errors == {"sku": ["Tea has this SKU already."]}
    assert Product.objects.count() == 1


@pytest.mark.parametrize("model", DELETED)
def test_a_row_in_use_is_not_deleted_and_says_so(desk: Client, order: Order, model: type[Model]) -> None:
    row = model._default_manager.get()
    page = desk.post(url(model, "delete", row.pk), {"post": "yes"})

    assert page.status_code == 200
    assert "cannot be deleted. Retire" in page.content.decode()
    assert model._default_manager.get() == row
    assert logged() == []


def test_selected_rows_are_deleted_but_for_those_in_use(desk: Client, order: Order) -> None:
    free = customers.create_customer(**ADA)
    rows = list(Customer.objects.all())
    assert act(desk, Customer, "delete_selected", rows).status_code == 200
    assert Customer.objects.count() == 2

    answer = act(desk, Customer, "delete_selected", rows, post="yes")

    assert answer.status_code == 302
    assert Customer.objects.get() == order.customer
    assert told(answer) == [
        "1 customer deleted.",
        "Zoë Tea has orders and cannot be deleted. Retire the customer instead.",
    ]
    assert logged() == [("admin", free.name)]


# Orders


def test_a_crafted_post_changes_nothing_but_the_note(desk: Client, order: Order) -> None:
    before = Order.objects.filter(pk=order.pk).values().get()
    line = order.lines.get()
    crafted = {
        "note": "by hand",
        "subtotal": "0.01",
        "status": "draft",
        "placed_at_0": "2001-01-01",
        "placed_at_1": "00:00",
        "reference": "AAA-AAAA",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1",
        "lines-0-id": line.pk,
        "lines-0-quantity": "900",
        "lines-0-unit_price": "0.01",
        "lines-0-DELETE": "on",
        "movements-TOTAL_FORMS": "1",
        "movements-INITIAL_FORMS": "0",
        "movements-0-quantity": "900",
    }
    assert desk.post(url(Order, "change", order.pk), crafted).status_code == 302

    after = Order.objects.filter(pk=order.pk).values().get()
    assert after == before | {"note": "by hand", "version": before["version"] + 1}
    assert list(order.lines.all().values()) == list(OrderLine.objects.filter(pk=line.pk).values())
    event = order.events.last()
    assert event is not None
    assert (event.detail, event.author.username) == ("Note changed", "admin")  # type: ignore[union-attr]
    audit()


@pytest.mark.parametrize("model", [Order, OrderLine, StockMovement, OrderEvent])
def test_what_happened_is_not_deleted(desk: Client, order: Order, model: type[Model]) -> None:
    rows = list(model._default_manager.all())

    assert desk.post(url(model, "delete", rows[0].pk), {"post": "yes"}).status_code == 403
    act(desk, model, "delete_selected", rows, post="yes")

    assert list(model._default_manager.all()) == rows


def test_selected_orders_are_cancelled_and_return_their_stock_once(
    desk: Client, admin_user: User, order: Order, product: Product
) -> None:
    draft = drafts.open_draft(staff_id=admin_user.pk)
    fulfilled = make_order(admin_user, "Milk")
    act(desk, Order, "fulfil", [fulfilled])
    assert Order.objects.get(pk=fulfilled.pk).status == "fulfilled"

    answer = act(desk, Order, "cancel", [order, draft, fulfilled])

    assert sorted(told(answer)) == [
        "1 order fulfilled.",
        "2 orders cancelled.",
        f"{draft.reference} is a draft: discard it at the desk.",
    ]
    act(desk, Order, "cancel", [order])
    product.refresh_from_db()
    assert product.stock == 10
    assert list(order.events.values_list("kind", "author__username")) == [
        ("placed", "admin"),
        ("cancelled", "admin"),
    ]
    assert Order.objects.get(pk=draft.pk).status == "draft"
    audit()


def test_an_action_takes_so_many_rows_and_tells_so_many_refusals(
    desk: Client, admin_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [Order.objects.create(created_by=admin_user) for _ in range(3)]
    monkeypatch.setattr(base, "TOLD", 1)
    answer = act(desk, Order, "fulfil", made)
    assert told(answer)[1:] == ["2 more were refused."]

    monkeypatch.setattr(base, "ACTED_ON", 2)
    answer = act(desk, Order, "fulfil", made, select_across="1")
    assert told(answer)[-1] == "Select 2 rows at most."


def test_when_the_database_gives_up_in_the_middle_what_was_done_is_told(
    desk: Client, admin_user: User, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [make_order(admin_user, name) for name in ("Milk", "Bread")]
    calls: list[object] = []

    def run(name: str, body: Callable[[], object]) -> object:
        calls.append(name)
        if len(calls) == 2:
            raise Busy(Busy.detail)
        return transactions.run_in_transaction(name, body)

    monkeypatch.setattr(base, "run_in_transaction", run)
    answer = act(desk, Order, "fulfil", [order, *others])

    assert len(calls) == 2
    assert Order.objects.filter(status="fulfilled").count() == 1
    assert told(answer)[0] == "1 order fulfilled."
    assert Busy.detail in told(answer)[1]


def test_a_correction_mends_subtotal_stock_and_timeline(desk: Client, order: Order, product: Product) -> None:
    line = order.lines.get()
    data = {"quantity": "5", "unit_price": "2.00", "reason": "Miscounted.", "name": "x", "position": "9"}
    assert desk.post(url(OrderLine, "change", line.pk), data).status_code == 302

    order.refresh_from_db()
    product.refresh_from_db()
    assert (order.subtotal, product.stock) == (Decimal(10), 5)
    event = order.events.last()
    assert event is not None
    assert event.detail.endswith("Miscounted.")
    assert event.author.username == "admin"  # type: ignore[union-attr]
    assert order.lines.get().name == "Tea"
    audit()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"quantity": "900"}, "__all__"), ({"unit_price": "-1"}, "unit_price"), ({"reason": ""}, "reason")],
)
def test_a_correction_that_cannot_be_is_told(
    desk: Client, order: Order, wrong: dict[str, str], field: str
) -> None:
    line = order.lines.get()
    page = desk.post(
        url(OrderLine, "change", line.pk), {"quantity": "2", "unit_price": "1", "reason": "Why"} | wrong
    )

    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [field]
    assert list(order.lines.all().values()) == [OrderLine.objects.filter(pk=line.pk).values().get()]
    assert order.lines.get().unit_price == Decimal("1.50")
    assert logged() == []
    audit()


def test_a_line_of_a_draft_is_left_to_the_desk(desk: Client, admin_user: User, product: Product) -> None:
    draft = drafts.open_draft(staff_id=admin_user.pk)
    drafts.add_line(order_id=draft.pk, product_id=product.pk)
    line = draft.lines.get()
    page = desk.post(url(OrderLine, "change", line.pk), {"quantity": "2", "unit_price": "1", "reason": "Why"})

    assert page.status_code == 200
    assert "only a placed order is corrected here" in page.content.decode()
    audit()


# Stock, tokens


@pytest.mark.parametrize(
    ("quantity", "reason", "stock", "entry"),
    [("12", "received", 20, 12), ("-3", "damaged", 5, -3), ("2", "counted", 2, -6)],
)
def test_stock_moves_by_entries(
    desk: Client, product: Product, quantity: str, reason: str, stock: int, entry: int
) -> None:
    data = {"product": product.pk, "quantity": quantity, "reason": reason, "note": "because"}
    assert desk.post(url(StockMovement, "add"), data).status_code == 302

    product.refresh_from_db()
    assert product.stock == stock
    made = StockMovement.objects.order_by("pk").last()
    assert made is not None
    assert (made.quantity, made.note) == (entry, "because")
    assert made.author.username == "admin"  # type: ignore[union-attr]
    assert LogEntry.objects.get().object_id == str(made.pk)
    audit()


def test_a_count_that_finds_what_is_known_is_noted_at_the_product(desk: Client, product: Product) -> None:
    entries = StockMovement.objects.count()
    data = {"product": product.pk, "quantity": "8", "reason": "counted", "note": ""}
    answer = desk.post(url(StockMovement, "add"), data, follow=True)

    assert answer.status_code == 200
    assert "8 counted. No entry was needed." in answer.content.decode()
    assert StockMovement.objects.count() == entries
    assert logged() == [("admin", str(product))]


def test_stock_that_is_not_there_cannot_leave(desk: Client, product: Product) -> None:
    data = {"product": product.pk, "quantity": "-9", "reason": "damaged", "note": ""}
    page = desk.post(url(StockMovement, "add"), data)

    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == ["quantity"]
    assert desk.post(url(StockMovement, "change", StockMovement.objects.first().pk), data).status_code == 403  # type: ignore[union-attr]
    audit()


def test_a_token_is_shown_once_and_revoked(desk: Client, admin_user: User) -> None:
    answer = desk.post(url(ApiToken, "add"), {"user": admin_user.pk, "token_hash": "mine"}, follow=True)
    [message] = [text for text in told(answer) if "shop_" in text] or [answer.content.decode()]
    raw = "shop_" + message.split("shop_")[-1].split("<")[0].strip()
    token = ApiToken.objects.get()
    assert token.token_hash == tokens.hash_token(raw)

    page = desk.get(url(ApiToken, "change", token.pk)).content.decode()
    assert raw not in page
    assert token.token_hash not in page
    assert desk.post(url(ApiToken, "change", token.pk), {"token_hash": "x"}).status_code == 403

    act(desk, ApiToken, "revoke", [token])
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert len(logged()) == 2


# Conflicts


@pytest.fixture
def other() -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database."""
    wrapper = connection.copy()
    yield wrapper
    wrapper.close()


def meet_a_conflict(other: BaseDatabaseWrapper) -> None:
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
            meet_a_conflict(other)
        return answer

    monkeypatch.setattr(CustomerAdmin, method, conflicting)
    return attempts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["save_model", "response_change"])
def test_a_conflict_is_run_again_and_stored_and_told_once(
    desk: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    customer = customers.create_customer(**ADA)
    attempts = conflict_after(monkeypatch, method, other, times=1)

    data = ADA | {"note": "new", "active": "on", "seen_version": customer.version}
    answer = desk.post(url(Customer, "change", customer.pk), data)

    assert answer.status_code == 302
    assert len(attempts) == 2
    assert len(told(answer)) == 1
    assert logged() == [("admin", "Ada")]
    stored = Customer.objects.get()
    assert (stored.note, stored.version) == ("new", customer.version + 1)


@pytest.mark.django_db(transaction=True)
def test_a_new_row_is_stored_once_after_a_conflict(
    desk: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = conflict_after(monkeypatch, "response_add", other, times=1)
    answer = desk.post(url(Customer, "add"), ADA)

    assert len(attempts) == 2
    assert len(told(answer)) == 1
    assert logged() == [("admin", "Ada")]
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_action_meets_a_conflict_and_is_run_again(
    desk: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = customers.create_customer(**ADA)
    attempts = conflict_after(monkeypatch, "delete_model", other, times=1)
    answer = act(desk, Customer, "delete_selected", [customer], post="yes")

    assert len(attempts) == 2
    assert told(answer) == ["1 customer deleted."]
    assert logged() == [("admin", "Ada")]


@pytest.mark.django_db(transaction=True)
def test_a_conflict_that_never_ends_is_a_503_that_promises_nothing(
    desk: Client, other: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "BUDGET", 0.2)
    customer = customers.create_customer(**ADA)
    conflict_after(monkeypatch, "response_change", other, times=1000)
    data = ADA | {"note": "new", "active": "on", "seen_version": customer.version}
    answer = desk.post(url(Customer, "change", customer.pk), data)

    assert answer.status_code == 503
    assert "changed successfully" not in answer.content.decode()
    assert "changed successfully" not in desk.get(url(Customer, "changelist")).content.decode()
    assert Customer.objects.get().note == ""
    assert logged() == []

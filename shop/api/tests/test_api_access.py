"""Who may use the JSON API: tokens, permissions, and the open door of SHOP_API_ANONYMOUS."""

import json
import logging
import time
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.models import ApiToken, Customer, Order, Product, User
from shop.products.services import create_product
from shop.staff import authentication
from shop.staff.tokens import create_token, hash_token, revoke_token
from shop.web import checks
from testing.api_client import Api, read_json

pytestmark = pytest.mark.django_db

NOUNS = ["/customer/", "/product/", "/order/"]


@pytest.fixture
def outsider() -> User:
    """Has a token, and no permission at all."""
    return User.objects.create_user("outsider")


def challenged(response) -> bool:
    return (
        read_json(response, 401)["error"] == "unauthorized"
        and response.headers["WWW-Authenticate"] == "Bearer"
    )


@pytest.mark.parametrize("path", NOUNS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_token_nothing_is_shown_or_done(db, path, method):
    assert challenged(Api().send(method, path, {"name": "Carl", "price": 1}))
    assert not Customer.objects.exists()
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer nonsense", "Basic Y2xlcms6Y2xlcms=", "nonsense", "", "Bearer ü"]
)
def test_what_is_no_token_is_refused(db, header):
    assert challenged(Api().send("GET", "/customer/", Authorization=header))


def test_a_revoked_token_is_refused(clerk: User):
    api = Api(clerk)
    assert api.get("/customer/") == []

    revoke_token(token_id=ApiToken.objects.get().pk)

    assert challenged(api.send("GET", "/customer/"))


def test_the_token_of_an_inactive_user_is_refused(clerk: User):
    api = Api(clerk)
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    assert challenged(api.send("GET", "/customer/"))


def test_only_the_hash_of_a_token_is_stored(clerk: User):
    token = create_token(user=clerk)

    assert ApiToken.objects.get().token_hash == hash_token(token) != token
    assert read_json(Api().send("GET", "/customer/", Authorization=f"bearer  {token}"), 200) == []


def test_a_browser_session_gives_no_access(clerk: User):
    client = Client()
    client.force_login(clerk)

    assert challenged(client.get("/customer/"))
    assert challenged(client.post("/customer/", json.dumps({"name": "Carl"}), "application/json"))


def test_a_token_is_looked_up_in_one_query(clerk: User):
    api = Api(clerk)
    with CaptureQueriesContext(connection) as queries:
        api.send("PUT", "/customer/", {})
    of_users = [query["sql"] for query in queries if "username" in query["sql"]]

    assert len(of_users) == 1
    assert "token_hash" in of_users[0]


@pytest.mark.parametrize(
    ("method", "path", "missing"),
    [
        ("GET", "/customer/", "view_customer"),
        ("POST", "/customer/", "add_customer"),
        ("PUT", "/customer/1/", "change_customer"),
        ("DELETE", "/customer/1/", "delete_customer"),
        ("GET", "/product/", "view_product"),
        ("POST", "/product/", "add_product"),
        ("PUT", "/product/1/", "change_product"),
        ("GET", "/order/", "view_order"),
        ("POST", "/order/", "add_order, place_order"),
    ],
)
def test_each_method_asks_for_its_permission(outsider: User, method, path, missing):
    error = Api(outsider).refused(403, method, path, {})

    assert error["error"] == "forbidden"
    assert error["detail"] == f"outsider may not do this: {missing} is missing."


def test_head_asks_for_the_permission_of_get(outsider: User, clerk: User):
    assert Api(outsider).send("HEAD", "/customer/").status_code == 403
    assert Api(clerk).send("HEAD", "/customer/").status_code == 200


def test_a_clerk_sells_products_and_a_manager_makes_them(clerk: User, manager: User):
    Api(clerk).refused(403, "POST", "/product/", {"name": "Mug", "price": 1})
    mug = Api(manager).post("/product/", {"name": "Mug", "price": 1})

    assert Api(clerk).get("/product/") == [mug]
    assert Api(clerk).post("/order/", {"products": [{"id": mug["id"]}]})["subtotal"] == "1.00"


def test_the_open_door_needs_no_token(db, settings):
    settings.SHOP_API_ANONYMOUS = True
    api = Api()
    mug = api.post("/product/", {"name": "Mug", "price": 1, "stock": 3})
    order = api.post("/order/", {"products": [{"id": mug["id"]}]}, Idempotency_Key="k")

    assert api.post("/order/", {"products": [{"id": mug["id"]}]}, Idempotency_Key="k") == order
    assert Order.objects.get().placed_by is None
    assert api.send("DELETE", "/customer/1/").status_code == 200


def test_a_token_counts_even_where_the_door_is_open(outsider: User, settings):
    settings.SHOP_API_ANONYMOUS = True

    Api(outsider).refused(403, "GET", "/customer/")
    assert challenged(Api().send("GET", "/customer/", Authorization="Bearer nonsense"))


def test_an_open_door_is_reported_at_the_start(settings, caplog):
    settings.SHOP_API_ANONYMOUS = True
    with caplog.at_level(logging.WARNING):
        checks.warn_of_open_api()
    out = StringIO()
    call_command("check", stdout=out, stderr=out)

    assert caplog.messages == [checks.OPEN_API]
    assert f"(shop.W001) {checks.OPEN_API}" in out.getvalue()


def test_a_closed_door_is_not_reported(settings, caplog):
    settings.SHOP_API_ANONYMOUS = False
    checks.warn_of_open_api()

    assert checks.check_open_api() == []
    assert caplog.messages == []


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_create_api_token_prints_a_token_that_works(clerk: User):
    token = run("create_api_token", "clerk").strip()

    assert read_json(Api().send("GET", "/customer/", Authorization=f"Bearer {token}"), 200) == []


def test_create_api_token_wants_an_active_user(clerk: User):
    User.objects.update(is_active=False)

    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        run("create_api_token", "nobody")
    with pytest.raises(CommandError, match="clerk is not active"):
        run("create_api_token", "clerk")
    assert not ApiToken.objects.exists()


def test_revoke_api_token_lists_and_revokes(clerk: User):
    api = Api(clerk)
    number = str(ApiToken.objects.get().pk)
    listed = run("revoke_api_token").split("\t")
    assert (listed[:2], listed[-1][:12]) == ([number, "clerk"], "valid until ")

    assert run("revoke_api_token", number) == f"Token {number} is revoked.\n"

    assert challenged(api.send("GET", "/customer/"))
    assert "\trevoked " in run("revoke_api_token")
    with pytest.raises(CommandError, match="There is no token 0"):
        run("revoke_api_token", "0")


def test_no_csrf_token_is_asked_for(clerk: User):
    api = Api(clerk)
    api.client = Client(enforce_csrf_checks=True)

    assert api.post("/customer/", {"name": "Carl"})["name"] == "Carl"


def test_a_stock_entry_of_the_open_door_has_no_author(db, settings):
    settings.SHOP_API_ANONYMOUS = True
    mug = create_product(name="Mug", unit_price=1, stock=3, once=None, staff_id=None)

    Api().post("/order/", {"products": [{"id": mug.pk}]})

    assert mug.movements.get(reason="sold").author is None


def test_a_changed_role_holds_after_ten_seconds(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(clerk)
    assert api.get("/customer/") == []
    role = clerk.groups.get()
    role.permissions.remove(role.permissions.get(codename="view_customer"))

    now = time.monotonic()
    monkeypatch.setattr(authentication, "time", SimpleNamespace(monotonic=lambda: now + 9))
    assert api.get("/customer/") == []
    monkeypatch.setattr(authentication, "time", SimpleNamespace(monotonic=lambda: now + 11))
    assert api.refused(403, "GET", "/customer/")["error"] == "forbidden"


def test_another_role_and_a_right_of_ones_own_hold_at_once(clerk: User) -> None:
    api = Api(clerk)
    assert api.refused(403, "POST", "/product/", {})["error"] == "forbidden"
    right = Permission.objects.get(codename="add_product")

    clerk.user_permissions.add(right)
    assert api.refused(422, "POST", "/product/", {})["error"] == "invalid"
    clerk.user_permissions.clear()
    assert api.refused(403, "POST", "/product/", {})["error"] == "forbidden"
    clerk.groups.set([Group.objects.get(name="manager")])
    assert api.refused(422, "POST", "/product/", {})["error"] == "invalid"

"""The tutorial's own bugs: its loop never retries, shares a response, drops errors, trusts the client."""

import psycopg2
import pytest
from django.db import IntegrityError, OperationalError
from django.test import RequestFactory

from shop.api import responses
from shop.customers import services as customers
from shop.customers.api import CustomersView
from shop.customers.queries import CustomerQuerySet
from shop.db import retries
from shop.db.errors import UnknownOutcome
from shop.models import Customer, Order, User
from shop.orders.services import new_orders, placing
from shop.products.services import create_product
from testing.api_client import Api

pytestmark = pytest.mark.django_db


class SerializationFailure(psycopg2.OperationalError):
    """What psycopg2 raises on a conflict; its own class gets the code from a real server only."""

    pgcode = "40001"


class AdminShutdown(psycopg2.OperationalError):
    """What a server says that is told to stop."""

    pgcode = "57P01"


def conflict(*args: object, **kwargs: object) -> None:
    """Fails as Django does on a conflict: with OperationalError, which is no IntegrityError."""
    raise OperationalError("could not serialize access") from SerializationFailure()


def failing_first(times: int, function):
    """`function`, after as many conflicts."""
    calls = []

    def attempt(*args, **kwargs):
        calls.append(args)
        return conflict() if len(calls) <= times else function(*args, **kwargs)

    return attempt, calls


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


def test_a_conflict_is_retried_and_stored_once(api: Api, monkeypatch):
    attempt, calls = failing_first(2, customers.write_terms)  # type: ignore[attr-defined]
    monkeypatch.setattr(customers, "write_terms", attempt)

    customer = api.post("/customer/", {"name": "Carl"})

    assert len(calls) == 3
    assert api.get("/customer/") == [customer]


def test_a_conflict_while_placing_is_retried_and_takes_stock_once(api: Api, monkeypatch):
    mug = create_product(name="Mug", unit_price=5, stock=9, once=None, staff_id=None)
    attempt, calls = failing_first(1, placing.move_stock)  # type: ignore[attr-defined]
    monkeypatch.setattr(placing, "move_stock", attempt)

    api.post("/order/", {"products": [{"id": mug.pk, "quantity": 2}]})

    mug.refresh_from_db()
    assert (len(calls), Order.objects.count(), mug.stock) == (2, 1, 7)


def test_a_conflict_that_never_ends_is_503_and_leaves_nothing(api: Api, monkeypatch):
    monkeypatch.setattr(retries, "BUDGET", 0.05)
    monkeypatch.setattr(customers, "write_terms", conflict)

    response = api.send("POST", "/customer/", {"name": "Carl"})

    assert (response.status_code, response.json()["error"]) == (503, "busy")
    assert response.headers["Retry-After"] == "2"
    assert not Customer.objects.exists()


def test_an_unknown_outcome_is_told_as_such(api: Api, monkeypatch):
    def lost(**kwargs: object) -> None:
        raise UnknownOutcome(UnknownOutcome.detail)

    monkeypatch.setattr(customers, "create_customer", lost)

    error = api.refused(503, "POST", "/customer/", {"name": "Carl"})

    assert error["error"] == "unknown_outcome"
    assert "will not be saved twice" in error["detail"]


def test_two_users_never_share_a_response(monkeypatch, settings):
    settings.SHOP_API_ANONYMOUS = True
    monkeypatch.setattr(retries, "BUDGET", 0.05)
    monkeypatch.setattr(customers, "write_terms", conflict)
    view = CustomersView.as_view()

    def ask():
        return view(RequestFactory().post("/customer/", {"name": "Carl"}, "application/json"))

    mine, yours = ask(), ask()
    mine.set_cookie("session", "mine")

    assert (mine.status_code, yours.status_code) == (503, 503)
    assert mine is not yours
    assert not yours.cookies
    assert responses.write_error("a", "b", 400) is not responses.write_error("a", "b", 400)


@pytest.mark.parametrize("bug", [RuntimeError("a bug"), KeyError("id"), IntegrityError("CHECK failed")])
def test_a_bug_is_a_real_500_in_json(api: Api, monkeypatch, caplog, bug):
    def broken(*args: object, **kwargs: object) -> None:
        raise bug

    monkeypatch.setattr(customers, "write_terms", broken)

    assert api.refused(500, "POST", "/customer/", {"name": "Carl"})["error"] == "server_error"
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [bug]
    assert not Customer.objects.exists()


def test_the_clients_subtotal_is_never_stored(api: Api):
    mug = create_product(name="Mug", unit_price=5, once=None, staff_id=None)

    api.refused(409, "POST", "/order/", {"subtotal": "0.01", "products": [{"id": mug.pk}]})

    assert not Order.objects.exists()
    assert api.post("/order/", {"products": [{"id": mug.pk}]})["subtotal"] == "5.00"


def test_nothing_is_read_after_the_commit(api: Api, monkeypatch):
    """Or a lost connection then would say "nothing was changed" of an order that was placed."""
    mug = create_product(name="Mug", unit_price=5, once=None, staff_id=None)
    placed = new_orders.place_new_order

    def then_the_database_goes(**kwargs: object) -> Order:
        order = placed(**kwargs)
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", conflict)
        return order

    for _ in range(2):
        with monkeypatch.context() as broken:
            broken.setattr(new_orders, "place_new_order", then_the_database_goes)
            response = api.send("POST", "/order/", {"products": [{"id": mug.pk}]}, Idempotency_Key="k")
        assert (response.status_code, response.json()["subtotal"]) == (200, "5.00")


def test_a_read_without_a_database_is_503_in_json(api: Api, monkeypatch):
    def away(*args: object) -> None:
        raise OperationalError("terminating connection") from AdminShutdown()

    monkeypatch.setattr(CustomerQuerySet, "after", away)

    assert api.refused(503, "GET", "/customer/")["error"] == "busy"

"""Cash above the limit of a role goes back only when a manager confirms it in place."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.conftest import PASSWORD
from shop.models import FailedSignIn, Order, Payment, RoleLimit, User
from shop.payments import services
from shop.payments.errors import CashRefundAboveLimit
from shop.payments.tests.entries import check_account, make_order, pay, refund
from shop.payments.tests.entries import reverse as reverse_entry
from shop.payments.tests.test_views_payments import fill
from testing.api_client import Api
from testing.pages import Page
from testing.refusals import raises_worded
from testing.transactions import lose_answer

pytestmark = pytest.mark.django_db

MANAGER = {"manager": "manager", "password": PASSWORD}


@pytest.fixture
def paid() -> Order:
    """An order of 500.00, paid in cash."""
    order = make_order("500.00")
    pay(order, "cash", tendered="500")
    return order


def send(client: Client, order: Order, **fields: str) -> Any:
    """Opens the page of a refund, and sends it."""
    data = fill(client, order, "refund", source="cash", **fields)
    return client.post(f"{order.get_absolute_url()}refund/", data)


def list_refunds() -> list[tuple[str, str | None]]:
    """The amount of each refund, and who confirmed it."""
    rows = Payment.objects.filter(amount__lt=0).order_by("id").select_related("confirmed_by")
    return [(str(row.amount), row.confirmed_by.username if row.confirmed_by else None) for row in rows]


def test_the_limit_itself_may_go_back(paid: Order, clerks: Client) -> None:
    assert send(clerks, paid, amount="200").status_code == 303
    assert list_refunds() == [("-200.00", None)]


def test_above_it_a_manager_confirms_on_the_same_page(paid: Order, clerks: Client, manager: User) -> None:
    assert not Page(clerks.get(f"{paid.get_absolute_url()}refund/")).all("input", name="password")

    answer = send(clerks, paid, amount="200.01", reason="Broken")

    page = Page(answer)
    assert answer.status_code == 422
    assert (
        "$200.01 in cash: more than your limit of $200.00 for an order. A manager can allow it." in page.text
    )
    assert (page.value("amount"), page.value("reason"), page.value("manager")) == ("200.01", "Broken", "")
    assert list_refunds() == []
    form = page.fields("refund/")
    answers = [clerks.post(answer.wsgi_request.path, form | {"source": "cash"} | MANAGER) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert list_refunds() == [("-200.01", "manager")]
    assert "Confirmed by manager" in Page(clerks.get(paid.get_absolute_url())).text
    assert check_account(paid) == "299.99 200.01"
    # The stored fingerprint has no trace of the password: without it this is the same request.
    again = {name: value for name, value in form.items() if name not in MANAGER}
    assert clerks.post(answer.wsgi_request.path, again | {"source": "cash"}).status_code == 303


def test_a_confirmed_refund_of_unknown_outcome_is_sent_again_and_given_once(
    paid: Order, clerks: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        lose_answer(patched, services, "refund_payment")
        lost = send(clerks, paid, amount="300", reason="Broken", **MANAGER)

    page, path = Page(lost), lost.wsgi_request.path
    assert lost.status_code == 503
    assert PASSWORD not in page.source
    [password] = page.all("input", name="password")
    assert (password["type"], password.get("value"), "required" in password) == ("password", None, True)
    assert page.focused_names == ["password"]
    assert "Nothing that you typed is lost but the password." in page.text
    # After a mistake in the password the page has the new balance under the old key: it is not given twice.
    mistaken = Page(clerks.post(path, page.fields(path) | {"password": "no"})).fields("refund/")
    twice = clerks.post(path, mistaken | {"source": "cash", "password": PASSWORD})
    assert (twice.status_code, "This was sent before" in Page(twice).text) == (422, True)
    again = clerks.post(path, page.fields(path) | {"password": PASSWORD})
    assert (again.status_code, again["Location"]) == (303, paid.get_absolute_url())
    assert list_refunds() == [("-300.00", "manager")]


def test_small_refunds_of_an_order_add_up(paid: Order, clerk: User, manager: User) -> None:
    refund(paid, "cash", "150", staff_id=clerk.pk)

    words = re.escape("$50.01 in cash, and $150.00 went back before: more than your limit of $200.00")
    with raises_worded(CashRefundAboveLimit, words):
        refund(paid, "cash", "50.01", staff_id=clerk.pk)
    reverse_entry(Payment.objects.get(amount=-150))
    refund(paid, "cash", "200", staff_id=clerk.pk)
    assert check_account(paid) == "300.00 200.00"


@pytest.mark.parametrize("who", [{"manager": "manager", "password": "wrong"}, {"manager": "clerk"}])
def test_who_may_not_confirm_is_told_so(
    who: dict[str, str], paid: Order, clerks: Client, manager: User
) -> None:
    answer = send(clerks, paid, amount="300", **{"password": PASSWORD} | who)

    page = Page(answer)
    assert answer.status_code == 422
    assert (page.value("manager"), page.focused_names) == (who["manager"], ["manager"])
    assert PASSWORD not in page.source
    assert list_refunds() == []
    assert FailedSignIn.objects.exists() == (who["manager"] == "manager")


def test_what_goes_back_by_card_has_no_limit(clerk: User) -> None:
    order = make_order("900.00")
    card = pay(order, "card", "900")

    refund(order, "card", "600", card, staff_id=clerk.pk)
    with pytest.raises(CashRefundAboveLimit):
        refund(order, "cash", "300", card, staff_id=clerk.pk)


def test_managers_and_programs_have_none(paid: Order, manager: User) -> None:
    refund(paid, "cash", "201", staff_id=manager.pk)
    refund(paid, "cash", "299", staff_id=None)
    assert list_refunds() == [("-201.00", None), ("-299.00", None)]


def test_a_role_without_limits_allows_none(paid: Order, clerk: User) -> None:
    RoleLimit.objects.filter(role__name="clerk").delete()
    with pytest.raises(CashRefundAboveLimit):
        refund(paid, "cash", "0.01", staff_id=clerk.pk)


def test_the_api_answers_with_the_numbers(paid: Order, clerk: User) -> None:
    body = {"method": "cash", "amount": "250.00"}
    told = Api(clerk).refused(422, "POST", f"/order/{paid.pk}/refund/", body)
    names = ("error", "limit", "before", "asked")
    assert [told[name] for name in names] == ["cash_refund_above_limit", "200.00", "0.00", "250.00"]


@pytest.mark.parametrize(("typed", "limit"), [("50.5", Decimal("50.50")), ("", None), ("0", Decimal(0))])
def test_an_admin_sets_it(typed: str, limit: Decimal | None, admins: Client) -> None:
    row = RoleLimit.objects.get(role__name="clerk")
    url = reverse("admin:shop_rolelimit_change", args=[row.pk])

    assert admins.post(url, {"discount_percent": "10", "cash_refund": typed}).status_code == 302
    row.refresh_from_db()
    assert row.cash_refund == limit
    for wrong in ({"discount_percent": "10", "cash_refund": "-1"}, {"discount_percent": "101"}):
        assert admins.post(url, wrong).status_code == 200
    row.refresh_from_db()
    assert row.cash_refund == limit

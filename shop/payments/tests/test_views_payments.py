"""The account on an order's page, and the pages on which money is taken, given back and reversed."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from shop.models import Order, Payment, User
from shop.payments.tests.entries import check_account, figures, make_order, pay, take_back
from shop.staff import authentication
from testing.pages import Page

pytestmark = pytest.mark.django_db


def read(client: Client, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, response.content
    return Page(response)


def fill(client: Client, order: Order, step: str = "payment", **fields: str) -> dict[str, str]:
    """Returns what the order's page, or the page of a refund, sends with these fields."""
    path = order.get_absolute_url() + ("refund/" if step == "refund" else "")
    hidden = read(client, path).fields(f"{step}/")
    return {"snapshot": hidden["snapshot"], "key": hidden["key"]} | fields


def send(client: Client, order: Order, data: dict[str, str], step: str = "payment") -> object:
    return client.post(f"{order.get_absolute_url()}{step}/", data)


def test_cash_gives_change_in_large_type(clerks: Client, clerk: User) -> None:
    order = make_order("74.99")

    response = clerks.post(
        f"{order.get_absolute_url()}payment/", fill(clerks, order, method="cash", tendered="100", amount="60")
    )

    payment = Payment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{order.get_absolute_url()}?payment={payment.pk}#account"
    assert (figures(payment), payment.author) == ("60.00 40.00 60.00 0.00", clerk)
    page = read(clerks, response["Location"])
    assert page.all("strong", **{"class": "change"})
    assert "Change $40.00" in page.text
    assert "Total $74.99 Paid $60.00 To pay $14.99" in page.text
    assert not read(clerks, order.get_absolute_url()).all("p", **{"class": "change"})


@pytest.mark.parametrize(
    ("price", "fields", "stored"),
    [
        ("49.99", {"method": "cash", "exact": "1"}, "49.99 0.00 50.00 -0.01"),
        ("12.91", {"method": "cash", "exact": "1"}, "12.91 0.00 12.90 0.01"),
        ("12.90", {"method": "cash", "exact": "1"}, "12.90 0.00 12.90 0.00"),
        # There are no coins for so little.
        ("0.02", {"method": "cash", "exact": "1"}, "0.02 0.00 0.00 0.02"),
        ("12.91", {"method": "card", "exact": "1"}, "12.91 0.00 0.00 0.00"),
        # Who keys the exact due lays it down exactly.
        ("12.91", {"method": "cash", "amount": "12.91"}, "12.91 0.00 12.91 0.00"),
    ],
)
def test_a_button_takes_exactly_what_is_to_pay_and_in_cash_what_coins_make(
    price: str, fields: dict[str, str], stored: str, clerks: Client
) -> None:
    order = make_order(price)
    with override_settings(SHOP_CASH_STEP=Decimal("0.05")):
        send(clerks, order, fill(clerks, order, **fields))

    assert figures(Payment.objects.get()) == stored
    assert check_account(order) == f"{price} 0.00"
    assert not read(clerks, order.get_absolute_url()).all("form", **{"class": "pay"})


def test_the_page_says_what_coins_make(clerks: Client) -> None:
    order = make_order("49.99")
    with override_settings(SHOP_CASH_STEP=Decimal("0.05")):
        assert "In cash $50.00" in read(clerks, order.get_absolute_url()).text


def test_sent_twice_it_is_paid_once(clerks: Client) -> None:
    order = make_order("100.00")
    data = fill(clerks, order, method="card", amount="40.00")

    answers = [clerks.post(f"{order.get_absolute_url()}payment/", data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert check_account(order) == "40.00 60.00"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"method": "card", "amount": "100.01"}, "Only $100.00 is due."),
        ({"method": "card"}, "Give the amount."),
        ({"method": "cash"}, "Give the amount, or the cash that was laid down."),
        ({"method": "cash", "amount": "50", "tendered": "20"}, "$20.00 in cash is less than the $50.00"),
        ({"method": "card", "tendered": "20"}, "Only cash gives change"),
        ({"method": "card", "amount": "5", "reference": "4111111111111111"}, "the number of a card"),
        ({"method": "gold", "amount": "5"}, "gold is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_on_a_page_with_the_form(
    fields: dict[str, str], sentence: str, clerks: Client
) -> None:
    order = make_order("100.00")

    response = clerks.post(f"{order.get_absolute_url()}payment/", fill(clerks, order, **fields))

    assert response.status_code == 422
    assert sentence in Page(response).text
    assert not Payment.objects.exists()


def test_of_two_clerks_the_second_is_told(clerks: Client, manager: User) -> None:
    order = make_order("100.00")
    data = fill(clerks, order, method="cash", tendered="100")
    pay(order, "cash", "60.00", staff_id=manager.pk)

    response = clerks.post(f"{order.get_absolute_url()}payment/", data)

    assert response.status_code == 409
    page = Page(response)
    assert "manager took $60.00 in cash 0 s ago. Nothing of yours was stored" in page.text
    assert "To pay $40.00" in page.text
    assert check_account(order) == "60.00 40.00"
    # The page knows the new balance, and its form is another request.
    again = {name: page.value(name) for name in ("snapshot", "key")} | {"method": "cash", "tendered": "50"}
    assert clerks.post(f"{order.get_absolute_url()}payment/", again).status_code == 303
    assert check_account(order) == "100.00 0.00"


def test_a_mistake_is_reversed_with_a_reason(clerks: Client) -> None:
    order = make_order("100.00")
    payment = pay(order, "cash", "30.00")
    address = f"{order.get_absolute_url()}payments/{payment.pk}/reverse/"
    assert read(clerks, order.get_absolute_url()).all("a", href=address)

    assert clerks.post(address, {"reason": ""}).status_code == 422
    response = clerks.post(address, {"reason": "Keyed twice"})

    assert (response.status_code, response["Location"]) == (303, order.get_absolute_url())
    assert check_account(order) == "0.00 100.00"
    page = read(clerks, order.get_absolute_url())
    assert "Cash (reversed)" in page.text
    assert "Cash, reversal Keyed twice" in page.text
    assert not page.all("a", href=address)
    assert clerks.get(address.replace(order.reference, make_order("1").reference)).status_code == 404


def test_a_cancelled_order_offers_a_refund_only(clerks: Client) -> None:
    order = make_order("100.00")
    pay(order, "card", "30.00")
    data = fill(clerks, order, method="card", amount="1")
    Order.objects.filter(pk=order.pk).update(status="cancelled")

    page = read(clerks, order.get_absolute_url())
    assert not page.all("form", **{"class": "pay"})
    assert page.all("a", href=f"{order.get_absolute_url()}refund/")
    assert clerks.post(f"{order.get_absolute_url()}payment/", data).status_code == 409


def test_only_who_may_sees_the_forms(clerks: Client, clerk: User) -> None:
    order = make_order("100.00")
    payment = pay(order, "cash", "30.00")
    clerk.groups.get().permissions.remove(
        *Permission.objects.filter(codename__in=["add_payment", "refund_payment", "reverse_payment"])
    )
    authentication.forget_roles()

    page = read(clerks, order.get_absolute_url())
    assert "Paid $30.00" in page.text
    assert not page.all("form", **{"class": "pay"})
    for path in ("payment/", "refund/", f"payments/{payment.pk}/reverse/"):
        address = f"{order.get_absolute_url()}{path}"
        assert not page.all("a", href=address)
        assert clerks.get(address).status_code == 403


def test_the_list_shows_and_filters_balances(clerks: Client) -> None:
    open_order, settled, owed = make_order("10.00"), make_order("20.00"), make_order("30.00")
    without = make_order("40.00")
    pay(open_order, "card", "4.00")
    pay(settled, "card", "20.00")
    pay(owed, "card", "30.00")
    take_back(owed, "30.00")

    def listed(money: str) -> set[str]:
        page = read(clerks, f"/orders/?money={money}" if money else "/orders/")
        every = (open_order, settled, owed, without)
        return {order.reference for order in every if order.reference in page.text}

    assert listed("to_pay") == {open_order.reference}
    assert listed("to_refund") == {owed.reference}
    assert listed("settled") == {settled.reference}
    assert len(listed("")) == 4
    text = read(clerks, "/orders/").text
    assert "$10.00 $6.00" in text
    assert "$20.00 settled" in text
    assert "$30.00 -$30.00" in text


def test_the_list_of_open_balances_reads_their_index(clerks: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        clerks.get("/orders/?money=to_pay")
    [sql] = [query["sql"] for query in captured if "balance" in query["sql"].partition("WHERE")[2]]
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of no rows")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        assert "order_by_open_balance" in str(cursor.fetchall())

"""The page of an exchange: what it shows before, what it refuses, and that it is done once."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from shop.conftest import PASSWORD
from shop.counter import exchange
from shop.counter.tests.test_views_counter import read_form, send
from shop.models import Order, RoleLimit, User
from shop.payments.tests.entries import take_back
from testing.factories import ProductFactory
from testing.pages import Page
from testing.transactions import lose_answer

pytestmark = pytest.mark.django_db


def open_exchange(client: Client, order: Order, **fields: str) -> Any:
    return client.post(f"{order.get_absolute_url()}exchange/", fields)


@pytest.fixture
def sold(draft: Order, clerks: Client) -> Order:
    """Two lamps, paid in cash."""
    send(clerks, draft, read_form(clerks, draft), "=")
    return draft


def test_an_exchange_is_shown_before_it_is_made(sold: Order, clerks: Client):
    new = ProductFactory(name="Ring", sku="RING", unit_price=Decimal(4))
    line = sold.lines.get()
    wanted = {f"units-{line.pk}": "1", "goods": "2*ring", "reason": "too bright", "restock": "on"}

    page = Page(open_exchange(clerks, sold, **wanted))

    words = ("To give back $2.00", "Back: 1 × Lamp −$10.00", "New: 2 × Ring", "Back in cash $2.00")
    assert [text for text in words if text not in page.text] == []
    assert Order.objects.count() == 1
    url = f"{sold.get_absolute_url()}exchange/"
    form = {name: page.value(name) for name in ("snapshot", "key", "register")}
    answers: list[Any] = [clerks.post(url, form) for _ in range(2)]
    assert len({answer.url for answer in answers}) == 1
    order = Order.objects.exclude(pk=sold.pk).get()
    assert [str(row.quantity) for row in order.lines.filter(product=new)] == ["2"]
    text = Page(clerks.get(answers[0].url)).text
    assert "Exchanged for $8.00" in text
    assert f"the new order is {order.reference}. Give back $2.00 (Cash)." in text


def test_an_exchange_says_what_goes_back_by_which_method(
    draft: Order, clerks: Client, settings: Settings
) -> None:
    settings.SHOP_CASH_STEP = Decimal("0.05")
    # 20.00, of which 5.00 by card.
    send(clerks, draft, read_form(clerks, draft), "c 5 + 15")
    new = ProductFactory(sku="RING", unit_price=Decimal("3.09"))
    wanted = {f"units-{draft.lines.get().pk}": "1", "goods": "ring", "reason": "x", "restock": "on"}

    page = Page(open_exchange(clerks, draft, **wanted))

    # 6.91 are due, 5.00 of it by card; there are no coins for the other 1.91.
    for words in ("To give back $6.90", "Back by card $5.00", "Back in cash $1.90"):
        assert words in page.text
    form = {name: page.value(name) for name in ("snapshot", "key", "register")}
    answers: list[Any] = [clerks.post(f"{draft.get_absolute_url()}exchange/", form) for _ in range(2)]
    text = Page(clerks.get(answers[1].url)).text
    assert text.count("Give back $5.00 (Card) and $1.90 (Cash).") == 2
    stored = draft.payments.filter(amount__lt=0).exclude(method="exchange").order_by("id")
    assert [(row.method, str(row.amount), str(row.cash)) for row in stored] == [
        ("card", "-5.00", "0.00"),
        ("cash", "-1.91", "-1.90"),
    ]
    assert [row.quantity for row in Order.objects.get(lines__product=new).lines.all()] == [1]


def test_an_exchange_with_much_cash_back_needs_a_manager(draft: Order, clerks: Client, manager: User) -> None:
    RoleLimit.objects.filter(role__name="clerk").update(cash_refund=1)
    send(clerks, draft, read_form(clerks, draft), "=")
    ProductFactory(sku="RING", unit_price=Decimal(4))
    wanted = {f"units-{draft.lines.get().pk}": "1", "goods": "ring", "reason": "x", "restock": "on"}
    page = Page(open_exchange(clerks, draft, **wanted))
    form = {name: page.value(name) for name in ("snapshot", "key", "register")}

    answer = open_exchange(clerks, draft, **form)

    page = Page(answer)
    assert answer.status_code == 422
    assert "$6.00 in cash: more than your limit of $1.00 for an order." in page.text
    assert page.focused_names == ["manager"]
    assert Order.objects.count() == 1
    form = {name: page.value(name) for name in ("snapshot", "key", "register")}
    wrong = open_exchange(clerks, draft, **form, manager="manager", password="no")
    assert (wrong.status_code, Page(wrong).value("manager")) == (422, "manager")
    assert open_exchange(clerks, draft, **form, manager="manager", password=PASSWORD).status_code == 303
    back = draft.payments.get(method="cash", amount__lt=0)
    assert (str(back.amount), back.confirmed_by) == ("-6.00", manager)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"goods": "nothing"}, "Nothing is called “nothing”."),
        ({"goods": "la"}, "Several are called “la”: "),
        ({"goods": "", "units": "1"}, "This field is required."),
        ({"goods": " , ,"}, "This field is required."),
        ({"units": "3"}, "Only 2 are left that can come back."),
        ({"units": "0"}, "Enter how many units of a line come back."),
        ({"reason": ""}, "Say why."),
    ],
)
def test_what_an_exchange_refuses(fields: dict[str, str], words: str, sold: Order, clerks: Client):
    for sku in ("LA-1", "LA-2"):
        ProductFactory(name="Large ladle", sku=sku)
    values = {"units": "1", "goods": "LA-1", "reason": "x"} | fields
    values[f"units-{sold.lines.get().pk}"] = values.pop("units")

    answer = open_exchange(clerks, sold, **values)

    assert answer.status_code == 422
    assert words in Page(answer).text


def test_an_exchange_names_the_refund_that_is_due_without_a_sign(sold: Order, clerks: Client):
    take_back(sold, "10.00")

    page = Page(open_exchange(clerks, sold))

    assert "total $20.00, refund due $10.00" in page.text


def read_offer(page: Page) -> dict[str, str]:
    """The fields with which an exchange is carried out."""
    return {name: page.value(name) for name in ("snapshot", "key", "register")}


def open_above_limit(client: Client, order: Order) -> dict[str, str]:
    """Opens an exchange that gives back 6.00 in cash, more than the clerk may. Returns its fields."""
    RoleLimit.objects.filter(role__name="clerk").update(cash_refund=1)
    send(client, order, read_form(client, order), "=")
    ProductFactory(sku="RING", unit_price=Decimal(4))
    wanted = {f"units-{order.lines.get().pk}": "1", "goods": "ring", "reason": "x", "restock": "on"}
    return read_offer(Page(open_exchange(client, order, **wanted)))


def test_a_confirmed_exchange_of_unknown_outcome_is_sent_again_and_done_once(
    draft: Order, clerks: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = open_above_limit(clerks, draft) | {"manager": "manager"}
    with monkeypatch.context() as patched:
        lose_answer(patched, exchange, "exchange_goods")
        lost = open_exchange(clerks, draft, **form, password=PASSWORD)

    page, path = Page(lost), lost.wsgi_request.path
    assert (lost.status_code, PASSWORD in page.source) == (503, False)
    fields = page.fields(path)
    assert (fields["key"], fields["manager"], fields["password"]) == (form["key"], "manager", "")
    # A password with a mistake asks for it again, and is still the same request.
    wrong = Page(clerks.post(path, fields | {"password": "no"}))
    assert wrong.value("key") == form["key"]
    new = Order.objects.exclude(pk=draft.pk).get()
    again = clerks.post(path, fields | {"password": PASSWORD})
    assert (again.status_code, again["Location"]) == (303, f"{new.get_absolute_url()}sold/")
    assert Order.objects.count() == 2


@pytest.mark.parametrize("others", [(), ("A", "B-1")])
def test_a_refused_exchange_offers_the_same_goods_whatever_their_codes_are(
    others: tuple[str, ...], draft: Order, clerks: Client, manager: User
) -> None:
    RoleLimit.objects.filter(role__name="clerk").update(cash_refund=1)
    send(clerks, draft, read_form(clerks, draft), "=")
    blue = ProductFactory(name="Blue ring", sku="A,B-1", unit_price=Decimal(4))
    for sku in others:
        ProductFactory(name=f"Other {sku}", sku=sku, unit_price=Decimal(2))
    wanted = {f"units-{draft.lines.get().pk}": "1", "goods": "blue ring", "reason": "x", "restock": "on"}
    form = read_offer(Page(open_exchange(clerks, draft, **wanted)))

    page = Page(open_exchange(clerks, draft, **form))

    assert "New: 1 × Blue ring" in page.text
    assert "Other" not in page.text
    form = read_offer(page) | {"manager": "manager", "password": PASSWORD}
    assert open_exchange(clerks, draft, **form).status_code == 303
    new = Order.objects.exclude(pk=draft.pk).get()
    assert [(line.product_id, line.quantity) for line in new.lines.all()] == [(blue.pk, 1)]


def test_an_exchange_that_is_even_takes_no_payment(sold: Order, clerks: Client) -> None:
    ProductFactory(sku="RING", unit_price=Decimal(10))
    wanted = {f"units-{sold.lines.get().pk}": "1", "goods": "ring", "reason": "x", "restock": "on"}
    form = read_offer(Page(open_exchange(clerks, sold, **wanted)))

    answer = open_exchange(clerks, sold, **form, tender="c")

    assert answer.status_code == 422
    assert "“c”: the rest is already paid. Leave it out." in Page(answer).text
    assert Order.objects.count() == 1

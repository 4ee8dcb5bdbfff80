"""The review as the counter: what it asks, what it refuses, and what it shows after a sale."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from shop.conftest import PASSWORD
from shop.models import Document, Order, Payment, Product, RoleLimit, User
from shop.orders.services import drafts
from shop.payments.tests.entries import take_back
from testing.factories import DraftFactory, ProductFactory
from testing.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(clerk: User, lamp: Product) -> Order:
    """A draft of two lamps at 10.00."""
    return DraftFactory(staff=clerk, lines=[(lamp, 2)])


def read_form(client: Client, order: Order) -> dict[str, str]:
    """Opens the review, and returns the fields of its form."""
    return Page(client.get(f"{order.get_absolute_url()}review/")).fields("sell/")


def send(client: Client, order: Order, form: dict[str, str], tender: str) -> Any:
    return client.post(f"{order.get_absolute_url()}sell/", form | {"tender": tender})


def test_the_change_is_the_first_thing_on_the_page_after_a_sale(draft: Order, clerks: Client):
    answer = send(clerks, draft, read_form(clerks, draft), "50")

    assert (answer.status_code, answer.url) == (303, f"{draft.get_absolute_url()}sold/")
    page = Page(clerks.get(answer.url))
    assert "Change $30.00" in page.text
    assert f"Receipt {Document.objects.get().number}" in page.text
    assert page.all("a", href=Document.objects.get().get_absolute_url())


def test_an_overpaid_sale_shows_what_is_to_refund(draft: Order, clerks: Client):
    answer = send(clerks, draft, read_form(clerks, draft), "t 100")

    text = Page(clerks.get(answer.url)).text
    assert text.count("To refund $80.00") == 2
    assert "-$80" not in text
    assert "To pay" not in text


def test_an_empty_field_only_places(draft: Order, clerks: Client):
    answer = send(clerks, draft, read_form(clerks, draft), "  ")

    draft.refresh_from_db()
    assert answer.url == draft.get_absolute_url()
    assert (draft.status, draft.balance, Payment.objects.count()) == ("placed", None, 0)


def test_an_order_without_a_payment_has_no_page_of_its_sale(draft: Order, clerks: Client):
    send(clerks, draft, read_form(clerks, draft), "")

    answer: Any = clerks.get(f"{draft.get_absolute_url()}sold/")

    assert (answer.status_code, answer.url) == (303, draft.get_absolute_url())


def test_sent_twice_it_is_one_order_and_one_payment(draft: Order, clerks: Client):
    form = read_form(clerks, draft)

    answers = [send(clerks, draft, form, "50") for _ in range(2)]

    assert {answer.url for answer in answers} == {f"{draft.get_absolute_url()}sold/"}
    assert (Payment.objects.count(), Document.objects.count()) == (1, 1)


def test_a_review_that_is_out_of_date_is_shown_anew_and_stores_nothing(draft: Order, clerks: Client):
    form = read_form(clerks, draft)
    drafts.add_line(reference=draft.reference, product_id=ProductFactory().pk, key="", staff_id=None)

    answer = send(clerks, draft, form, "50")

    assert answer.status_code == 409
    page = Page(answer)
    assert "Nothing was placed." in page.text
    assert page.value("tender") == "50"
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("tender", "words"),
    [
        ("fifty", "t for transfer; v for voucher; or several"),
        ("c 20.01", "Only $20.00 is due."),
        ("0", "An amount is more than 0."),
    ],
)
def test_what_is_refused_stays_in_the_field(tender: str, words: str, draft: Order, clerks: Client):
    answer = send(clerks, draft, read_form(clerks, draft), tender)

    page = Page(answer)
    assert answer.status_code == 422
    assert words in page.text
    assert (page.value("tender"), page.focused_names) == (tender, ["tender"])
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_who_may_take_no_money_only_places(draft: Order, clerk: User, clerks: Client):
    clerk.groups.get().permissions.filter(codename="add_payment").delete()

    page = Page(clerks.get(f"{draft.get_absolute_url()}review/"))

    assert not page.all("input", name="tender")
    assert page.focused_names == ["button"]


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


def test_a_long_text_for_the_payment_takes_no_other_amount(draft: Order, clerks: Client):
    # One character more than the field holds: 123.4 instead of 123.45 would give less change.
    tender = "+".join(["0.01"] * 39 + ["123.45"])

    answer = send(clerks, draft, read_form(clerks, draft), tender)

    assert (len(tender), answer.status_code) == (201, 422)
    assert not Payment.objects.exists()

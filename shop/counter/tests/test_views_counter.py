"""The review as the counter: what it asks, what it refuses, and what it shows after a sale."""

from typing import Any

import pytest
from django.test import Client

from shop.models import Document, Order, Payment, User
from shop.orders.services import drafts
from testing.factories import ProductFactory
from testing.pages import Page

pytestmark = pytest.mark.django_db


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
        ("c 20 + c", "“c”: the rest is already paid. Leave it out."),
        ("c 20 + T  5,5", "“T 5,5”: the rest is already paid. Leave it out."),
        ("50 + =", "“=”: the rest is already paid. Leave it out."),
        ("t 100 + 3", "“3”: the rest is already paid. Leave it out."),
        ("c 5 + v + c 20", "“c 20”: the rest is already paid. Leave it out."),
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


def test_a_long_text_for_the_payment_takes_no_other_amount(draft: Order, clerks: Client):
    # One character more than the field holds: 123.4 instead of 123.45 would give less change.
    tender = "+".join(["0.01"] * 39 + ["123.45"])

    answer = send(clerks, draft, read_form(clerks, draft), tender)

    assert (len(tender), answer.status_code) == (201, 422)
    assert not Payment.objects.exists()

"""Discounts in the browser: shown in every sum at once, and confirmed in place above the limit."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.conftest import PASSWORD
from shop.models import FailedSignIn, Order, Product, User
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.pricing import read_discount
from shop.taxes.services import set_tax_rate
from testing.factories import DraftFactory, only_line, place
from testing.pages import HTMX, Page
from testing.products import make_taxed_product

from .discounts import give, give_line, last_event, make_draft, percent

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(clerk: User) -> Order:
    return make_draft(clerk)


@pytest.fixture
def e3(clerk: User) -> Order:
    """E3 of docs/MONEY.md without its discount."""
    parts = (("19.99", "19", 2), ("3.49", "7", 3), ("12.50", "19", 1))
    return DraftFactory(staff=clerk, lines=[(make_taxed_product(*part[:2]), part[2]) for part in parts])


def send(client: Client, order: Order, line: Any = None, htmx: bool = False, **fields: str) -> Any:
    """Opens the form of a discount, and sends it."""
    url = f"{order.get_absolute_url()}{f'lines/{line.pk}/' if line else ''}discount/"
    form = Page(client.get(url)).fields(url)
    return client.post(url, form | fields, headers=HTMX if htmx else {})


def test_e3_at_the_desk_the_review_and_on_paper(e3: Order, managers: Client, manager: User):
    answer = send(managers, e3, htmx=True, discount="10.00", reason="regular")

    text = Page(answer).text
    sums = (
        "Subtotal $62.95", "Discount: regular −$10.00", "including 19 % tax $7.05", "including 7 % tax $0.58",
        "Total $52.95",
    )  # fmt: skip
    assert [words for words in sums if words not in text] == []
    assert "Discount saved. Total $52.95." in text
    review = Page(managers.get(f"{e3.get_absolute_url()}review/"))
    assert "Place for $52.95" in review.text
    place(e3, manager)
    paper = Page(managers.get(e3.get_absolute_url())).text
    for page in (review.text, paper):
        assert (
            "Discount regular −$10.00 including 19 % tax $7.05 including 7 % tax $0.58 Total $52.95" in page
        )


def test_net_prices_add_their_tax(e3: Order, managers: Client, settings: Any):
    settings.SHOP_PRICES_INCLUDE_TAX = False

    text = Page(managers.get(e3.get_absolute_url())).text

    assert "Subtotal $62.95 plus 19 % tax $9.97 plus 7 % tax $0.73 Total $73.65" in text


def test_a_discount_of_a_line_is_in_its_row(draft: Order, clerks: Client):
    line = only_line(draft)

    answer = send(clerks, draft, line, discount="10%", reason="scratched")

    assert (answer.status_code, answer.url) == (303, draft.get_absolute_url())
    text = Page(clerks.get(draft.get_absolute_url())).text
    assert "$90.00 −$10.00 (10 %)" in text
    assert "Discounts of lines −$10.00 Total $90.00" in text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("10 %", percent(10)), ("2,5%", Discount(percent=Decimal("2.5"))), ("2.50", Discount(Decimal("2.5"))),
     ("0", NO_DISCOUNT), ("", NO_DISCOUNT)],
)  # fmt: skip
def test_what_is_typed(typed: str, stored: Discount, draft: Order, clerks: Client):
    assert send(clerks, draft, discount=typed, reason="regular").status_code == 303

    assert read_discount(Order.objects.get()) == stored


@pytest.mark.parametrize(
    ("fields", "words", "focused"),
    [
        ({"discount": "ten", "reason": "x"}, "Type a percentage such as 10%", "discount"),
        ({"discount": "1,250", "reason": "x"}, "Type a percentage such as 10%", "discount"),
        ({"discount": "101%", "reason": "x"}, "0 to 100", "discount"),
        ({"discount": "5"}, "A discount needs a reason.", "reason"),
        ({"discount": "11%", "reason": "x"}, "more than your limit of 10 %, which is $10.00", "manager"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    fields: dict[str, str], words: str, focused: str, draft: Order, clerks: Client
):
    answer = send(clerks, draft, **fields)

    page = Page(answer)
    assert answer.status_code == 422
    assert words in page.text
    assert page.value("discount") == fields["discount"]
    assert page.focused_names == [focused]


def test_a_manager_confirms_at_the_desk(draft: Order, clerks: Client, manager: User):
    wanted = {"discount": "30%", "reason": "old friend"}
    send(clerks, draft, **wanted)

    for name, password in (("manager", "wrong"), ("clerk", PASSWORD)):
        refused = send(clerks, draft, manager=name, password=password, **wanted)
        assert refused.status_code == 422
        assert "This is not the name and password of somebody who may confirm it." in Page(refused).text
        assert password not in Page(refused).source
    assert FailedSignIn.objects.filter(failures=1).count() == 3
    assert send(clerks, draft, manager="manager", password=PASSWORD, **wanted).status_code == 303

    assert last_event(draft)["confirmed_by"] == "manager"
    timeline = Page(clerks.get(place(draft, draft.created_by).get_absolute_url())).text
    assert "30%. old friend. Confirmed by manager." in timeline


def test_guessing_a_managers_password_has_to_wait(draft: Order, clerks: Client, manager: User):
    for _ in range(5):
        send(clerks, draft, discount="30%", reason="x", manager="manager", password="wrong")

    answer = send(clerks, draft, discount="30%", reason="x", manager="manager", password=PASSWORD)

    assert answer.status_code == 429
    assert not draft.events.filter(kind="discounted").exists()


def test_a_stale_form_says_what_is_there_and_may_be_sent_again(draft: Order, clerks: Client):
    url = f"{draft.get_absolute_url()}discount/"
    form = Page(clerks.get(url)).fields(url) | {"discount": "5%", "reason": "x"}
    give(draft, percent(3))

    answer = clerks.post(url, form)
    again = clerks.post(url, Page(answer).fields(url))

    assert (answer.status_code, again.status_code) == (409, 303)
    assert "made the discount 3% meanwhile" in Page(answer).text
    assert Order.objects.get().discount_percent == 5


def test_others_see_a_discount_at_once(draft: Order, clerks: Client):
    def read_state() -> str:
        return Page(clerks.get(f"{draft.get_absolute_url()}live/")).all("section", id="desk-lines")[0][
            "data-state"
        ]

    states = [read_state()]
    give(draft, percent(3))
    states.append(read_state())
    give_line(draft, percent(3))
    states.append(read_state())

    assert len(set(states)) == 3


def test_a_product_without_a_rate_today_says_so(draft: Order, clerks: Client, lamp: Product):
    set_tax_rate(code="LATE", percent=Decimal(5), valid_from=datetime.date(2999, 1, 1))
    Product.objects.filter(order_lines__order=draft).update(tax_class="LATE")

    page = clerks.get(draft.get_absolute_url())

    assert page.status_code == 200
    assert "LATE" in Page(page).text

"""Discounts at the desk: exact, with a reason, within the limit, and seen by everybody at once."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.conftest import PASSWORD
from shop.models import FailedSignIn, Order, OrderEvent, Product, User
from shop.money.errors import DiscountAboveLimit, DiscountTooLarge
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.errors import DiscountChanged, ReasonMissing
from shop.orders.pricing import read_discount
from shop.orders.services import discounts, drafts
from shop.taxes.services import set_tax_rate
from testing.api_client import Api
from testing.factories import DraftFactory, ProductFactory, only_line, place, version_of
from testing.pages import HTMX, Page
from testing.products import make_taxed_product

pytestmark = pytest.mark.django_db


def percent(number: int) -> Discount:
    return Discount(percent=Decimal(number))


def give(order: Order, discount: Discount, seen: Discount = NO_DISCOUNT, **values: Any) -> Order:
    """Gives a discount on the order."""
    wanted = {"reference": order.reference, "reason": "regular", "staff_id": None} | values
    return discounts.set_order_discount(discount=discount, seen=seen, **wanted)


def give_line(order: Order, discount: Discount, seen: Discount = NO_DISCOUNT, **values: Any) -> Order:
    """Gives a discount on the first line of the order."""
    line_id = order.lines.order_by("position")[0].pk
    wanted = {"reference": order.reference, "reason": "scratched", "staff_id": None} | values
    return discounts.set_line_discount(line_id=line_id, discount=discount, seen=seen, **wanted)


def last_event(order: Order) -> dict[str, Any]:
    event = order.events.filter(kind=OrderEvent.Kind.DISCOUNTED).order_by("id").last()
    assert event
    parameters: dict[str, Any] = event.parameters
    return parameters


@pytest.fixture
def draft(clerk: User) -> Order:
    """A draft of one product at 100.00."""
    return DraftFactory(staff=clerk, lines=[ProductFactory(name="Lamp", unit_price=Decimal(100))])


def test_a_discount_is_stored_with_its_reason_and_an_event(draft: Order, clerk: User):
    before = version_of(draft)

    give_line(draft, percent(10), staff_id=clerk.pk)

    line = only_line(draft)
    assert (line.discount_percent, line.discount_reason) == (10, "scratched")
    assert version_of(draft) == before + 1
    assert last_event(draft) == {
        "line": "Lamp", "discount": "10%", "reason": "scratched", "up_to": "10", "confirmed_by": "",
    }  # fmt: skip


def test_the_same_discount_again_changes_nothing(draft: Order):
    give(draft, Discount(Decimal(5)))
    before = version_of(draft)

    give(draft, Discount(Decimal(5)), seen=percent(3))

    assert version_of(draft) == before
    assert draft.events.filter(kind="discounted").count() == 1


def test_a_discount_is_taken_away(draft: Order):
    give(draft, percent(10))

    order = give(draft, NO_DISCOUNT, seen=percent(10), reason="")

    assert (order.discount, order.discount_percent, order.discount_reason) == (0, None, "")


def test_what_somebody_else_gave_is_not_overwritten(draft: Order):
    give(draft, percent(10))

    with pytest.raises(DiscountChanged) as refused:
        give(draft, percent(20))

    assert refused.value.now == percent(10)
    assert refused.value.values()["differences"] == [
        {"field": "discount", "was": "none", "now": "10%", "mine": "20%"}
    ]


def test_a_discount_needs_a_reason_and_is_no_more_than_the_line(draft: Order):
    with pytest.raises(ReasonMissing):
        give(draft, percent(1), reason="")
    with pytest.raises(DiscountTooLarge):
        give_line(draft, Discount(Decimal("100.01")))

    assert not draft.events.filter(kind="discounted").exists()


# --- The limit


@pytest.mark.parametrize("discount", [percent(11), Discount(Decimal("10.01"))])
def test_a_clerk_gives_ten_percent_at_most(discount: Discount, draft: Order, clerk: User, manager: User):
    for write in (give, give_line):
        with pytest.raises(DiscountAboveLimit):
            write(draft, discount, staff_id=clerk.pk)

    give_line(draft, discount, staff_id=manager.pk)
    assert last_event(draft)["up_to"] == ("11" if discount.percent else "10.01")


def test_discounts_add_up(draft: Order, clerk: User):
    give_line(draft, percent(10), staff_id=clerk.pk)

    with pytest.raises(DiscountAboveLimit) as refused:
        give(draft, percent(10), staff_id=clerk.pk)

    assert str(refused.value.values()["discount"]) == "19.00"


def test_a_manager_confirms(draft: Order, clerk: User, manager: User):
    give(draft, percent(30), staff_id=clerk.pk, confirmed_by_id=manager.pk)

    assert last_event(draft)["confirmed_by"] == "manager"
    assert draft.events.latest("id").author == clerk
    assert str(place(draft, clerk).total) == "70.00"


def test_an_amount_does_not_grow_past_the_limit_when_lines_are_removed(draft: Order, clerk: User):
    lamp = only_line(draft)
    drafts.add_line(reference=draft.reference, product_id=ProductFactory().pk, key="", staff_id=None)
    give(draft, Discount(Decimal("11.00")), staff_id=clerk.pk)
    drafts.set_quantity(
        reference=draft.reference, line_id=lamp.pk, quantity=0, seen_quantity=1, staff_id=None
    )

    with pytest.raises(DiscountAboveLimit):
        place(draft, clerk)

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_api_has_the_limit_of_the_tokens_owner(clerk: User, manager: User):
    body = {"products": [{"id": ProductFactory(unit_price=Decimal(50)).pk}], "discount": "5.01"}

    refused = Api(clerk).send("POST", "/order/", body)

    assert refused.status_code == 422
    answer = refused.json()
    numbers = {name: answer[name] for name in ("error", "discount", "base", "most", "limit")}
    assert numbers == {
        "error": "discount_above_limit", "discount": "5.01", "base": "50.00", "most": "5.00", "limit": "10",
    }  # fmt: skip
    assert not Order.objects.exists()
    assert Api(manager).post("/order/", body)["total"] == "44.99"
    assert Api(clerk).post("/order/", body | {"discount": "5.00"})["total"] == "45.00"


# --- The desk


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

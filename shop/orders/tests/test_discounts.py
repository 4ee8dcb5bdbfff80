"""Discounts at the desk: exact, with a reason, within the limit, and seen by everybody at once."""

from decimal import Decimal

import pytest

from shop.models import Order, User
from shop.money.errors import DiscountAboveLimit, DiscountTooLarge
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.errors import DiscountChanged, ReasonMissing
from shop.orders.services import drafts
from testing.api_client import Api
from testing.drafts import set_quantity
from testing.factories import ProductFactory, only_line, place, version_of

from .discounts import give, give_line, last_event, make_draft, percent

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(clerk: User) -> Order:
    return make_draft(clerk)


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


def test_what_a_manager_confirmed_for_one_line_leaves_the_clerk_the_own_limit_for_others(
    draft: Order, clerk: User, manager: User
):
    give_line(draft, percent(50), staff_id=clerk.pk, confirmed_by_id=manager.pk)
    drafts.add_line(reference=draft.reference, product_id=ProductFactory().pk, key="", staff_id=None)
    other = draft.lines.order_by("position").last()
    assert other is not None

    with pytest.raises(DiscountAboveLimit) as refused:
        give_line(draft, percent(11), line_id=other.pk, staff_id=clerk.pk)
    give_line(draft, percent(10), line_id=other.pk, staff_id=clerk.pk)

    assert str(refused.value.values()["most"]) == "1.00"
    assert last_event(draft)["up_to"] == "10"
    assert [line.discount_percent for line in draft.lines.all()] == [50, 10]


def test_a_discount_that_was_rounded_up_to_a_cent_allows_no_larger_percentage(clerk: User):
    draft = make_draft(clerk, Decimal("0.05"))
    give_line(draft, Discount(Decimal("0.01")), staff_id=clerk.pk)
    lamp = ProductFactory(unit_price=Decimal(10), stock=None)
    drafts.add_line(reference=draft.reference, product_id=lamp.pk, quantity=10, key="", staff_id=None)
    line = draft.lines.get(product=lamp)
    give_line(draft, Discount(Decimal(10)), line_id=line.pk, staff_id=clerk.pk)
    set_quantity(line, 5, seen=10)

    with pytest.raises(DiscountAboveLimit):
        place(draft, clerk)


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

"""POST /order/<id>/refund/: what may go back."""

from decimal import Decimal

import pytest
from django.test.utils import override_settings

from shop.models import Payment, User
from shop.payments.tests.accounts import account, figures, make_order, pay, refund
from testing.api_client import Api
from testing.factories import PlacedFactory, ProductFactory

pytestmark = pytest.mark.django_db

FIVE = override_settings(SHOP_CASH_STEP=Decimal("0.05"))


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


@FIVE
def test_cash_that_was_rounded_goes_back_rounded_before_the_transfer_too(api: Api) -> None:
    order = make_order("12.91")
    pay(api, order, {"method": "transfer", "amount": "10.00"})
    cash = pay(api, order, {"method": "cash", "tendered": "5.00"})

    back = refund(api, order, {"method": "cash", "amount": "2.91", "payment": cash["id"]})

    assert figures(back) == "-2.91 0.00 -0.01 2.91"


@FIVE
def test_e11_three_returned_one_by_one(manager: User) -> None:
    api, order = Api(manager), PlacedFactory(lines=[(ProductFactory(unit_price=Decimal("3.33")), 3)])
    assert figures(pay(api, order, {"method": "cash", "tendered": "10.00"})) == "9.99 0.00 -0.01 0.00"
    [row] = api.get(f"/order/{order.pk}/")
    one = {"lines": [{"id": row["lines"][0]["id"], "quantity": 1}], "reason": "too many"}

    given = []
    for _ in range(3):
        assert api.post(f"/order/{order.pk}/return/", one)["balance"] == "-3.33"
        given.append(figures(refund(api, order, {"method": "cash", "amount": "3.33"})))

    assert given == ["-3.33 0.00 0.02 0.00", "-3.33 0.00 -0.03 0.00", "-3.33 0.00 0.02 0.00"]
    cash = Payment.objects.filter(amount__lt=0).order_by("id").values_list("cash", flat=True)
    assert list(cash) == [Decimal(text) for text in ("-3.35", "-3.30", "-3.35")]
    assert account(api, order) == "0.00 0.00"


def test_refunds_are_of_what_was_paid(api: Api) -> None:
    order, other = make_order(), make_order()
    card = pay(api, order, {"method": "card", "amount": "60.00"})["id"]
    cash = pay(api, order, {"method": "cash", "tendered": "40.00"})["id"]
    path = f"/order/{order.pk}/refund/"

    told = api.refused(422, "POST", path, {"method": "card", "amount": "60.01", "payment": card})
    assert (told["error"], told["paid"], told["asked"]) == ("more_than_paid", "60.00", "60.01")
    told = api.refused(422, "POST", path, {"method": "cash", "amount": "100.01"})
    assert (told["error"], told["paid"], told["asked"]) == ("more_than_paid", "100.00", "100.01")
    assert api.refused(422, "POST", path, {"method": "card", "amount": "1"})["error"] == "payment_missing"
    told = api.refused(422, "POST", path, {"method": "card", "amount": "1", "payment": cash})
    assert told["error"] == "other_method"
    elsewhere = api.refused(
        404, "POST", f"/order/{other.pk}/refund/", {"method": "card", "amount": "1", "payment": card}
    )
    assert elsewhere["error"] == "not_found"


def test_what_was_given_back_does_not_go_back_again(api: Api) -> None:
    order = make_order()
    card = pay(api, order, {"method": "card", "amount": "60.00"})["id"]
    pay(api, order, {"method": "cash", "tendered": "40.00"})
    path, by_card = f"/order/{order.pk}/refund/", {"method": "card", "payment": card}

    assert figures(refund(api, order, by_card | {"amount": "10.00"})) == "-10.00 0.00 0.00 44.99"
    told = api.refused(422, "POST", path, by_card | {"amount": "50.01"})
    assert (told["paid"], told["asked"]) == ("50.00", "50.01")
    # A card payment may go back in cash, and counts as given back.
    refund(api, order, {"method": "cash", "amount": "50.00", "payment": card})
    assert api.refused(422, "POST", path, by_card | {"amount": "0.01"})["paid"] == "0.00"
    refund(api, order, {"method": "cash", "amount": "40.00"})
    assert account(api, order) == "0.00 134.99"
    assert api.refused(422, "POST", path, {"method": "cash", "amount": "0.01"})["paid"] == "0.00"


def test_what_went_back_in_cash_does_not_go_back_to_the_card(api: Api) -> None:
    order = make_order()
    card = pay(api, order, {"method": "card", "amount": "60.00"})["id"]
    refund(api, order, {"method": "cash", "amount": "50.00"})

    body = {"method": "card", "amount": "10.01", "payment": card}
    told = api.refused(422, "POST", f"/order/{order.pk}/refund/", body)
    assert (told["error"], told["paid"]) == ("more_than_paid", "10.00")
    refund(api, order, body | {"amount": "10.00"})
    assert account(api, order) == "0.00 134.99"

"""POST /order/<id>/payment/ and /order/<id>/refund/."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test.utils import override_settings

from shop.models import Order, Payment, User
from shop.orders.services import placed_orders
from shop.payments import services
from shop.payments.tenders import Tender
from shop.payments.tests.accounts import account, figures, make_order, pay, refund
from shop.staff import authentication
from testing.api_client import Api
from testing.factories import DraftFactory, PlacedFactory, ProductFactory, version_of

pytestmark = pytest.mark.django_db

FIVE = override_settings(SHOP_CASH_STEP=Decimal("0.05"))


@pytest.fixture
def api(clerk: User) -> Api:
    return Api(clerk)


def test_cash_for_a_part_gives_change(api: Api) -> None:
    """E8."""
    order = make_order()

    answer = pay(api, order, {"method": "cash", "amount": "60.00", "tendered": "100.00"})

    payment = Payment.objects.select_related("session__register").get()
    assert set(answer) == {"id", "amount", "change", "rounding", "balance"}
    assert answer["id"] == payment.pk
    assert figures(answer) == "60.00 40.00 0.00 74.99"
    assert payment.session is not None
    assert (payment.cash, payment.session.register.prefix) == (Decimal("60.00"), "API")
    assert account(api, order) == "60.00 74.99"


@FIVE
def test_cash_is_rounded_where_it_settles(api: Api) -> None:
    """E10: a transfer, then cash, then all of it back."""
    order = make_order("12.91")

    transfer = pay(api, order, {"method": "transfer", "amount": "10.00"})
    cash = pay(api, order, {"method": "cash", "tendered": "5.00"})
    assert (figures(transfer), figures(cash)) == ("10.00 0.00 0.00 2.91", "2.91 2.10 0.01 0.00")

    back = refund(api, order, {"method": "transfer", "amount": "10.00", "payment": transfer["id"]})
    rest = refund(api, order, {"method": "cash", "amount": "2.91"})
    assert (figures(back), figures(rest)) == ("-10.00 0.00 0.00 10.00", "-2.91 0.00 -0.01 12.91")
    assert list(Payment.objects.order_by("id").values_list("cash", flat=True)) == [
        Decimal(text) for text in ("0", "2.90", "0", "-2.90")
    ]


@FIVE
def test_the_exact_sum_and_a_part_are_not_rounded(api: Api) -> None:
    assert (
        figures(pay(api, make_order("49.99"), {"method": "cash", "tendered": "50"}))
        == "49.99 0.00 -0.01 0.00"
    )
    assert (
        figures(pay(api, make_order("49.99"), {"method": "cash", "amount": "49.99"}))
        == "49.99 0.00 0.00 0.00"
    )
    assert (
        figures(pay(api, make_order("49.99"), {"method": "card", "amount": "49.99"}))
        == "49.99 0.00 0.00 0.00"
    )
    assert (
        figures(pay(api, make_order("49.99"), {"method": "cash", "tendered": "20.01"}))
        == "20.01 0.00 0.00 29.98"
    )


@FIVE
def test_what_rounding_makes_free_takes_no_coin(api: Api) -> None:
    answer = pay(api, make_order("0.02"), {"method": "cash", "tendered": "1.00"})

    assert figures(answer) == "0.02 0.00 0.02 0.00"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (
            {"method": "card", "amount": "200.00"},
            422,
            {"error": "more_than_due", "due": "134.99", "asked": "200.00"},
        ),
        (
            {"method": "cash", "amount": "50.00", "tendered": "20.00"},
            422,
            {"error": "tendered_too_little", "tendered": "20.00", "asked": "50.00"},
        ),
        ({"method": "card", "amount": "0.00"}, 422, {"error": "zero_amount"}),
        ({"method": "card", "amount": "-1.00"}, 422, {"error": "invalid"}),
        ({"method": "card", "amount": "1.001"}, 422, {"error": "invalid"}),
        ({"method": "card", "tendered": "5.00"}, 422, {"error": "only_cash_is_tendered"}),
        ({"method": "gold", "amount": "5.00"}, 422, {"error": "unknown_method", "method": "gold"}),
        ({"method": "exchange", "amount": "5.00"}, 422, {"error": "unknown_method"}),
        ({"method": "card"}, 422, {"error": "invalid"}),
        ({"amount": "5.00"}, 422, {"error": "invalid"}),
        (
            {"method": "card", "amount": "5.00", "reference": "4111 1111-1111 1111"},
            422,
            {"error": "card_number_refused"},
        ),
    ],
)
def test_what_is_refused(body: dict[str, Any], status: int, error: dict[str, Any], api: Api) -> None:
    order = make_order()

    told = api.refused(status, "POST", f"/order/{order.pk}/payment/", body)

    assert error.items() <= told.items()
    assert "4111" not in str(told)
    assert not Payment.objects.exists()
    assert account(api, order) == "0.00 None"


def test_too_little_cash_is_said_of_what_was_laid_down(api: Api) -> None:
    body = {"method": "cash", "amount": "50.00", "tendered": "20.00"}

    told = api.refused(422, "POST", f"/order/{make_order().pk}/payment/", body)

    assert list(told["fields"]) == ["tendered"]


def test_e10_a_transfer_of_too_much_leaves_a_refund(api: Api, settings: Any) -> None:
    settings.SHOP_CASH_STEP = Decimal("0.05")
    order = make_order("12.91")

    assert pay(api, order, {"method": "transfer", "amount": "15.59"})["balance"] == "-2.68"

    back = api.post(f"/order/{order.pk}/refund/", {"method": "cash", "amount": "2.68"})
    assert figures(back) == "-2.68 0.00 0.02 0.00"


def test_nothing_is_paid_twice(api: Api) -> None:
    order = make_order()
    pay(api, order, {"method": "card", "amount": "134.99"})

    told = api.refused(422, "POST", f"/order/{order.pk}/payment/", {"method": "cash", "tendered": "10.00"})

    assert (told["error"], told["due"], told["asked"]) == ("more_than_due", "0.00", "10.00")


def test_a_draft_and_a_cancelled_order_are_not_paid(api: Api) -> None:
    draft, cancelled = DraftFactory(), make_order()
    deposit = pay(api, cancelled, {"method": "card", "amount": "10.00"})["id"]
    Order.objects.filter(pk=cancelled.pk).update(status="cancelled")

    for order in (draft, cancelled):
        told = api.refused(409, "POST", f"/order/{order.pk}/payment/", {"method": "card", "amount": "1"})
        assert (told["error"], told["status"]) == (
            "wrong_state",
            order.status if order == draft else "cancelled",
        )
    assert (
        api.refused(409, "POST", f"/order/{draft.pk}/refund/", {"method": "cash", "amount": "1"})["status"]
        == "draft"
    )
    assert (
        refund(api, cancelled, {"method": "card", "amount": "10.00", "payment": deposit})["amount"]
        == "-10.00"
    )
    assert (
        api.refused(404, "POST", "/order/999999/payment/", {"method": "card", "amount": "1"})["error"]
        == "not_found"
    )


def test_a_key_pays_once(api: Api) -> None:
    order, body = make_order(), {"method": "cash", "tendered": "100.00"}
    first = pay(api, order, body, Idempotency_Key="k")

    assert pay(api, order, body, Idempotency_Key="k") == first
    assert pay(api, order, body | {"tendered": 100}, Idempotency_Key="k") == first
    told = api.refused(
        422, "POST", f"/order/{order.pk}/payment/", body | {"tendered": "99"}, Idempotency_Key="k"
    )
    assert told["error"] == "idempotency_key_reused"
    assert account(api, order) == "100.00 34.99"

    back = {"method": "cash", "amount": "30.00"}
    again = refund(api, order, back, Idempotency_Key="r")
    assert refund(api, order, back, Idempotency_Key="r") == again
    assert account(api, order) == "70.00 64.99"


def test_the_owner_of_the_token_needs_the_right(clerk: User) -> None:
    order, role = make_order(), clerk.groups.get()
    services.record_payment(
        reference=order.reference,
        tender=Tender("card", Decimal(5)),
        register_id=None,
        seen_balance=None,
        staff_id=None,
        once=None,
    )
    for right, path in (("add_payment", "payment"), ("refund_payment", "refund")):
        role.permissions.remove(Permission.objects.get(codename=right))
        authentication.forget_roles()
        told = Api(clerk).refused(
            403, "POST", f"/order/{order.pk}/{path}/", {"method": "cash", "amount": "1"}
        )
        assert told["error"] == "forbidden"


@override_settings(SHOP_KEEP_BALANCES=True)
def test_money_may_be_kept_for_every_new_order(api: Api) -> None:
    product = ProductFactory(unit_price=Decimal("9.90"))
    [posted] = [api.post("/order/", {"products": [{"id": product.pk, "quantity": 2}]})]
    drafted = PlacedFactory(lines=[product])

    assert posted["balance"] == "19.80"
    assert account(api, drafted) == "0.00 9.90"
    placed_orders.correct_line(
        line_id=drafted.lines.get().pk,
        quantity=3,
        unit_price=Decimal("9.90"),
        reason="x",
        seen_version=version_of(drafted),
        staff_id=None,
    )
    assert account(api, drafted) == "0.00 29.70"

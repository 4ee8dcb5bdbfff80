"""A sale at the counter: placed, paid and on paper at once, or not at all."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shop.counter.errors import NotATender
from shop.counter.tenders import read_tenders
from shop.counter.tests.sales import complete, list_payments, make_key
from shop.db.errors import KeyReused
from shop.models import Document, Order, Payment, Product, Register
from shop.money.errors import MoreThanDue
from shop.money.pricing import Discount
from shop.orders.errors import OrderChanged, WrongState
from shop.orders.services import drafts
from shop.orders.services.placing import place_order
from shop.payments.tenders import Tender, fill_in
from shop.payments.tests.entries import make_order, pay
from shop.till.errors import TillClosed
from shop.till.services import find_register_id
from testing.factories import DraftFactory, ProductFactory, in_stock, seen

pytestmark = pytest.mark.django_db


def test_e3_is_sold_for_cash_with_change(make_e3: Callable[[], Order]):
    order = complete(make_e3(), "60")

    stored = Order.objects.get(pk=order.pk)
    assert (stored.status, str(stored.total), str(stored.tax)) == ("placed", "52.95", "7.63")
    assert (str(stored.paid), str(stored.balance)) == ("52.95", "0.00")
    assert list_payments(stored) == [("cash", "52.95", "60.00", "7.05")]
    receipt = Document.objects.get()
    assert (receipt.kind, receipt.number, str(receipt.gross)) == ("receipt", "T1-000001", "52.95")
    assert [(row.code, str(row.tax)) for row in receipt.taxes.order_by("id")] == [
        ("19", "7.05"),
        ("7", "0.58"),
    ]


def test_e6_three_for_two_at_the_counter(make_draft: Callable[..., Order]):
    draft = make_draft("1 × 10.00 @ 19", "1 × 10.00 @ 19", "1 × 7.99 @ 7", order=Discount(Decimal("7.99")))

    order = complete(draft, "=")

    rows = order.lines.values_list("share", "gross")
    assert [tuple(map(str, row)) for row in rows] == [("2.86", "7.14"), ("2.85", "7.15"), ("2.28", "5.71")]
    assert list_payments(order) == [("cash", "20.00", "20.00", "0.00")]


def test_e8_is_paid_in_part(make_e8: Callable[[], Order]):
    order = complete(make_e8(), "60 ")

    assert (str(order.total), str(order.tax), str(order.balance)) == ("134.99", "17.01", "74.99")
    assert list_payments(order) == [("cash", "60.00", "60.00", "0.00")]


@pytest.mark.parametrize(
    ("typed", "payments"),
    [
        ("=", [("cash", "52.95", "52.95", "0.00")]),
        ("c", [("card", "52.95", "0.00", "0.00")]),
        ("T", [("transfer", "52.95", "0.00", "0.00")]),
        ("c 20 + 50", [("card", "20.00", "0.00", "0.00"), ("cash", "32.95", "50.00", "17.05")]),
        ("20+c", [("cash", "20.00", "20.00", "0.00"), ("card", "32.95", "0.00", "0.00")]),
        ("v12.5+c 20,45+=", [
            ("voucher", "12.50", "0.00", "0.00"), ("card", "20.45", "0.00", "0.00"),
            ("cash", "20.00", "20.00", "0.00"),
        ]),
    ],
)  # fmt: skip
def test_what_is_typed_is_paid(typed: str, payments: list[tuple[str, ...]], make_e3: Callable[[], Order]):
    order = complete(make_e3(), typed)

    assert list_payments(order) == payments
    assert order.balance == 0


@pytest.mark.parametrize(
    "typed", ["x", "4006381333931", "12345678", "1,250", "c20c", "+", "50 +", "-5", "c =", "٥"]
)
def test_what_is_no_payment_is_refused(typed: str):
    with pytest.raises(NotATender):
        read_tenders(typed)


def test_a_text_that_is_too_long_is_refused_and_not_cut_off():
    with pytest.raises(NotATender):
        read_tenders("+".join(["1"] * 99 + ["100"]))


def test_exact_cash_is_rounded_to_the_coins_there_are(settings: Settings):
    settings.SHOP_CASH_STEP = Decimal("0.05")

    assert fill_in(Tender("cash"), Decimal("12.91")) == Tender("cash", tendered=Decimal("12.90"))


def test_more_than_is_due_stores_nothing(make_e3: Callable[[], Order]):
    draft = make_e3()

    with pytest.raises(MoreThanDue):
        complete(draft, "c 52.96")

    draft.refresh_from_db()
    assert (draft.status, draft.total) == ("draft", None)
    assert not Payment.objects.exists()
    assert Register.objects.get(prefix="T1").next_number == 1


def test_the_same_key_sells_once(make_e3: Callable[[], Order]):
    draft = make_e3()
    saw = seen(draft)

    orders = [complete(draft, "60", seen=saw, once=make_key("k")) for _ in range(3)]

    assert {order.pk for order in orders} == {draft.pk}
    assert (Payment.objects.count(), Document.objects.count()) == (1, 1)
    with pytest.raises(KeyReused):
        complete(draft, "70", seen=saw, once=make_key("k", "other"))
    with pytest.raises(WrongState):
        complete(draft, "60", seen=saw, once=make_key("l"))


def test_a_key_of_something_else_sells_nothing(make_e3: Callable[[], Order]):
    draft, other = make_e3(), make_order("5.00")
    pay(other, "card", "5.00", once=make_key("k", "payment"))

    with pytest.raises(KeyReused):
        complete(draft, "60", once=make_key("k"))

    draft.refresh_from_db()
    assert (draft.status, Payment.objects.count(), Document.objects.count()) == ("draft", 1, 0)
    assert complete(draft, "60", once=make_key("l")).status == "placed"


def test_a_key_of_another_draft_sells_nothing(make_e3: Callable[[], Order]):
    complete(make_e3(), "60", once=make_key("k"))

    with pytest.raises(KeyReused):
        complete(make_e3(), "60", once=make_key("k"))

    assert (Payment.objects.count(), Document.objects.count()) == (1, 1)


def test_what_changed_meanwhile_is_not_sold(lamp: Product):
    draft = DraftFactory(lines=[lamp])
    saw = seen(draft)
    drafts.add_line(reference=draft.reference, product_id=lamp.pk, key="", staff_id=None)

    with pytest.raises(OrderChanged):
        complete(draft, "=", seen=saw)

    assert (Payment.objects.count(), Document.objects.count(), in_stock(lamp)) == (0, 0, 5)


def test_what_is_sold_out_is_not_sold(lamp: Product):
    draft = DraftFactory(lines=[(lamp, 6)])

    with pytest.raises(OrderChanged) as refused:
        complete(draft, "=")

    assert [row["field"] for row in refused.value.values()["differences"]] == ["stock"]
    assert (Payment.objects.count(), in_stock(lamp)) == (0, 5)


def test_a_closed_till_sells_nothing(make_e3: Callable[[], Order]):
    Register.objects.update(opens_itself=False)
    draft = make_e3()

    with pytest.raises(TillClosed):
        complete(draft, "=")

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_what_costs_nothing_has_a_receipt_and_no_payment():
    order = complete(DraftFactory(lines=[ProductFactory(unit_price=Decimal(0))]), "=")

    assert (order.status, str(order.balance), Payment.objects.count(), Document.objects.count()) == (
        "placed", "0.00", 0, 1,
    )  # fmt: skip


@pytest.mark.parametrize("lines", [1, 12])
def test_it_takes_six_statements_more_than_placing(lines: int):
    complete(DraftFactory(), "=")  # opens the till
    placed, sold = (DraftFactory(lines=ProductFactory.create_batch(lines, stock=5)) for _ in range(2))
    register_id = find_register_id(None)
    saw_placed, saw_sold = seen(placed), seen(sold)
    with CaptureQueriesContext(connection) as placing:
        place_order(reference=placed.reference, seen=saw_placed, staff_id=None)
    with CaptureQueriesContext(connection) as selling:
        complete(sold, "c 1 + =", seen=saw_sold, register_id=register_id, once=make_key("k"))

    # `complete` asks for the till, though it is given: one statement more.
    assert len(selling) - 1 == len(placing) + 6

"""Exchanges: E9 of docs/MONEY.md to the cent, and nothing at all where something is wrong."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from shop.counter.errors import ExchangeChanged
from shop.counter.exchange import SeenExchange, exchange_goods, quote_exchange
from shop.counter.tenders import read_tenders
from shop.counter.tests.sales import complete, list_payments, make_key
from shop.documents.services import issue_invoice
from shop.models import Document, Order, Payment, Return, User
from shop.money.errors import MoreThanBought
from shop.orders.services.new_orders import Item
from shop.payments.tests.entries import pay, refund
from shop.products.errors import OutOfStock
from shop.till.services import find_register_id
from testing.factories import ProductFactory, in_stock, place
from testing.products import make_taxed_product
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def exchange(order: Order, *items: Item, units: int = 1, typed: str = "", **values: Any) -> Order:
    """Takes back units of the first line, and sells the items."""
    first = order.lines.get(position=1)
    wanted = {
        "reference": order.reference,
        "lines": [(first.pk, units)],
        "items": items,
        "tenders": read_tenders(typed),
        "reason": "too small",
        "restock": True,
        "register_id": find_register_id(None),
        "seen": None,
        "staff_id": None,
        "once": None,
    }
    return exchange_goods(**wanted | values)


@pytest.fixture
def sold(make_e9: Callable[[], Order]) -> Order:
    """E9, paid by card."""
    return complete(make_e9(), "c")


def test_e9_for_something_dearer(sold: Order):
    assert str(sold.total) == "62.91"
    dearer = make_taxed_product("59.90", "19")

    new = exchange(sold, Item(dearer.pk, 1), typed="20")

    made = Return.objects.get()
    assert tuple(map(str, (made.gross, made.net, made.tax))) == ("44.91", "37.74", "7.17")
    assert (str(new.total), str(new.tax)) == ("59.90", "9.56")
    assert list_payments(new) == [("exchange", "44.91", "0.00", "0.00"), ("cash", "14.99", "20.00", "5.01")]
    assert list_payments(sold)[1:] == [("exchange", "-44.91", "0.00", "0.00")]
    out, into = Payment.objects.filter(method="exchange").order_by("id")
    assert (out.pair, into.pair) == (into, out)
    sold.refresh_from_db()
    assert [str(order.balance) for order in (sold, Order.objects.get(pk=new.pk))] == ["0.00", "0.00"]
    kinds = Document.objects.order_by("sequence").values_list("kind", "order", "gross")
    assert [(kind, pk, str(gross)) for kind, pk, gross in kinds] == [
        ("receipt", sold.pk, "62.91"), ("credit_note", sold.pk, "44.91"), ("receipt", new.pk, "59.90"),
    ]  # fmt: skip


def test_the_credit_note_is_for_whom_the_invoice_was(sold: Order):
    receipt = Document.objects.get()
    values: dict[str, Any] = {"register_id": find_register_id(None), "staff_id": None}
    made = issue_invoice(reference=sold.reference, name="Analytical Engines", address="", **values)

    exchange(sold, Item(make_taxed_product("59.90", "19").pk, 1))

    note = Document.objects.get(kind="credit_note")
    assert (note.corrects, note.body["names"]["number"]) == (receipt, made.number)
    assert note.body["customer"] == {"name": "Analytical Engines", "address": ""}


def test_e9_for_something_cheaper(sold: Order):
    cheaper = make_taxed_product("39.90", "19")

    new = exchange(sold, Item(cheaper.pk, 1))

    assert (str(new.total), str(new.tax)) == ("39.90", "6.37")
    assert list_payments(new) == [("exchange", "39.90", "0.00", "0.00")]
    back = [("exchange", "-39.90", "0.00", "0.00"), ("card", "-5.01", "0.00", "0.00")]
    assert list_payments(sold)[1:] == back
    sold.refresh_from_db()
    assert (str(sold.balance), str(sold.paid), str(sold.returned)) == ("0.00", "18.00", "44.91")


def test_the_quote_says_it_before_and_stores_nothing(sold: Order):
    cheaper = make_taxed_product("39.90", "19")
    first = sold.lines.get(position=1)

    quoted = quote_exchange(reference=sold.reference, lines=[(first.pk, 1)], items=[Item(cheaper.pk, 1)])

    seen = quoted.seen
    assert tuple(map(str, (seen.returned, seen.total, seen.to_pay, seen.refund))) == (
        "44.91", "39.90", "0.00", "5.01",
    )  # fmt: skip
    assert [(method, str(amount)) for method, amount in seen.given] == [("card", "5.01")]
    assert not Return.objects.exists()


def test_money_that_would_go_back_another_way_stops_an_exchange(make_draft: Callable[..., Order]):
    sold = complete(make_draft("2 × 10.00 @ 19"), "c 5 + 15")
    item = Item(make_taxed_product("3.00", "19").pk, 1)
    lines = [(sold.lines.get().pk, 1)]
    quoted = quote_exchange(reference=sold.reference, lines=lines, items=[item])
    assert quoted.seen.given == (("card", Decimal("5.00")), ("cash", Decimal("2.00")))

    # What was paid by card is paid in cash instead: the sums are the same.
    refund(sold, "card", "5.00", sold.payments.get(method="card"))
    pay(sold, "cash", "5.00")

    with raises_worded(ExchangeChanged, "the money would go back in another way by now"):
        exchange(sold, item, seen=quoted.seen)
    assert not Return.objects.exists()


def test_the_same_key_exchanges_once(sold: Order):
    item = Item(make_taxed_product("59.90", "19").pk, 1)

    orders = {exchange(sold, item, typed="=", once=make_key("k")).pk for _ in range(3)}

    assert len(orders) == 1
    assert (Return.objects.count(), Payment.objects.count()) == (1, 4)


def test_goods_go_back_into_stock_and_out_of_it(make_draft: Callable[..., Order]):
    order = complete(make_draft("2 × 10.00 @ 19"), "=")
    product = ProductFactory(stock=3, unit_price=Decimal(20))

    new = exchange(order, Item(product.pk, 2), units=2, typed="=")

    assert in_stock(product) == 1
    assert list_payments(new) == [("exchange", "20.00", "0.00", "0.00"), ("cash", "20.00", "20.00", "0.00")]


@pytest.mark.parametrize("wrong", ["stock", "units", "seen"])
def test_nothing_is_stored_where_something_is_wrong(wrong: str, sold: Order):
    product = ProductFactory(stock=1)
    values: dict[str, Any] = {"units": 2} if wrong == "units" else {}
    if wrong == "seen":
        values["seen"] = SeenExchange(Decimal("44.91"), Decimal(10), Decimal(0), Decimal("34.90"))

    with pytest.raises((OutOfStock, MoreThanBought, ExchangeChanged)):
        exchange(sold, Item(product.pk, 2 if wrong == "stock" else 1), **values)

    assert (Return.objects.count(), Order.objects.count(), Payment.objects.count()) == (0, 1, 1)
    assert in_stock(product) == 1


def test_an_order_that_nobody_paid_gives_no_money_for_goods(make_draft: Callable[..., Order], manager: User):
    order = place(make_draft("1 × 30.00 @ 19"), manager)

    new = exchange(order, Item(make_taxed_product("40.00", "19").pk, 1))

    assert list_payments(new) == []
    assert [str(Order.objects.get(pk=row.pk).balance) for row in (order, new)] == ["0.00", "40.00"]

"""What a sold line says about money: it is what the quote said, and the database refuses anything else."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.models import Order, OrderLine, Product, User
from shop.orders.services import placed_orders
from shop.taxes.services import set_tax_rate
from testing.api_client import Api
from testing.factories import DraftFactory, PlacedFactory, ProductFactory, place, seen, version_of
from testing.products import make_taxed_product

pytestmark = pytest.mark.django_db

FIGURES = ("discount", "share", "gross", "net", "tax")


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


def make_entry(text: str, **more: Any) -> dict[str, Any]:
    """A product of an order, as in "3 × 3.49 @ 7"."""
    quantity, _, price, _, percent = text.split()
    return {"id": make_taxed_product(price, percent).pk, "quantity": int(quantity)} | more


#: Worked examples of docs/MONEY.md: the lines, and what the order takes off.
EXAMPLES = {
    "E1": (["1 × 100.00 @ 19"] * 5, {}),
    "E2": (["1 × 3.60 @ 5.5"] * 10, {}),
    "E3": (["2 × 19.99 @ 19", "3 × 3.49 @ 7", "1 × 12.50 @ 19"], {"discount": "10.00"}),
    "E9": (["1 × 49.90 @ 19", "1 × 20.00 @ 7"], {"discount_percent": "10"}),
}


@pytest.mark.parametrize("include_tax", [True, False])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_order_is_stored_as_the_quote_said(name: str, include_tax: bool, api: Api, settings):
    settings.SHOP_PRICES_INCLUDE_TAX = include_tax
    texts, discount = EXAMPLES[name]
    body = {"products": [make_entry(text) for text in texts]} | discount
    quote = api.post("/order/quote/", body)

    order = api.post("/order/", body)

    assert [[line[name] for name in FIGURES] for line in order["lines"]] == [
        [line[name] for name in FIGURES] for line in quote["lines"]
    ]
    names = ("subtotal", "discount", "total", "tax")
    assert [order[name] for name in names] == [quote[name] for name in names]
    assert api.get(f"/order/{order['id']}/") == [order]


def test_e8_and_e4_have_discounts_of_their_own(api: Api):
    e8 = [make_entry("3 × 33.33 @ 19", discount_percent=10), make_entry("1 × 50.00 @ 7")]
    order = api.post("/order/", {"products": e8, "discount": 5, "discount_reason": "Regular customer"})
    assert [line["gross"] for line in order["lines"]] == ["86.78", "48.21"]
    assert [line["tax"] for line in order["lines"]] == ["13.86", "3.15"]
    assert (order["total"], order["tax"], order["discount"]) == ("134.99", "17.01", "5.00")
    assert Order.objects.get().discount_reason == "Regular customer"

    e4 = api.post("/order/", {"products": [make_entry("10 × 23.90 @ 20", discount_percent=25)]})
    assert [e4["lines"][0][name] for name in FIGURES] == ["59.75", "0.00", "179.25", "149.37", "29.88"]


def test_with_a_discount_the_same_product_stays_two_lines_as_in_the_quote(api: Api):
    entry = make_entry("1 × 5.00 @ 19")

    order = api.post("/order/", {"products": [entry, entry | {"discount": "0.50"}]})

    assert [(line["quantity"], line["gross"]) for line in order["lines"]] == [(1, "5.00"), (1, "4.50")]


def test_a_key_belongs_to_the_discount_too(api: Api):
    body = {"products": [make_entry("1 × 5.00 @ 19")]}
    first = api.post("/order/", body | {"discount": 1}, Idempotency_Key="k")

    assert api.post("/order/", body | {"discount": "1.00"}, Idempotency_Key="k") == first
    assert api.refused(422, "POST", "/order/", body, Idempotency_Key="k")["error"] == "idempotency_key_reused"


def test_placing_at_the_desk_fixes_rate_cost_currency_and_day(clerk: User, settings):
    settings.SHOP_CURRENCY = "EUR"
    lamp = make_taxed_product("119.00", "19")
    Product.objects.filter(pk=lamp.pk).update(cost=Decimal("60.1234"))

    order = PlacedFactory(staff=clerk, lines=[(lamp, 2)])

    order.refresh_from_db()
    line = order.lines.get()
    assert (order.total, order.tax, order.currency) == (Decimal("238.00"), Decimal("38.00"), "EUR")
    assert order.business_day == timezone.localdate()
    assert (line.tax_code, line.tax_percent, line.unit_cost) == ("19", 19, Decimal("60.1234"))
    assert (line.gross, line.net, line.tax) == (238, 200, 38)


def test_another_tax_rate_than_the_clerk_saw_is_shown_before_anything_is_placed(clerk: User):
    lamp = ProductFactory(unit_price=Decimal("100.00"))
    draft = DraftFactory(staff=clerk, lines=[lamp])
    saw = seen(draft)
    set_tax_rate(code="S", percent=Decimal(19), valid_from=None)
    Product.objects.filter(pk=lamp.pk).update(tax_class="S")
    # With prices that include tax the total stays, and the order can be placed.
    assert seen(draft) == saw

    order = place(draft, clerk)

    assert order.tax == Decimal("15.97")


def test_a_corrected_line_is_computed_at_the_rates_of_its_sale(clerk: User):
    lamp = make_taxed_product("100.00", "19")
    order = PlacedFactory(staff=clerk, lines=[(lamp, 2)])
    Product.objects.filter(pk=lamp.pk).update(tax_class=None)

    placed_orders.correct_line(
        line_id=order.lines.get().pk,
        quantity=3,
        unit_price=Decimal("90.00"),
        reason="typo",
        seen_version=version_of(order),
        staff_id=None,
    )

    order.refresh_from_db()
    assert (order.subtotal, order.total, order.tax) == (Decimal(270), Decimal(270), Decimal("43.11"))


WRONG_LINES = [
    {"net": Decimal("83.03")},
    {"gross": Decimal("99.99"), "net": Decimal("84.02")},
    {"discount": Decimal("0.01")},
    {"share": Decimal("-0.01"), "discount": Decimal("0.01")},
    {"tax_percent": Decimal(100)},
    {"gross": None},
    {"gross": None, "net": None},
    {"unit_cost": Decimal("-0.0001")},
]


@pytest.mark.parametrize("wrong", WRONG_LINES, ids=repr)
def test_the_database_refuses_a_line_that_does_not_add_up(wrong: dict[str, Any], clerk: User):
    order = PlacedFactory(staff=clerk, lines=[make_taxed_product("100.00", "19")])

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(order=order).update(**wrong)


WRONG_ORDERS = [
    {"balance": Decimal("99.99")},
    {"paid": Decimal("10.00")},
    {"paid": Decimal("10.00"), "balance": Decimal("100.00")},
    {"returned": Decimal("100.01")},
    {"total": None, "tax": None, "business_day": None},
    {"currency": ""},
    {"total": None},
    {"discount_percent": Decimal("100.001")},
]


@pytest.mark.parametrize("wrong", WRONG_ORDERS, ids=repr)
def test_the_database_refuses_an_order_that_does_not_add_up(wrong: dict[str, Any], clerk: User):
    order = PlacedFactory(staff=clerk, lines=[make_taxed_product("100.00", "19")])

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**wrong)


def test_the_database_takes_amounts_that_binary_fractions_cannot_hold(clerk: User):
    order = PlacedFactory(staff=clerk, lines=[ProductFactory(unit_price=Decimal("0.30"))])

    right = {"net": Decimal("0.20"), "tax": Decimal("0.10")}
    assert OrderLine.objects.filter(order=order).update(**right) == 1
    assert Order.objects.filter(pk=order.pk).update(paid="0.10", balance="0.20") == 1

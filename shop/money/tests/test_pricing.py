"""Discounts and tax: invariants A1 to A4 for any order, and what is refused."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money.bundles import Bundle
from shop.money.errors import (
    DiscountsCollide,
    DiscountTooLarge,
    InvalidBundle,
    InvalidPercent,
    InvalidQuantity,
    NegativeAmount,
    NotWholeUnits,
    TwoDiscounts,
)
from shop.money.pricing import Discount, PricedOrder, UnpricedLine, price_order
from shop.money.tests.orders import amounts_of, discounts, line, money, orders
from testing.property_tests import same_examples


def round_cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def assert_adds_up(sold: list[UnpricedLine], order: PricedOrder, *, prices_include_tax: bool) -> None:
    """A1 to A4, computed in another way than the code does."""
    weights = []
    for one, priced in zip(sold, order.lines, strict=True):
        weights.append(one.quantity * one.unit_price - priced.discount)
        amount = priced.gross if prices_include_tax else priced.net
        assert amount == weights[-1] - priced.share
        assert priced.net + priced.tax == priced.gross
        assert 0 <= priced.share <= weights[-1]
        assert min(amounts_of(priced)) >= 0
    assert sum(priced.share for priced in order.lines) == order.discount <= sum(weights)
    assert order.subtotal == sum(one.quantity * one.unit_price for one in sold)
    assert order.total == sum(priced.gross for priced in order.lines) == order.net + order.tax
    assert order.tax == sum(priced.tax for priced in order.lines)
    for tax in order.taxes:
        rate = tax.percent / (100 + tax.percent) if prices_include_tax else tax.percent / 100
        base = tax.gross if prices_include_tax else tax.net
        of_rate = [
            priced
            for one, priced in zip(sold, order.lines, strict=True)
            if (one.tax_code, one.tax_percent) == (tax.code, tax.percent)
        ]
        assert tax.tax == round_cents(base * rate)
        assert [tax.gross, tax.net, tax.tax] == [
            sum(column) for column in zip(*map(amounts_of, of_rate), strict=True)
        ]


@same_examples
@given(orders, discounts, st.booleans())
def test_any_order_adds_up(sold, discount, prices_include_tax) -> None:
    order = price_order(sold, prices_include_tax=prices_include_tax, discount=discount)
    assert_adds_up(sold, order, prices_include_tax=prices_include_tax)


@same_examples
@given(orders, discounts)
def test_tax_never_changes_a_gross_total(sold, discount) -> None:
    order = price_order(sold, prices_include_tax=True, discount=discount)
    line_discounts = sum(priced.discount for priced in order.lines)
    assert order.total == order.subtotal - line_discounts - order.discount
    # What an e-invoice checks: the tax of the net sum differs by a cent at most.
    for tax in order.taxes:
        assert abs(round_cents(tax.net * tax.percent / 100) - tax.tax) <= Decimal("0.01")


def test_an_order_without_lines_costs_nothing() -> None:
    order = price_order([], prices_include_tax=True, discount=Discount(amount=Decimal(5)))
    assert (order.lines, order.taxes) == ((), ())
    assert (order.subtotal, order.discount, order.total, order.net, order.tax) == (0, 0, 0, 0, 0)


def test_a_fixed_discount_is_never_more_than_the_order() -> None:
    sold = [line("1 × 3.00 @ 19"), line("1 × 2.00 @ 19", percent="50")]
    order = price_order(sold, prices_include_tax=True, discount=Discount(amount=Decimal(10)))
    assert [priced.share for priced in order.lines] == money("3.00 1.00")
    assert (order.discount, order.total, order.tax) == (Decimal("4.00"), 0, 0)


def test_yen_are_rounded_to_one() -> None:
    sold = [UnpricedLine(3, Decimal(333), Decimal(10), "S"), UnpricedLine(1, Decimal(101), Decimal(8), "R")]
    order = price_order(sold, prices_include_tax=True, discount=Discount(percent=Decimal(10)), decimals=0)
    assert [str(priced.share) for priced in order.lines] == ["100", "10"]
    assert [amounts_of(priced) for priced in order.lines] == [money("899 817 82"), money("91 84 7")]


def test_rates_of_two_codes_are_not_mixed_and_equal_percentages_are() -> None:
    sold = [
        UnpricedLine(1, Decimal("1.00"), Decimal(percent), code)
        for percent, code in [("0", "Z"), ("19", "S"), ("0", "E"), ("19.000", "S"), ("16", "S"), ("0", None)]
    ]
    order = price_order(sold, prices_include_tax=False)
    assert [(tax.code, tax.percent, tax.gross) for tax in order.taxes] == [
        ("Z", 0, Decimal("1.00")),
        ("S", 19, Decimal("2.38")),
        ("E", 0, Decimal("1.00")),
        ("S", 16, Decimal("1.16")),
        (None, 0, Decimal("1.00")),
    ]


@pytest.mark.parametrize(
    ("sold", "bundle", "shares"),
    [
        (["3 × 10.00 @ 19"], Bundle(3, 2, (0,)), "10.00"),
        (["4 × 10.00 @ 19"], Bundle(3, 2, (0,)), "10.00"),
        (["2 × 10.00 @ 19"], Bundle(3, 2, (0,)), "0.00"),
        (["2 × 10.00 @ 19", "1 × 7.99 @ 7"], Bundle(3, 2, (0, 1)), "5.71 2.28"),
        (["1 × 5.00 @ 19", "1 × 9.00 @ 19", "9 × 1.00 @ 19"], Bundle(2, 1, (0, 1)), "1.79 3.21 0.00"),
        # Two groups, 9 9 9 and 1 1 1: one of each is free.
        (["3 × 1.00 @ 19", "3 × 9.00 @ 19"], Bundle(3, 2, (0, 1)), "1.00 9.00"),
        # The dearest four of five; the one unit of 1.00 fills no group.
        (["1 × 1.00 @ 19", "4 × 2.00 @ 19"], Bundle(2, 1, (0, 1)), "0.00 4.00"),
        (["5 × 0.00 @ 19"], Bundle(2, 1, (0,)), "0.00"),
        (["1000000 × 1.00 @ 19"], Bundle(4, 1, (0,)), "750000.00"),
    ],
)
def test_the_cheapest_of_each_group_are_free(sold, bundle, shares) -> None:
    order = price_order([line(text) for text in sold], prices_include_tax=True, bundles=[bundle])
    assert [priced.share for priced in order.lines] == money(shares)


def test_the_discount_of_the_order_is_off_what_bundles_leave() -> None:
    ten_percent = Discount(percent=Decimal(10))
    sold = [line("3 × 10.00 @ 19"), line("1 × 5.00 @ 19")]
    order = price_order(sold, prices_include_tax=True, discount=ten_percent, bundles=[Bundle(3, 2, (0,))])
    assert [priced.share for priced in order.lines] == money("12.00 0.50")
    assert order.discount == Decimal("12.50")


@pytest.mark.parametrize(
    ("make", "error", "values"),
    [
        (lambda: line("0 × 1.00 @ 19"), InvalidQuantity, {"quantity": 0}),
        (lambda: line("1 × 1.00 @ 100"), InvalidPercent, {"percent": Decimal(100)}),
        (lambda: line("1 × 1.00 @ -1"), InvalidPercent, {"percent": Decimal(-1)}),
        (lambda: Discount(percent=Decimal("100.01")), InvalidPercent, {"percent": Decimal("100.01")}),
        (lambda: Discount(percent=Decimal(-1)), InvalidPercent, {"percent": Decimal(-1)}),
        (
            lambda: Discount(Decimal(1), Decimal(2)),
            TwoDiscounts,
            {"amount": Decimal(1), "percent": Decimal(2)},
        ),
        (lambda: Bundle(2, 2, (0,)), InvalidBundle, {"buy": 2, "pay": 2}),
        (lambda: Bundle(3, 0, (0,)), InvalidBundle, {"buy": 3, "pay": 0}),
    ],
)
def test_what_makes_no_sense_is_refused(make, error, values) -> None:
    with pytest.raises(error) as refused:
        make()
    assert refused.value.values() == values


@pytest.mark.parametrize(
    ("sold", "error", "values"),
    [
        ("1 × -1.00 @ 19", NegativeAmount, {"amount": Decimal("-1.00")}),
        ("1 × 1.001 @ 19", NotWholeUnits, {"amount": Decimal("1.001"), "decimals": 2}),
    ],
)
def test_prices_that_cannot_be_stored_are_refused(sold, error, values) -> None:
    with pytest.raises(error) as refused:
        price_order([line(sold)], prices_include_tax=True)
    assert refused.value.values() == values


def test_a_discount_larger_than_its_line_is_refused() -> None:
    with pytest.raises(DiscountTooLarge) as refused:
        price_order([line("1 × 5.00 @ 19"), line("2 × 1.00 @ 19", amount="2.01")], prices_include_tax=True)
    assert refused.value.code == "discount_too_large"
    assert refused.value.values() == {"position": 1, "discount": Decimal("2.01"), "base": Decimal("2.00")}
    assert price_order([line("2 × 1.00 @ 19", amount="2.00")], prices_include_tax=True).total == 0


def test_negative_discounts_are_refused() -> None:
    with pytest.raises(NegativeAmount):
        price_order([line("1 × 1.00 @ 19", amount="-0.01")], prices_include_tax=True)
    with pytest.raises(NegativeAmount):
        price_order([], prices_include_tax=True, discount=Discount(amount=Decimal("-0.01")))


@pytest.mark.parametrize(
    "bundles", [[Bundle(2, 1, (0, 1))], [Bundle(2, 1, (0,)), Bundle(3, 1, (0,))], [Bundle(2, 1, (0, 0))]]
)
def test_a_unit_has_one_discount(bundles) -> None:
    sold = [line("2 × 1.00 @ 19"), line("2 × 1.00 @ 19", amount="0.10")]
    with pytest.raises(DiscountsCollide) as refused:
        price_order(sold, prices_include_tax=True, bundles=bundles)
    assert refused.value.values() == {"position": 1 if 1 in bundles[0].positions else 0}

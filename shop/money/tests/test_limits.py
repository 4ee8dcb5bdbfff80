"""Limits of discounts: amounts count as percentages, and all discounts of an order count together."""

from decimal import Decimal

import pytest

from shop.money.errors import DiscountAboveLimit
from shop.money.limits import Reduced, check_discounts, compute_percent_taken

TEN = Decimal(10)


def line(base: str, discount: str = "0", share: str = "0") -> Reduced:
    return Reduced(Decimal(base), Decimal(discount), Decimal(share))


@pytest.mark.parametrize(
    "lines",
    [
        [line("100.00", "10.00")],
        [line("100.00"), line("50.00", share="15.00")],
        # Each is rounded up: 0.125 to 0.13, which together is a cent more than 10 % of 2.50.
        [line("1.25", "0.13"), line("1.25", "0.13")],
        [line("0.00"), line("0.04")],
        [],
    ],
)
def test_up_to_the_limit_is_allowed(lines: list[Reduced]) -> None:
    check_discounts(lines, TEN)


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (
            [line("5.00"), line("100.00", "10.01")],
            {"discount": "10.01", "base": "100.00", "most": "10.00", "position": "1"},
        ),
        # A discount on a discount: 10 % of each, then 10 % of the rest.
        ([line("100.00", "10.00", "9.00")], {"discount": "19.00", "base": "100.00", "most": "10.00"}),
        (
            [line("100.00", share="6.00"), line("50.00", share="9.01")],
            {"discount": "15.01", "base": "150.00", "most": "15.00"},
        ),
        ([line("0.04", "0.01")], {"discount": "0.01", "base": "0.04", "most": "0.00", "position": "0"}),
    ],
)  # fmt: skip
def test_above_the_limit_is_refused_with_the_numbers(lines: list[Reduced], values: dict[str, str]) -> None:
    with pytest.raises(DiscountAboveLimit) as refused:
        check_discounts(lines, TEN)

    assert {name: str(value) for name, value in refused.value.values().items()} == values | {"limit": "10"}


@pytest.mark.parametrize(
    ("lines", "percent"),
    [
        ([line("30.00", "10.00")], "33.334"),
        ([line("100.00", "10.00", "9.00")], "19.000"),
        ([line("0.00"), line("1.00")], "0"),
    ],
)
def test_the_percentage_taken_allows_just_these_discounts(lines: list[Reduced], percent: str) -> None:
    taken = compute_percent_taken(lines)

    assert str(taken) == percent
    check_discounts(lines, taken)

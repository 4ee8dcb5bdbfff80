"""One function rounds, and what is shared adds up."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money.errors import NegativeAmount, NothingToShare, NotWholeUnits
from shop.money.rounding import (
    from_minor,
    round_half_up,
    round_to_step,
    share_by_largest_remainder,
    to_minor,
    to_unsigned_minor,
)
from testing.property_tests import same_examples

halves = st.integers().map(lambda whole: Fraction(2 * whole + 1, 2))
weights = st.lists(st.integers(0, 10**15), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (Decimal("0.5"), 1),
        (Decimal("1.5"), 2),
        (Decimal("2.5"), 3),
        (Decimal("-0.5"), -1),
        (Decimal("-2.5"), -3),
        (Decimal("0.4999999999999999999999999999999999999"), 0),
        (Fraction(10**30 - 1, 2 * 10**30), 0),
        (Fraction(1, 2), 1),
        (Fraction(-7, 2), -4),
        (Fraction(1, 3), 0),
        (7, 7),
        (-7, -7),
        (0, 0),
    ],
)
def test_halves_go_away_from_zero(value, whole) -> None:
    assert round_half_up(value) == whole


@same_examples
@given(halves | st.fractions() | st.decimals(allow_nan=False, allow_infinity=False))
def test_a_refund_is_rounded_as_its_sale(value) -> None:
    assert round_half_up(value) == -round_half_up(-Fraction(value))


@same_examples
@given(halves | st.fractions())
def test_rounding_moves_by_a_half_at_most(value) -> None:
    assert abs(round_half_up(value) - value) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("minor", "step", "rounded"),
    [
        (291, 5, 290),
        (292, 5, 290),
        (293, 5, 295),
        (4999, 5, 5000),
        (-268, 5, -270),
        (1250, 100, 1300),
        (7, 1, 7),
    ],
)
def test_cash_goes_to_the_nearest_step(minor, step, rounded) -> None:
    assert round_to_step(minor, step) == rounded


@pytest.mark.parametrize(
    ("total", "shared_over", "shares"),
    [
        (1000, [3998, 1047, 1250], [635, 166, 199]),
        (799, [1000, 1000, 799], [286, 285, 228]),
        (500, [8999, 5000], [321, 179]),
        (2, [1, 1, 1], [1, 1, 0]),  # equal in all: the earlier ones
        (1, [1, 3], [0, 1]),
        (2, [1, 3], [0, 2]),  # 0.5 and 1.5: the larger weight
        (2, [3, 1], [2, 0]),
        (5, [3, 1, 4, 4], [1, 0, 2, 2]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (7, [0, 7], [0, 7]),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders(total, shared_over, shares) -> None:
    assert share_by_largest_remainder(total, shared_over) == shares


@same_examples
@given(weights, st.data())
def test_shares_add_up_and_nobody_gets_more_than_their_weight(shared_over, data) -> None:
    total = data.draw(st.integers(0, sum(shared_over)))
    shares = share_by_largest_remainder(total, shared_over)
    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, shared_over, strict=True))
    exact = [Fraction(total * weight, sum(shared_over) or 1) for weight in shared_over]
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(NothingToShare) as refused:
        share_by_largest_remainder(1, [0, 0])
    assert refused.value.values() == {"total": 1}
    for total, shared_over in [(-1, []), (-1, [1]), (1, [2, -1])]:
        with pytest.raises(NegativeAmount) as negative:
            share_by_largest_remainder(total, shared_over)
        assert negative.value.values() == {"amount": -1}


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal("NaN"), Decimal("Infinity")])
def test_what_the_currency_cannot_hold_is_refused(amount) -> None:
    with pytest.raises(NotWholeUnits) as refused:
        to_minor(amount)
    assert refused.value.code == "not_whole_units"
    assert refused.value.values()["decimals"] == 2


def test_yen_have_no_decimals() -> None:
    assert to_minor(Decimal(100), 0) == 100
    assert str(from_minor(100, 0)) == "100"
    with pytest.raises(NotWholeUnits):
        to_minor(Decimal("100.5"), 0)


@same_examples
@given(st.integers(-(10**40), 10**40), st.sampled_from([0, 2]))
def test_amounts_keep_every_digit_in_any_context(minor, decimals) -> None:
    with localcontext(prec=5):
        assert to_minor(from_minor(minor, decimals), decimals) == minor


def test_negative_amounts_are_refused_where_there_are_none() -> None:
    assert to_unsigned_minor(Decimal("0.00")) == 0
    with pytest.raises(NegativeAmount):
        to_unsigned_minor(Decimal("-0.01"))

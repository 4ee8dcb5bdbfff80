"""Returns and allowances: the worked examples, any split of any line, and what is refused."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money.errors import (
    InvalidQuantity,
    MoreThanBought,
    MoreThanLeft,
    NegativeAmount,
    NotWholeUnits,
    TaxTooLarge,
    ZeroAmount,
)
from shop.money.pricing import price_order
from shop.money.returning import (
    Part,
    Returnable,
    apply_part,
    apply_parts,
    compute_allowance,
    compute_return,
    find_wrong_part,
)
from shop.money.tests.orders import amounts_of, money, returnable
from shop.money.tests.test_examples import EXAMPLES
from testing.property_tests import same_examples


def return_all(line: Returnable, split: list[int]) -> list[Part]:
    parts = []
    for units in split:
        parts.append(compute_return(line, units))
        line = apply_part(line, parts[-1])
    return parts


@pytest.mark.parametrize(
    ("name", "prices_include_tax", "split", "given_back"),
    [
        ("E4", True, [3, 3, 4], ["53.78 44.82 8.96", "53.77 44.80 8.97", "71.70 59.75 11.95"]),
        ("E4", False, [3, 3, 4], ["64.53 53.77 10.76", "64.53 53.78 10.75", "86.04 71.70 14.34"]),
        ("E4", True, [10], ["179.25 149.37 29.88"]),
        ("E6", True, [1], ["7.14 6.00 1.14"]),
        ("E6", False, [1], ["8.50 7.14 1.36"]),
        ("E8", True, [2, 1], ["57.85 48.61 9.24", "28.93 24.31 4.62"]),
        ("E8", False, [2, 1], ["68.85 57.86 10.99", "34.42 28.92 5.50"]),
        ("E9", True, [1], ["44.91 37.74 7.17"]),
        ("E9", False, [1], ["53.44 44.91 8.53"]),
        ("E14 erpnext", True, [10], ["701.25 701.25 0.00"]),
        ("E14 erpnext", True, [3, 7], ["210.38 210.38 0.00", "490.87 490.87 0.00"]),
        ("E14 saleor", False, [1], ["14.99 14.99 0.00"]),
    ],
)
def test_returns_of_the_first_line(name, prices_include_tax, split, given_back) -> None:
    example = EXAMPLES[name]
    order = price_order(
        example.sold,
        prices_include_tax=prices_include_tax,
        discount=example.discount,
        bundles=example.bundles,
    )
    parts = return_all(returnable(example.sold[0], order.lines[0]), split)
    assert [amounts_of(part) for part in parts] == [money(amounts) for amounts in given_back]


def test_one_of_three_for_two_gives_back_its_share() -> None:
    example = EXAMPLES["E6"]
    order = price_order(example.sold, prices_include_tax=True, bundles=example.bundles)
    parts = [
        compute_return(returnable(sold, priced), 1)
        for sold, priced in zip(example.sold, order.lines, strict=True)
    ]
    assert [part.gross for part in parts] == money("7.14 7.15 5.71")


def test_three_units_of_ten_give_ten() -> None:
    parts = return_all(Returnable(3, Decimal("10.00"), Decimal("0.65")), [1, 1, 1])
    assert [amounts_of(part) for part in parts] == [
        money("3.33 3.11 0.22"),
        money("3.34 3.13 0.21"),
        money("3.33 3.11 0.22"),
    ]


def test_yen() -> None:
    parts = return_all(Returnable(3, Decimal(100), Decimal(9), decimals=0), [1, 2])
    assert [amounts_of(part) for part in parts] == [money("33 30 3"), money("67 61 6")]


@st.composite
def sold_lines(draw: st.DrawFn) -> Returnable:
    gross = draw(st.integers(0, 1_000_000))
    tax = draw(st.integers(0, gross))
    return Returnable(draw(st.integers(1, 40)), Decimal(gross).scaleb(-2), Decimal(tax).scaleb(-2))


@same_examples
@given(sold_lines(), st.data())
def test_any_split_gives_back_exactly_the_line(line, data) -> None:
    cuts = data.draw(st.sets(st.integers(1, line.quantity))) | {0, line.quantity}
    split = [end - start for start, end in pairwise(sorted(cuts))]
    parts = return_all(line, split)
    assert all(min(amounts_of(part)) >= 0 for part in parts)
    assert all(part.net + part.tax == part.gross for part in parts)
    assert sum(part.gross for part in parts) == line.gross
    assert sum(part.tax for part in parts) == line.tax
    assert sum(part.net for part in parts) == line.gross - line.tax
    assert find_wrong_part(line, parts) is None


@same_examples
@given(sold_lines(), st.data())
def test_allowances_between_returns_lose_nothing(line, data) -> None:
    rest, parts = line, []
    while rest.quantity_left:
        if data.draw(st.booleans()) and rest.gross_left:
            amount = data.draw(st.integers(1, int(rest.gross_left * 100)))
            part = compute_allowance(rest, Decimal(amount).scaleb(-2))
            assert part.gross == Decimal(amount).scaleb(-2)
        else:
            part = compute_return(rest, data.draw(st.integers(1, rest.quantity_left)))
        assert min(amounts_of(part)) >= 0
        assert part.net + part.tax == part.gross
        parts.append(part)
        rest = apply_part(rest, part)
    assert rest.gross_left == 0
    assert sum(part.gross for part in parts) == line.gross
    assert sum(part.tax for part in parts) == line.tax
    assert apply_parts(line, parts) == rest
    assert find_wrong_part(line, parts) is None


def test_an_allowance_concerns_the_units_still_kept() -> None:
    line = Returnable(3, Decimal("90.00"), Decimal("14.37"))
    parts = [compute_return(line, 1)]
    line = apply_part(line, parts[-1])
    parts.append(compute_allowance(line, Decimal("20.00")))
    line = apply_part(line, parts[-1])
    assert (line.quantity, line.gross, line.tax, line.returned) == (2, Decimal("40.00"), Decimal("6.39"), 0)
    parts.append(compute_return(line, 1))
    assert [amounts_of(part) for part in parts] == [
        money("30.00 25.21 4.79"),
        money("20.00 16.81 3.19"),
        money("20.00 16.80 3.20"),
    ]
    assert [part.quantity for part in parts] == [1, 0, 1]


def test_a_line_that_an_allowance_made_free_gives_back_nothing() -> None:
    line = Returnable(2, Decimal("10.00"), Decimal("1.60"))
    line = apply_part(line, compute_allowance(line, Decimal("10.00")))
    assert amounts_of(compute_return(line, 2)) == [0, 0, 0]


@pytest.mark.parametrize(
    ("compute", "error", "values"),
    [
        (lambda line: compute_return(line, 3), MoreThanBought, {"left": 2, "asked": 3}),
        (lambda line: compute_return(line, 0), InvalidQuantity, {"quantity": 0}),
        (lambda line: compute_return(line, -1), InvalidQuantity, {"quantity": -1}),
        (
            lambda line: compute_allowance(line, Decimal("6.68")),
            MoreThanLeft,
            {"left": Decimal("6.67"), "asked": Decimal("6.68")},
        ),
        (lambda line: compute_allowance(line, Decimal(0)), ZeroAmount, {"amount": Decimal(0)}),
        (lambda line: compute_allowance(line, Decimal(-1)), NegativeAmount, {"amount": Decimal(-1)}),
        (
            lambda line: compute_allowance(line, Decimal("0.001")),
            NotWholeUnits,
            {"amount": Decimal("0.001"), "decimals": 2},
        ),
    ],
)
def test_what_was_not_bought_does_not_come_back(compute, error, values) -> None:
    line = Returnable(3, Decimal("10.00"), Decimal("1.60"))
    line = apply_part(line, compute_return(line, 1))
    with pytest.raises(error) as refused:
        compute(line)
    assert refused.value.values() == values


def test_a_line_with_more_tax_than_gross_is_refused() -> None:
    with pytest.raises(TaxTooLarge):
        Returnable(1, Decimal("1.00"), Decimal("1.01"))
    with pytest.raises(NegativeAmount):
        Returnable(1, Decimal("1.00"), Decimal("-0.01"))


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        (["1 3.33 2.80 0.53", "2 6.67 5.60 1.07"], None),
        (["1 3.34 2.80 0.54", "2 6.66 5.60 1.06"], 0),
        (["1 3.33 2.80 0.53", "2 6.67 5.61 1.06"], 1),
        (["1 3.33 2.80 0.53", "3 6.67 5.60 1.07"], 1),
        (["0 11.00 9.24 1.76"], 0),
        (["0 4.00 3.36 0.64", "1 2.00 1.68 0.32"], None),
        (["0 4.00 3.36 0.64", "1 3.33 2.80 0.53"], 1),
        ([], None),
    ],
)
def test_stored_parts_are_checked(parts, wrong) -> None:
    line = Returnable(3, Decimal("10.00"), Decimal("1.60"))
    stored = [Part(int(text.split()[0]), *money(text.partition(" ")[2])) for text in parts]
    assert find_wrong_part(line, stored) == wrong

"""Cash: change, the smallest coin, refunds that cumulate, and what the drawer should hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money.cash import (
    PaymentFigures,
    compare_count,
    compute_expected_cash,
    count_pieces,
    refund_cash,
    take_cash,
)
from shop.money.errors import (
    MoreThanCounted,
    MoreThanDue,
    NegativeAmount,
    NothingDue,
    NotWholeUnits,
    TenderedTooLittle,
    ZeroAmount,
)
from shop.money.tests.orders import cents, money
from testing.property_tests import same_examples

FIVE = Decimal("0.05")


def figures(payment: PaymentFigures) -> list[Decimal]:
    return [payment.amount, payment.tendered, payment.change, payment.cash, payment.rounding]


@pytest.mark.parametrize(
    ("due", "tendered", "step", "paid"),
    [
        # amount, tendered, change, cash, rounding
        ("2.91", "5.00", FIVE, "2.91 5.00 2.10 2.90 0.01"),  # E10
        ("49.99", "50.00", FIVE, "49.99 50.00 0.00 50.00 -0.01"),  # E11
        ("49.99", "60.00", FIVE, "49.99 60.00 10.00 50.00 -0.01"),
        ("49.99", "49.99", FIVE, "49.99 49.99 0.00 49.99 0.00"),  # the exact sum is never rounded
        ("75.00", "100.00", None, "75.00 100.00 25.00 75.00 0.00"),  # E12
        ("74.99", "60.00", FIVE, "60.00 60.00 0.00 60.00 0.00"),  # a part is never rounded
        ("74.99", "60.01", FIVE, "60.01 60.01 0.00 60.01 0.00"),
        ("2.93", "2.94", FIVE, "2.93 2.94 0.01 2.93 0.00"),  # enough, but less than the rounded 2.95
        ("2.93", "2.92", FIVE, "2.92 2.92 0.00 2.92 0.00"),
        ("2.91", "2.90", FIVE, "2.91 2.90 0.00 2.90 0.01"),
        ("0.02", "0.00", FIVE, "0.02 0.00 0.00 0.00 0.02"),
        ("0.02", "1.00", FIVE, "0.02 1.00 1.00 0.00 0.02"),
        ("12.50", "20.00", Decimal("1.00"), "12.50 20.00 7.00 13.00 -0.50"),
        ("12.25", "20.00", Decimal("0.50"), "12.25 20.00 7.50 12.50 -0.25"),
    ],
)
def test_cash_for_a_sale(due, tendered, step, paid) -> None:
    assert figures(take_cash(Decimal(due), Decimal(tendered), step=step)) == money(paid)


def test_part_of_the_due_with_change() -> None:
    """E8: 100.00 tendered for 60.00 of 134.99; and a part is not rounded even where it is uneven."""
    payment = take_cash(Decimal("134.99"), Decimal("100.00"), amount=Decimal("60.00"), step=FIVE)
    assert figures(payment) == money("60.00 100.00 40.00 60.00 0.00")
    payment = take_cash(Decimal("134.99"), Decimal("70.00"), amount=Decimal("60.01"), step=FIVE)
    assert figures(payment) == money("60.01 70.00 9.99 60.01 0.00")
    payment = take_cash(Decimal("2.91"), Decimal("5.00"), amount=Decimal("2.91"), step=FIVE)
    assert figures(payment) == money("2.91 5.00 2.10 2.90 0.01")


def test_yen_in_tens() -> None:
    payment = take_cash(Decimal(104), Decimal(200), step=Decimal(10), decimals=0)
    assert [str(figure) for figure in figures(payment)] == ["104", "200", "100", "100", "4"]


@same_examples
@given(cents(1), cents(), st.sampled_from([None, FIVE, Decimal("0.50"), Decimal("1.00")]))
def test_whatever_is_tendered(due, tendered, step) -> None:
    size = step or Decimal("0.01")
    if not tendered and due >= size / 2:
        with pytest.raises(ZeroAmount):
            take_cash(due, tendered, step=step)
        return
    payment = take_cash(due, tendered, step=step)
    assert payment.cash + payment.rounding == payment.amount <= due
    assert payment.cash == payment.tendered - payment.change >= 0
    assert payment.tendered == tendered
    assert payment.change >= 0
    assert abs(payment.rounding) <= size / 2
    assert payment.amount == due or payment.rounding == 0
    if tendered >= due:
        assert payment.amount == due


@pytest.mark.parametrize(
    ("due", "amount", "step", "refunded"),
    [
        ("2.91", None, FIVE, "-2.91 0 0 -2.90 -0.01"),  # E10, the full refund's cash part
        ("2.68", None, FIVE, "-2.68 0 0 -2.70 0.02"),  # E10, odoo 218430: 15.59 paid for 12.91
        ("49.99", None, FIVE, "-49.99 0 0 -50.00 0.01"),  # E11
        ("11.79", None, None, "-11.79 0 0 -11.79 0.00"),  # E8
        ("9.99", "5.01", FIVE, "-5.01 0 0 -5.01 0.00"),  # a part of what is due is not rounded
        ("9.99", "9.99", FIVE, "-9.99 0 0 -10.00 0.01"),
        ("0.02", None, FIVE, "-0.02 0 0 0.00 -0.02"),
    ],
)
def test_cash_for_a_refund(due, amount, step, refunded) -> None:
    payment = refund_cash(Decimal(due), amount=amount and Decimal(amount), step=step)
    assert figures(payment) == money(refunded)


def refund_one_by_one(amounts: list[Decimal], step: Decimal) -> list[PaymentFigures]:
    refunds: list[PaymentFigures] = []
    for amount in amounts:
        refunds.append(
            refund_cash(
                amount,
                refunded_before=-sum((refund.amount for refund in refunds), Decimal(0)),
                given_before=-sum((refund.cash for refund in refunds), Decimal(0)),
                step=step,
            )
        )
    return refunds


def test_cash_refunds_cumulate() -> None:
    """E11: 9.99 in cash gave 10.00, and comes back in three refunds as 10.00, not as 10.05."""
    refunds = refund_one_by_one(money("3.33 3.33 3.33"), FIVE)
    assert [refund.cash for refund in refunds] == money("-3.35 -3.30 -3.35")
    assert [refund.rounding for refund in refunds] == money("0.02 -0.03 0.02")


@same_examples
@given(st.lists(cents(1), min_size=1, max_size=8), st.sampled_from([FIVE, Decimal("0.50"), Decimal("1.00")]))
def test_any_number_of_refunds_gives_what_one_gives(amounts, step) -> None:
    refunds = refund_one_by_one(amounts, step)
    assert sum(refund.cash for refund in refunds) == refund_cash(sum(amounts), step=step).cash
    assert all(refund.cash <= 0 and refund.cash + refund.rounding == refund.amount for refund in refunds)
    assert abs(sum(refund.rounding for refund in refunds)) <= step / 2


def test_a_refund_never_takes_cash() -> None:
    """The first refund was of a part and gave 5.01 exactly; 5.02 in all would be 5.00."""
    refund = refund_cash(
        Decimal("0.01"), refunded_before=Decimal("5.01"), given_before=Decimal("5.01"), step=FIVE
    )
    assert (refund.amount, refund.cash, refund.rounding) == (Decimal("-0.01"), 0, Decimal("-0.01"))


@pytest.mark.parametrize(
    ("pay", "error", "values"),
    [
        (lambda: take_cash(Decimal(0), Decimal(5)), NothingDue, {"due": 0}),
        (lambda: take_cash(Decimal(-1), Decimal(5)), NothingDue, {"due": -1}),
        (lambda: take_cash(Decimal(5), Decimal(0)), ZeroAmount, {"amount": 0}),
        (lambda: take_cash(Decimal(5), Decimal(-1)), NegativeAmount, {"amount": -1}),
        (lambda: take_cash(Decimal(5), Decimal(9), amount=Decimal(6)), MoreThanDue, {"due": 5, "asked": 6}),
        (lambda: take_cash(Decimal(5), Decimal(9), amount=Decimal(0)), ZeroAmount, {"amount": 0}),
        (
            lambda: take_cash(Decimal(5), Decimal(3), amount=Decimal(4)),
            TenderedTooLittle,
            {"tendered": 3, "asked": 4},
        ),
        (lambda: take_cash(Decimal(5), Decimal(9), step=Decimal(0)), ZeroAmount, {"amount": 0}),
        (
            lambda: take_cash(Decimal(5), Decimal("9.001")),
            NotWholeUnits,
            {"amount": Decimal("9.001"), "decimals": 2},
        ),
        (lambda: refund_cash(Decimal(0)), NothingDue, {"due": 0}),
        (lambda: refund_cash(Decimal(5), amount=Decimal(6)), MoreThanDue, {"due": 5, "asked": 6}),
        (lambda: refund_cash(Decimal(5), given_before=Decimal(-1)), NegativeAmount, {"amount": -1}),
        (
            lambda: compare_count(Decimal(5), Decimal(5), Decimal(6)),
            MoreThanCounted,
            {"counted": 5, "asked": 6},
        ),
        (lambda: compare_count(Decimal(5), Decimal(5), Decimal(-1)), NegativeAmount, {"amount": -1}),
        (lambda: count_pieces({Decimal(5): -1}), NegativeAmount, {"amount": -1}),
    ],
)
def test_what_makes_no_sense_is_refused(pay, error, values) -> None:
    with pytest.raises(error) as refused:
        pay()
    assert refused.value.values() == values


def test_closing_a_till() -> None:
    """E12: change never was in the drawer's cash, so 155.00 is expected and not 180.00."""
    sale = take_cash(Decimal("75.00"), Decimal("100.00"))
    expected = compute_expected_cash(Decimal("200.00"), [sale.cash], money("-20.00 -100.00"))
    assert expected == Decimal("155.00")
    counted = count_pieces({Decimal("50.00"): 3, Decimal("2.00"): 2, Decimal("0.50"): 1})
    assert compare_count(expected, counted, Decimal("54.50")) == Decimal("-0.50")

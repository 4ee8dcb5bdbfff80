"""Balances, refund proposals and exchanges: the worked examples from sale to refund."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money.balance import Balance, PaymentLeft, ProposedRefund, propose_refunds, settle_exchange
from shop.money.cash import refund_cash, take_cash
from shop.money.errors import MoreThanPaid, NegativeAmount, NothingDue
from shop.money.pricing import price_order
from shop.money.returning import apply_part, compute_return
from shop.money.tests.orders import cents, line, money, returnable
from shop.money.tests.test_examples import EXAMPLES
from testing.property_tests import same_examples


@pytest.mark.parametrize(
    ("prices_include_tax", "balances"),
    [(True, "134.99 74.99 17.14 -11.79"), (False, "154.85 94.85 26.00 -8.42")],
)
def test_a_return_first_lowers_what_is_owed(prices_include_tax, balances) -> None:
    """E8: sold; 60.00 paid; two units back, no money out; the third back, the rest is due as a refund."""
    example = EXAMPLES["E8"]
    order = price_order(example.sold, prices_include_tax=prices_include_tax, discount=example.discount)
    paid = take_cash(order.total, Decimal("100.00"), amount=Decimal("60.00")).amount
    rest = returnable(example.sold[0], order.lines[0])
    two = compute_return(rest, 2)
    third = compute_return(apply_part(rest, two), 1)
    account = [
        Balance(order.total, Decimal(0), Decimal(0)),
        Balance(order.total, Decimal(0), paid),
        Balance(order.total, two.gross, paid),
        Balance(order.total, two.gross + third.gross, paid),
    ]
    assert [balance.amount for balance in account] == money(balances)
    assert [balance.refund_due for balance in account] == [0, 0, 0, -money(balances)[3]]
    assert [balance.to_pay for balance in account] == [*money(balances)[:3], 0]


@pytest.mark.parametrize(
    ("prices_include_tax", "price", "new_order", "exchange"),
    [
        (True, "59.90", "59.90 50.34 9.56", "44.91 14.99 0.00"),
        (True, "39.90", "39.90 33.53 6.37", "39.90 0.00 5.01"),
        (False, "59.90", "71.28 59.90 11.38", "53.44 17.84 0.00"),
        (False, "39.90", "47.48 39.90 7.58", "47.48 0.00 5.96"),
    ],
)
def test_an_exchange_leaves_the_difference(prices_include_tax, price, new_order, exchange) -> None:
    """E9: paid by card in full; the first line goes back for something dearer, or for something cheaper."""
    example = EXAMPLES["E9"]
    old = price_order(example.sold, prices_include_tax=prices_include_tax, discount=example.discount)
    credit = compute_return(returnable(example.sold[0], old.lines[0]), 1)
    new = price_order([line(f"1 × {price} @ 19")], prices_include_tax=prices_include_tax)
    assert [new.total, new.net, new.tax] == money(new_order)
    refund_due = Balance(old.total, credit.gross, old.total).refund_due
    assert refund_due == credit.gross
    settled = settle_exchange(refund_due, new.total)
    assert [settled.moved, settled.to_pay, settled.refund] == money(exchange)


def test_a_full_refund_of_transfer_and_cash() -> None:
    """E10: the transfer goes back to itself, the rest in cash."""
    payments = [PaymentLeft(1, "transfer", Decimal("10.00")), PaymentLeft(2, "cash", Decimal("2.91"))]
    refunds = propose_refunds(Decimal("12.91"), payments)
    assert refunds == [
        ProposedRefund(1, "transfer", Decimal("10.00")),
        ProposedRefund(None, "cash", Decimal("2.91")),
    ]
    assert refund_cash(refunds[1].amount, step=Decimal("0.05")).cash == Decimal("-2.90")


@pytest.mark.parametrize(
    ("due", "payments", "proposed"),
    [
        ("5.00", [("cash", "20.00"), ("card", "10.00")], [(2, "card", "5.00")]),
        ("12.00", [("cash", "20.00"), ("card", "10.00")], [(2, "card", "10.00"), (None, "cash", "2.00")]),
        ("12.00", [("card", "10.00"), ("card", "10.00")], [(1, "card", "10.00"), (2, "card", "2.00")]),
        ("12.00", [("card", "0.00"), ("voucher", "12.00")], [(2, "voucher", "12.00")]),
        ("12.00", [("exchange", "12.00")], [(None, "cash", "12.00")]),
        ("12.00", [("cash", "7.00"), ("cash", "7.00")], [(None, "cash", "12.00")]),
    ],
)
def test_money_goes_back_where_it_came_from(due, payments, proposed) -> None:
    left = [PaymentLeft(number, method, Decimal(text)) for number, (method, text) in enumerate(payments, 1)]
    refunds = [ProposedRefund(payment, method, Decimal(amount)) for payment, method, amount in proposed]
    assert propose_refunds(Decimal(due), left) == refunds


@same_examples
@given(st.lists(st.tuples(st.sampled_from(["cash", "card", "transfer"]), cents()), max_size=6), st.data())
def test_a_proposal_adds_up_and_gives_no_payment_more_than_is_left(payments, data) -> None:
    left = [PaymentLeft(number, method, amount) for number, (method, amount) in enumerate(payments)]
    paid = int(sum(payment.left for payment in left) * 100)
    if not paid:
        return
    due = data.draw(cents(1, paid))
    refunds = propose_refunds(due, left)
    assert sum(refund.amount for refund in refunds) == due
    limits: dict[int | None, Decimal | int] = {
        payment.payment_id: payment.left for payment in left if payment.method != "cash"
    }
    limits[None] = sum(payment.left for payment in left if payment.method == "cash")
    assert all(0 < refund.amount <= limits[refund.payment_id] for refund in refunds)


@pytest.mark.parametrize(
    ("refuse", "error", "values"),
    [
        (lambda: propose_refunds(Decimal(0), []), NothingDue, {"due": 0}),
        (
            lambda: propose_refunds(Decimal(6), [PaymentLeft(1, "card", Decimal(5))]),
            MoreThanPaid,
            {"paid": 5, "asked": 6},
        ),
        (
            lambda: propose_refunds(Decimal(1), [PaymentLeft(1, "card", Decimal(-1))]),
            NegativeAmount,
            {"amount": -1},
        ),
        (lambda: settle_exchange(Decimal(-1), Decimal(5)), NegativeAmount, {"amount": -1}),
        (lambda: settle_exchange(Decimal(1), Decimal(-5)), NegativeAmount, {"amount": -5}),
    ],
)
def test_what_makes_no_sense_is_refused(refuse, error, values) -> None:
    with pytest.raises(error) as refused:
        refuse()
    assert refused.value.values() == values

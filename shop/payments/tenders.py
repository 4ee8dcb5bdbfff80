"""Computes the payments that customers make, on loaded rows. Nothing here reads or stores."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations

from django.conf import settings
from django.utils import timezone

from shop.money.balance import Balance
from shop.money.cash import PaymentFigures, compute_cash_due, take_cash
from shop.money.errors import MoreThanDue, ZeroAmount
from shop.money.rounding import from_minor, to_unsigned_minor
from shop.orders.models import Order
from shop.payments.errors import AmountMissing, CardNumberRefused, OnlyCashIsTendered, UnknownMethod
from shop.payments.models import Payment
from shop.till.models import Register

#: The ways in which customers pay. An exchange is an entry of its own.
METHODS = ("cash", "card", "transfer", "voucher")
#: The statuses of orders for which money is taken.
PAYABLE = (Order.Status.PLACED, Order.Status.FULFILLED)
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Tender:
    """What a customer offers to pay with: an amount, or cash laid down (`tendered`), or both.

    Cash without `tendered` is laid down to the cent, so it gives no change.
    """

    method: str
    amount: Decimal | None = None
    tendered: Decimal | None = None
    reference: str = ""
    #: The text that was typed for it at the counter, by which errors name it.
    typed: str = field(default="", compare=False)


def build_payments(
    order: Order, tenders: Sequence[Tender], register: Register | None, staff_id: int | None
) -> list[Payment]:
    """Returns a payment for each tender, and adds them to what is paid on `order` in memory. Stores nothing.

    `register` is None for what the JSON API takes other than cash. Raises MoreThanDue, TenderedTooLittle,
    ZeroAmount, NegativeAmount, NotWholeUnits, UnknownMethod, AmountMissing, OnlyCashIsTendered,
    CardNumberRefused.
    """
    payments = []
    for tender in tenders:
        _check_reference(tender.reference)
        figures = _compute(tender, get_balance(order).to_pay)
        payment = build_entry(order, tender.method, figures, register, staff_id)
        payment.reference = tender.reference
        payments.append(payment)
    return payments


def fill_in(tender: Tender, balance: Decimal) -> Tender:
    """Returns the tender; without an amount, with all of `balance`, in cash with what coins make of it.

    Raises NothingDue for cash where nothing is to pay.
    """
    if tender.amount is not None or tender.tendered is not None:
        return tender
    if tender.method != "cash":
        return replace(tender, amount=balance)
    return replace(
        tender, tendered=compute_cash_due(balance, settings.SHOP_CASH_STEP, settings.SHOP_DECIMALS)
    )


def get_balance(order: Order) -> Balance:
    """Returns the balance of an order, also of one whose money is not kept yet."""
    return Balance(order.total or Decimal(0), order.returned, order.paid)


def compute_balance(order: Order) -> Decimal:
    """Returns what is to pay (above 0) or to refund (below), also where money is not kept yet."""
    return get_balance(order).amount


def build_entry(
    order: Order, method: str, figures: PaymentFigures, register: Register | None, staff_id: int | None
) -> Payment:
    """Returns an entry of these figures, and changes `paid` and `balance` of `order` in memory."""
    order.paid += figures.amount
    order.balance = compute_balance(order)
    return Payment(
        order=order,
        method=method,
        session=register.open_session if register else None,
        currency=settings.SHOP_CURRENCY,
        business_day=timezone.localdate(),
        author_id=staff_id,
        **vars(figures),
    )


def without_cash(amount: Decimal) -> PaymentFigures:
    """Returns the figures of an entry that moves no cash."""
    zero = Decimal(0)
    return PaymentFigures(amount, zero, zero, zero, zero)


def _check_reference(reference: str) -> None:
    """Raises CardNumberRefused for 13 to 19 digits that pass the Luhn check.

    Blanks and dashes between the digits count for nothing.
    """
    for run in _LETTERS.split(reference):
        groups = _DIGITS.findall(run)
        for first, last in combinations(range(len(groups) + 1), 2):
            digits = "".join(groups[first:last])
            if 13 <= len(digits) <= 19 and _passes_luhn([int(digit) for digit in digits]):
                raise CardNumberRefused


def _passes_luhn(digits: Sequence[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _compute(tender: Tender, due: Decimal) -> PaymentFigures:
    """Returns the figures of one payment towards `due`, which is not negative."""
    if tender.method not in METHODS:
        raise UnknownMethod(tender.method)
    asked = tender.tendered if tender.amount is None else tender.amount
    if asked is None:
        raise AmountMissing(tender.method)
    if not due:
        raise MoreThanDue(due=due, asked=check_amount(asked))
    if tender.method == "cash":
        tendered = asked if tender.tendered is None else tender.tendered
        step, decimals = settings.SHOP_CASH_STEP, settings.SHOP_DECIMALS
        figures = take_cash(due, tendered, amount=tender.amount, step=step, decimals=decimals)
        return _drop_returned_cash(figures)
    if tender.amount is None or tender.tendered is not None:
        raise OnlyCashIsTendered(tender.method)
    amount = check_amount(tender.amount)
    # A transfer may be too much: the bank has the money already, so it is booked and the rest refunded.
    if amount > due and tender.method != "transfer":
        raise MoreThanDue(due=due, asked=amount)
    return without_cash(amount)


def check_amount(amount: Decimal) -> Decimal:
    """Returns an amount of whole minor units. Raises ZeroAmount, NegativeAmount, NotWholeUnits."""
    minor = to_unsigned_minor(amount, settings.SHOP_DECIMALS)
    if not minor:
        raise ZeroAmount(amount=amount)
    return from_minor(minor, settings.SHOP_DECIMALS)


def _drop_returned_cash(figures: PaymentFigures) -> PaymentFigures:
    """Where rounding leaves no cash to pay, leaves out what was laid down and given back."""
    zero = Decimal(0)
    return figures if figures.cash else PaymentFigures(figures.amount, zero, zero, zero, figures.rounding)

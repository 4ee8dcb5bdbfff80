"""Computes what goes back to customers, on loaded rows. Nothing here reads or stores."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings

from shop.money.balance import PaymentLeft, ProposedRefund, propose_refunds
from shop.money.cash import CashPayment, refund_cash
from shop.money.errors import MoreThanPaid
from shop.orders.models import Order
from shop.payments.errors import OtherMethod, PaymentMissing, UnknownMethod
from shop.payments.models import Payment
from shop.payments.tenders import METHODS, build_entry, check_amount, compute_balance, without_cash
from shop.till.models import Register


def list_left(payments: Iterable[Payment]) -> list[PaymentLeft]:
    """What is left of each payment of an order that was not reversed, the oldest first.

    Cash that was given back without naming a payment comes from the cash payments, the oldest first.
    """
    payments = drop_reversed(payments)
    refunded: defaultdict[int, Decimal] = defaultdict(Decimal)
    loose = Decimal(0)
    for payment in payments:
        if payment.refund_of_id:
            refunded[payment.refund_of_id] -= payment.amount
        elif payment.amount < 0:
            loose -= payment.amount
    rows = []
    for payment in payments:
        if payment.amount > 0:
            left = payment.amount - refunded[payment.pk]
            taken = min(left, loose) if payment.method == "cash" else Decimal(0)
            loose -= taken
            rows.append(PaymentLeft(payment.pk, payment.method, left - taken))
    return rows


def drop_reversed(payments: Iterable[Payment]) -> list[Payment]:
    """The entries that count: those that were reversed, and what reverses them, are left out."""
    payments = sorted(payments, key=lambda payment: payment.pk)
    reversed_ids = {payment.reverses_id for payment in payments if payment.reverses_id}
    return [row for row in payments if not row.reverses_id and row.pk not in reversed_ids]


def propose(order: Order, payments: Iterable[Payment]) -> list[ProposedRefund]:
    """Where the refund that is due goes (R9); nothing where none is due."""
    due = -compute_balance(order)
    return propose_refunds(due, list_left(payments)) if due > 0 else []


def build_refund(
    order: Order,
    amount: Decimal,
    method: str,
    *,
    source: Payment | None,
    payments: Sequence[Payment],
    register: Register | None,
    staff_id: int | None,
) -> Payment:
    """Returns a refund, and lowers what is paid on `order` in memory. Stores nothing.

    `source` is the payment that is given back, one of `payments`, which are all of the order. Raises
    UnknownMethod, PaymentMissing, OtherMethod, ZeroAmount, NegativeAmount, NotWholeUnits; MoreThanPaid past
    what is left of `source`, or of all payments.
    """
    _check_source(method, source)
    amount = check_amount(amount)
    paid = _find_paid(order, source, payments)
    if amount > paid:
        raise MoreThanPaid(paid=paid, asked=amount)
    figures = without_cash(-amount)
    if method == "cash":
        figures = _compute_cash(order, amount, source, paid, payments)
    refund = build_entry(order, method, figures, register, staff_id)
    refund.refund_of = source
    return refund


def _check_source(method: str, source: Payment | None) -> None:
    """Raises an error where a payment by this method cannot give `source` back."""
    if method not in METHODS:
        raise UnknownMethod(method)
    if source is None:
        if method != "cash":
            raise PaymentMissing(method)
    elif method not in (source.method, "cash"):
        raise OtherMethod(method, source.method)


def _find_paid(order: Order, source: Payment | None, payments: Sequence[Payment]) -> Decimal:
    """What can be given back: what is left of `source`, and never more than was paid in all."""
    paid: Decimal = order.paid
    if source is None:
        return paid
    left = {row.payment: row.left for row in list_left(payments)}
    return min(paid, left.get(source.pk, Decimal(0)))


def _compute_cash(
    order: Order, amount: Decimal, source: Payment | None, left: Decimal, payments: Sequence[Payment]
) -> CashPayment:
    """Returns the figures of a cash refund, rounded where it gives back the rest (R8).

    The rest is all that is due, all that was paid, or all that is left of a payment that was rounded.
    """
    ends = {-compute_balance(order), order.paid}
    if source is not None and source.rounding:
        ends.add(left)
    given = [row for row in drop_reversed(payments) if row.method == "cash" and row.amount < 0]
    return refund_cash(
        amount if amount in ends else order.paid,
        amount=amount,
        refunded_before=-sum((row.amount for row in given), Decimal(0)),
        given_before=-sum((row.cash for row in given), Decimal(0)),
        step=settings.SHOP_CASH_STEP,
    )


def build_reversal(order: Order, payment: Payment, register: Register, staff_id: int | None) -> Payment:
    """Returns the entry that takes a payment or a refund back, and changes `order` in memory.

    Raises MoreThanPaid where less is paid than the payment brought.
    """
    if payment.amount > order.paid:
        raise MoreThanPaid(paid=order.paid, asked=payment.amount)
    # Cash of a refund comes back as it was given.
    back = max(-payment.cash, Decimal(0))
    figures = CashPayment(-payment.amount, back, Decimal(0), -payment.cash, -payment.rounding)
    reversal = build_entry(order, payment.method, figures, register, staff_id)
    reversal.reverses = payment
    return reversal

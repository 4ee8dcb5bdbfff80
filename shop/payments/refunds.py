"""Computes what goes back to customers, on loaded rows. Nothing here reads or stores."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.conf import settings

from shop.money.balance import PaymentLeft, ProposedRefund, propose_refunds
from shop.money.cash import PaymentFigures, refund_cash
from shop.money.errors import MoreThanPaid
from shop.orders.models import Order
from shop.payments.errors import OtherMethod, PaymentMissing, ReversalProblem, UnknownMethod
from shop.payments.models import Payment
from shop.payments.tenders import METHODS, build_entry, check_amount, get_balance, without_cash
from shop.till.models import Register


def list_left(payments: Iterable[Payment]) -> list[PaymentLeft]:
    """Returns what is left of each payment of an order that was not reversed, the oldest first.

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
    """Returns the entries without those that were reversed, and without the reversals, the oldest first."""
    payments = sorted(payments, key=lambda payment: payment.pk)
    reversed_ids = {payment.reverses_id for payment in payments if payment.reverses_id}
    return [row for row in payments if not row.reverses_id and row.pk not in reversed_ids]


def find_reversal_problems(payments: Iterable[Payment]) -> dict[int, ReversalProblem]:
    """Returns why entries of an order cannot be reversed, by id; those that can be are left out.

    `payments` are all of the order, each with its session.
    """
    payments = list(payments)
    counting = drop_reversed(payments)
    counting_ids = {row.pk for row in counting}
    refunded_ids = {row.refund_of_id for row in counting}
    problems: dict[int, ReversalProblem] = {}
    for row in payments:
        if row.pk not in counting_ids:
            problems[row.pk] = "reversal"
        elif row.method == "exchange":
            problems[row.pk] = "exchange"
        elif row.pk in refunded_ids:
            problems[row.pk] = "refunded"
        elif row.session is None or row.session.closed_at is not None:
            problems[row.pk] = "session"
    return problems


def propose(order: Order, payments: Iterable[Payment]) -> list[ProposedRefund]:
    """Returns to which payments the refund that is due goes (R9); none where no refund is due."""
    due = get_balance(order).refund_due
    return propose_refunds(due, list_left(payments)) if due else []


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

    `source` is the payment that is given back; `payments` are all of the order. Raises UnknownMethod,
    PaymentMissing, OtherMethod, ZeroAmount, NegativeAmount, NotWholeUnits; MoreThanPaid for more than is
    left of `source`, or than is paid for the order.
    """
    _check_source(method, source)
    amount = check_amount(amount)
    left = _find_refundable(order, source, payments)
    if amount > left:
        raise MoreThanPaid(paid=left, asked=amount)
    figures = without_cash(-amount)
    if method == "cash":
        figures = _compute_cash(order, amount, source, payments)
    refund = build_entry(order, method, figures, register, staff_id)
    refund.refund_of = source
    return refund


def _check_source(method: str, source: Payment | None) -> None:
    """Raises UnknownMethod, PaymentMissing, OtherMethod where `source` cannot go back by this method."""
    if method not in METHODS:
        raise UnknownMethod(method)
    if source is None:
        if method != "cash":
            raise PaymentMissing(method)
    elif method not in (source.method, "cash"):
        raise OtherMethod(method, source.method)


def _find_refundable(order: Order, source: Payment | None, payments: Sequence[Payment]) -> Decimal:
    """Returns how much can be given back: what is left of `source`, and never more than is paid."""
    paid: Decimal = order.paid
    if source is None:
        return paid
    left = {row.payment_id: row.left for row in list_left(payments)}
    return min(paid, left.get(source.pk, Decimal(0)))


def _compute_cash(
    order: Order, amount: Decimal, source: Payment | None, payments: Sequence[Payment]
) -> PaymentFigures:
    """Returns the figures of a cash refund. It is rounded only where it gives back a full amount (R8)."""
    given = [row for row in drop_reversed(payments) if row.method == "cash" and row.amount < 0]
    return refund_cash(
        # `refund_cash` rounds where `amount` is all that is due. What is paid is more, so nothing is rounded.
        amount if amount in _list_full_amounts(order, source, payments) else order.paid,
        amount=amount,
        refunded_before=-sum((row.amount for row in given), Decimal(0)),
        given_before=-sum((row.cash for row in given), Decimal(0)),
        step=settings.SHOP_CASH_STEP,
        decimals=settings.SHOP_DECIMALS,
    )


def _list_full_amounts(order: Order, source: Payment | None, payments: Sequence[Payment]) -> set[Decimal]:
    """Returns the amounts of which nothing remains after a refund: all that is due, and all that is paid.

    Where cash was rounded, also what is left of the payment `source`; without one, of all the payments in
    cash that were rounded, and of all in cash.
    """
    full_amounts = {get_balance(order).refund_due, order.paid}
    left = {row.payment_id: row.left for row in list_left(payments)}
    cash = [row for row in payments if row.method == "cash" and left.get(row.pk)]
    if source is not None:
        cash = [row for row in cash if row.pk == source.pk]
    rounded = [row for row in cash if row.rounding]
    if rounded:
        full_amounts |= {sum((left[row.pk] for row in rows), Decimal(0)) for rows in (rounded, cash)}
    return full_amounts


def list_given(refunds: Iterable[Payment]) -> tuple[tuple[str, Decimal], ...]:
    """Returns the method and the amount of each refund as it is given: in cash what leaves the drawer."""
    return tuple((row.method, -(row.cash if row.method == "cash" else row.amount)) for row in refunds)


def build_reversal(order: Order, payment: Payment, register: Register, staff_id: int | None) -> Payment:
    """Returns the entry that reverses a payment or a refund, and changes `order` in memory.

    Raises MoreThanPaid where less is paid by now than the payment's amount.
    """
    if payment.amount > order.paid:
        raise MoreThanPaid(paid=order.paid, asked=payment.amount)
    # To reverse a cash refund the customer lays down what was given back.
    back = max(-payment.cash, Decimal(0))
    figures = PaymentFigures(-payment.amount, back, Decimal(0), -payment.cash, -payment.rounding)
    reversal = build_entry(order, payment.method, figures, register, staff_id)
    reversal.reverses = payment
    return reversal

"""Every write to payments. Entries are only added.

Each service locks the order first, then the register. An order is named by its reference, or by its id.
"""

import datetime
from decimal import Decimal
from functools import partial

from django.utils import timezone

from shop.db.errors import NotFound
from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.orders.models import Order
from shop.orders.services.locking import lock_order
from shop.payments.errors import AccountEntry, BalanceChanged, NotPayable, NotReversible, ReasonMissing
from shop.payments.models import Payment
from shop.payments.refunds import build_refund, build_reversal, drop_reversed
from shop.payments.tenders import Tender, build_payments, compute_balance
from shop.staff.changes import STAMP_FIELDS, stamp_change
from shop.staff.models import User
from shop.till.models import Register
from shop.till.services import lock_api_register, lock_register

__all__ = [
    "Tender",
    "build_payments",
    "record_payment",
    "refund_payment",
    "reverse_payment",
    "store_account",
]


@retried_transaction(once=Payment.objects.with_order)
def record_payment(
    *,
    reference: str | int,
    tender: Tender,
    register_id: int | None,
    seen_balance: Decimal | None,
    staff_id: int | None,
    once: Once | None,
) -> Payment:
    """Takes money for a placed order; the payment's `order` has the new balance.

    `register_id` None is the JSON API: cash goes to its own register, the rest to none. `seen_balance` is
    the balance that the clerk saw; None for clients that show none. Raises NotFound, NotPayable,
    BalanceChanged, TillClosed, KeyReused, and what `build_payments` raises.
    """
    order = _lock_order(reference)
    if order.status not in (Order.Status.PLACED, Order.Status.FULFILLED):
        raise NotPayable(order.reference, order.status, "pay")
    _check_balance(order, seen_balance, staff_id)
    register = _lock_drawer(register_id, tender.method, staff_id)
    [payment] = build_payments(order, [tender], register, staff_id)
    _store(order, payment, staff_id)
    return payment


@retried_transaction(once=Payment.objects.with_order)
def refund_payment(
    *,
    reference: str | int,
    method: str,
    amount: Decimal,
    refund_of: int | None,
    register_id: int | None,
    seen_balance: Decimal | None,
    reason: str = "",
    staff_id: int | None,
    once: Once | None,
) -> Payment:
    """Gives money back, also where no refund is due; never more than was paid.

    `refund_of` is the id of the payment that is given back; cash needs none. Raises NotFound, NotPayable,
    BalanceChanged, TillClosed, KeyReused, and what `build_refund` raises.
    """
    order = _lock_order(reference)
    if order.placed_at is None:
        raise NotPayable(order.reference, order.status, "refund")
    _check_balance(order, seen_balance, staff_id)
    register = _lock_drawer(register_id, method, staff_id)
    payments = {payment.pk: payment for payment in order.payments.order_by("id")}
    if refund_of is not None and refund_of not in payments:
        raise NotFound("payment")
    build = partial(build_refund, payments=[*payments.values()], register=register, staff_id=staff_id)
    refund = build(order, amount, method, source=payments.get(refund_of or 0))
    refund.reason = reason
    _store(order, refund, staff_id)
    return refund


@retried_transaction
def reverse_payment(*, payment_id: int, reason: str, staff_id: int | None) -> Payment:
    """Takes back an entry that was a mistake, while its till session is open. Returns the new entry.

    Reversing twice returns the same entry. Raises NotFound, ReasonMissing, NotReversible, TillClosed,
    MoreThanPaid.
    """
    if not reason:
        raise ReasonMissing
    order = Order.objects.select_for_update(of=("self",)).filter(payments=payment_id).first()
    if order is None:
        raise NotFound("payment")
    payments = {row.pk: row for row in order.payments.select_related("session").order_by("id")}
    earlier = next((row for row in payments.values() if row.reverses_id == payment_id), None)
    if earlier is not None:
        return earlier
    payment = payments[payment_id]
    _check_reversible(payment, payments)
    register = lock_register(payment.session.register_id, staff_id) if payment.session else None
    if register is None or register.open_session_id != payment.session_id:
        raise NotReversible(payment_id, "session")
    reversal = build_reversal(order, payment, register, staff_id)
    reversal.reason = reason
    _store(order, reversal, staff_id)
    return reversal


def store_account(order: Order, staff_id: int | None) -> None:
    """Stores what is paid, returned and open of a locked order, and who changed it."""
    stamp_change(order, staff_id)
    order.save(update_fields=["returned", "paid", "balance", *STAMP_FIELDS])


def _store(order: Order, payment: Payment, staff_id: int | None) -> None:
    payment.created_at = timezone.now()
    payment.save(force_insert=True)
    store_account(order, staff_id)


def _lock_order(reference: str | int) -> Order:
    """Locks the order of this reference or id. Raises NotFound."""
    return lock_or_raise(Order, reference) if isinstance(reference, int) else lock_order(reference)


def _lock_drawer(register_id: int | None, method: str, staff_id: int | None) -> Register | None:
    if register_id is not None:
        return lock_register(register_id, staff_id)
    return lock_api_register(staff_id) if method == "cash" else None


def _check_balance(order: Order, seen: Decimal | None, staff_id: int | None) -> None:
    """Raises BalanceChanged when the clerk saw another balance; it names who changed it last."""
    balance = compute_balance(order)
    if seen is None or seen == balance:
        return
    last = _find_last_entry(order)
    raise BalanceChanged(seen, balance, last, is_own=last is not None and last.by_id == staff_id)


def _find_last_entry(order: Order) -> AccountEntry | None:
    """Returns the latest payment, refund or return of an order."""
    entries = []
    if payment := order.payments.select_related("author").order_by("id").last():
        entries.append(_describe(payment.method, payment.amount, payment.author, payment.created_at))
    if taken_back := order.returns.select_related("author").order_by("id").last():
        entries.append(_describe("return", taken_back.gross, taken_back.author, taken_back.created_at))
    return max(entries, key=lambda entry: entry.at, default=None)


def _describe(method: str, amount: Decimal, author: User | None, at: datetime.datetime) -> AccountEntry:
    by_id, by = (author.pk, author.get_username()) if author else (None, "")
    return AccountEntry(method, amount, by_id, by, at)


def _check_reversible(payment: Payment, payments: dict[int, Payment]) -> None:
    """Raises NotReversible for what no session could reverse."""
    if payment.reverses_id:
        raise NotReversible(payment.pk, "reversal")
    if payment.method == "exchange":
        raise NotReversible(payment.pk, "exchange")
    if any(row.refund_of_id == payment.pk for row in drop_reversed(payments.values())):
        raise NotReversible(payment.pk, "refunded")

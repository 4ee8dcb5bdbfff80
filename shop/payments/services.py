"""Records payments, refunds and reversals. Entries are added, and never changed.

Each service locks the order first, then the register. Callers name an order by its reference or its id.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from shop.db.errors import NotFound
from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.orders.models import Order
from shop.orders.services.locking import lock_order, lock_order_of
from shop.payments.errors import AccountEntry, BalanceChanged, NotPayable, NotReversible, ReasonMissing
from shop.payments.limits import allow_cash_refunds
from shop.payments.models import Payment
from shop.payments.refunds import build_refund, build_reversal, find_reversal_problems
from shop.payments.tenders import PAYABLE, Tender, build_payments, compute_balance
from shop.staff.changes import STAMP_FIELDS, stamp_change
from shop.staff.models import User
from shop.till.models import Register
from shop.till.services import lock_api_register, lock_register


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

    `register_id` is None for the JSON API: its cash goes to its own register, other payments to none.
    `seen_balance` is the balance that the clerk saw; None for clients that show none. Raises NotFound,
    NotPayable, BalanceChanged, TillClosed, KeyReused, and what `build_payments` raises.
    """
    order = _lock_order(reference)
    if order.status not in PAYABLE:
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
    confirmed_by_id: int | None = None,
    staff_id: int | None,
    once: Once | None,
) -> Payment:
    """Gives money back, also where no refund is due, but never more than is paid.

    `refund_of` is the id of the payment that is given back; cash needs none. `confirmed_by_id` is the manager
    who allows more cash than the role's limit. Raises NotFound, NotPayable, BalanceChanged, TillClosed,
    KeyReused, CashRefundAboveLimit, and what `build_refund` raises.
    """
    order = _lock_refundable(reference, seen_balance, staff_id)
    register, payments = _lock_drawer(register_id, method, staff_id), list(order.payments.order_by("id"))
    source = _find_source(payments, refund_of)
    refund = build_refund(
        order, amount, method, source=source, payments=payments, register=register, staff_id=staff_id
    )
    allow_cash_refunds([refund], payments, staff_id=staff_id, confirmed_by_id=confirmed_by_id)
    refund.reason = reason
    _store(order, refund, staff_id)
    return refund


@retried_transaction
def reverse_payment(*, payment_id: int, reason: str, staff_id: int | None) -> Payment:
    """Reverses an entry that was a mistake, while its till session is open. Returns the reversal.

    Reversing an entry again returns the first reversal. Raises NotFound, ReasonMissing, NotReversible,
    TillClosed, MoreThanPaid.
    """
    if not reason:
        raise ReasonMissing
    order = lock_order_of(payments=payment_id)
    payments = {row.pk: row for row in order.payments.select_related("session").order_by("id")}
    earlier = next((row for row in payments.values() if row.reverses_id == payment_id), None)
    if earlier is not None:
        return earlier
    payment = payments[payment_id]
    if problem := find_reversal_problems(payments.values()).get(payment_id):
        raise NotReversible(payment_id, problem)
    assert payment.session is not None
    register = lock_register(payment.session.register_id, staff_id)
    # The session may have been closed while this waited for the lock.
    if register.open_session_id != payment.session_id:
        raise NotReversible(payment_id, "session")
    reversal = build_reversal(order, payment, register, staff_id)
    reversal.reason = reason
    _store(order, reversal, staff_id)
    return reversal


def store_account(order: Order, staff_id: int | None) -> None:
    """Stores what is paid, returned and open of a locked order, and stamps it."""
    stamp_change(order, staff_id)
    order.save(update_fields=["returned", "paid", "balance", *STAMP_FIELDS])


def _store(order: Order, payment: Payment, staff_id: int | None) -> None:
    payment.created_at = timezone.now()
    payment.save(force_insert=True)
    store_account(order, staff_id)


def _find_source(payments: Sequence[Payment], refund_of: int | None) -> Payment | None:
    """Returns the payment of this id; None for no id. Raises NotFound for another order's payment."""
    if refund_of is None:
        return None
    source = next((payment for payment in payments if payment.pk == refund_of), None)
    if source is None:
        raise NotFound("payment")
    return source


def _lock_refundable(reference: str | int, seen_balance: Decimal | None, staff_id: int | None) -> Order:
    """Locks an order whose money can be given back. Raises NotFound, NotPayable, BalanceChanged."""
    order = _lock_order(reference)
    if order.placed_at is None:
        raise NotPayable(order.reference, order.status, "refund")
    _check_balance(order, seen_balance, staff_id)
    return order


def _lock_order(reference: str | int) -> Order:
    """Locks the order of this reference or id. Raises NotFound."""
    return lock_or_raise(Order, reference) if isinstance(reference, int) else lock_order(reference)


def _lock_drawer(register_id: int | None, method: str, staff_id: int | None) -> Register | None:
    """Locks the register that the money goes to; None for what the JSON API takes other than cash."""
    if register_id is not None:
        return lock_register(register_id, staff_id)
    return lock_api_register(staff_id) if method == "cash" else None


def _check_balance(order: Order, seen: Decimal | None, staff_id: int | None) -> None:
    """Raises BalanceChanged when the clerk saw another balance; the error names the latest entry."""
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

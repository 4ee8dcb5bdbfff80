"""Sells at the counter: places an order, takes the money and issues the receipt, in one transaction."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError

from shop.counter.errors import RestIsPaid
from shop.db.errors import KeyReused, NotFound
from shop.db.idempotency import Once, find_row_of_key
from shop.db.models import IdempotencyKey
from shop.db.transactions import retried_transaction
from shop.documents.services import issue_receipt
from shop.orders.errors import WrongState
from shop.orders.models import Order
from shop.orders.services.placing import SeenOrder, check_and_price_draft, store_checked_draft
from shop.payments.models import Payment
from shop.payments.tenders import Tender, build_payments, compute_balance, fill_in
from shop.till.models import Register
from shop.till.services import lock_register


@retried_transaction
def complete_sale(
    *,
    reference: str,
    seen: SeenOrder,
    tenders: Sequence[Tender],
    register_id: int,
    staff_id: int | None,
    once: Once | None,
) -> Order:
    """Places a draft, takes the money and issues the receipt: six statements more than placing alone.

    A tender without an amount pays the rest. What the tenders do not pay remains the order's balance. The
    key is looked up only if the order is no longer a draft: no key has sold a draft. Raises what
    `place_order`, `lock_register` and `take_tenders` raise; KeyReused.
    """
    order = _lock_order(reference)
    if not order.is_draft:
        return _find_sale(order, once)
    check_and_price_draft(order, seen, staff_id)
    register = lock_register(register_id, staff_id)
    payments = take_tenders(order, tenders, register, staff_id)
    store_checked_draft(order, staff_id)
    Payment.objects.bulk_create(payments)
    issue_receipt(order, order.line_list, payments, register, staff_id)
    if once:
        _store_key(once, order)
    return order


def take_tenders(
    order: Order, tenders: Sequence[Tender], register: Register, staff_id: int | None
) -> list[Payment]:
    """Returns the payments, and sets `paid` and `balance` of the order in memory. Stores nothing.

    A tender without an amount pays the rest. Raises RestIsPaid for one after it, and what `build_payments`
    raises.
    """
    order.balance = compute_balance(order)
    payments: list[Payment] = []
    for tender in tenders:
        balance = compute_balance(order)
        if not order.total and not tender.amount and not tender.tendered:
            # A free order needs no payment.
            continue
        if order.total and balance <= 0:
            raise RestIsPaid(tender.typed)
        filled = fill_in(tender, balance)
        payments += build_payments(order, [filled], register, staff_id)
    return payments


def _lock_order(reference: str) -> Order:
    """Locks the order, and reads its customer, whose name the receipt shows. Raises NotFound."""
    rows = Order.objects.select_related("customer").select_for_update(of=("self",))
    order = rows.filter(reference=reference).first()
    if order is None:
        raise NotFound("order")
    return order


def _find_sale(order: Order, once: Once | None) -> Order:
    """Returns the order if this key has sold it. Raises WrongState, KeyReused."""
    if once is None or find_row_of_key(once, Order.objects.all) is None:
        raise WrongState(order.reference, order.status, "place")
    return order


def _store_key(once: Once, order: Order) -> None:
    """Stores the key with the order that it has sold. Raises KeyReused for a key of something else."""
    try:
        IdempotencyKey.objects.create(key=once.key, payload_hash=once.payload_hash, object_id=order.pk)
    except IntegrityError as error:
        # This sale cannot have stored it: the order was a draft, and is locked. Nothing is read here, and the
        # error that is raised rolls everything back.
        raise KeyReused from error


def sum_change(payments: Sequence[Payment]) -> Decimal:
    """Returns the change of all payments together."""
    return sum((payment.change for payment in payments), Decimal(0))

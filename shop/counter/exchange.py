"""Exchanges goods: takes some back, sells others, and settles the difference, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.counter.errors import ExchangeChanged
from shop.counter.services import take_tenders
from shop.db.idempotency import Once
from shop.db.transactions import retried_transaction
from shop.documents.services import find_corrected, issue_receipt, write_credit_note
from shop.money.balance import Exchange, settle_exchange
from shop.money.pricing import NO_DISCOUNT, PricedOrder
from shop.orders.models import Order, OrderLine
from shop.orders.pricing import set_sale_figures
from shop.orders.services.locking import get_order, lock_order
from shop.orders.services.new_orders import Item, build_new_lines
from shop.orders.services.placing import store_placed
from shop.orders.services.quotes import quote_order
from shop.payments.limits import allow_cash_refunds
from shop.payments.models import Payment
from shop.payments.refunds import build_refund, list_given, propose
from shop.payments.services import store_account
from shop.payments.tenders import Tender, build_entry, compute_balance, get_balance, without_cash
from shop.products.errors import OutOfStock
from shop.products.stock import find_shortages, lock_products
from shop.returns.figures import LinePart, count_units, sum_parts, take_units
from shop.returns.models import Return
from shop.returns.services import raise_if_not_returnable, read_sold_lines, return_locked
from shop.staff.changes import make_stamp
from shop.till.models import Register
from shop.till.services import lock_register


@dataclass(frozen=True)
class SeenExchange:
    """The figures that a page showed: the worth of what comes back, the new total, and the difference.

    `given` is what goes back of `refund`, as methods and amounts; in cash it is rounded.
    """

    returned: Decimal
    total: Decimal
    to_pay: Decimal
    refund: Decimal
    given: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class QuotedExchange:
    """An exchange as it would be now. Nothing is stored."""

    parts: Sequence[LinePart]
    priced: PricedOrder
    deal: Exchange
    seen: SeenExchange

    @property
    def given(self) -> Decimal:
        """All that goes back, by all methods together."""
        return sum((amount for _, amount in self.seen.given), Decimal(0))

    @property
    def rounding(self) -> Decimal:
        return self.given - self.deal.refund


def quote_exchange(
    *, reference: str, lines: Sequence[tuple[int, int]], items: Sequence[Item]
) -> QuotedExchange:
    """Returns the exchange as it would be now, without a look at stock. Stores nothing.

    Raises NotFound, and what `return_goods` and `quote_order` raise.
    """
    order = get_order(reference)
    raise_if_not_returnable(order)
    parts = take_units(read_sold_lines(order), count_units(lines))
    priced = quote_order(items=items, discount=NO_DISCOUNT)
    returned = sum_parts(parts).gross
    # From here on the order in memory is as the exchange would leave it.
    order.returned += returned
    deal = settle_exchange(get_balance(order).refund_due, priced.total)
    build_entry(order, "exchange", without_cash(-deal.moved), None, None)
    refunds = _build_refunds(order, list(order.payments.order_by("id")), None, None)
    seen = SeenExchange(returned, priced.total, deal.to_pay, deal.refund, list_given(refunds))
    return QuotedExchange(parts, priced, deal, seen)


@retried_transaction(once=Order.objects.all)
def exchange_goods(
    *,
    reference: str,
    lines: Sequence[tuple[int, int]],
    items: Sequence[Item],
    tenders: Sequence[Tender],
    reason: str,
    restock: bool,
    register_id: int,
    seen: SeenExchange | None,
    confirmed_by_id: int | None = None,
    staff_id: int | None,
    once: Once | None,
) -> Order:
    """Takes back units of an order's lines, and sells `items` in a new order, which is returned.

    If the new goods cost more, `tenders` pay the difference, or it stays to pay; if less, it is refunded.
    `confirmed_by_id` is the manager who allows more cash than the role's limit. The number of statements does
    not grow with the lines. Raises what `return_goods`, `place_new_order` and `complete_sale` raise;
    CashRefundAboveLimit; ExchangeChanged when the figures are not those that the clerk saw.
    """
    old = _lock_old(reference, lines, items)
    made = return_locked(old, lines, reason=reason, restock=restock, staff_id=staff_id)
    new = _build_order(old, items, staff_id)
    register, stored = lock_register(register_id, staff_id), list(old.payments.order_by("id"))
    pair, refunds = _settle_old(old, stored, made, new, seen, register, staff_id)
    allow_cash_refunds(refunds, stored, staff_id=staff_id, confirmed_by_id=confirmed_by_id)
    payments = _store(old, new, pair, refunds, tenders, register, staff_id)
    _write_papers(old, made, new, payments, register, staff_id)
    return new


def _lock_old(reference: str, lines: Sequence[tuple[int, int]], items: Sequence[Item]) -> Order:
    """Locks the old order, and the products of both in one statement, sorted, so that nothing deadlocks."""
    order = lock_order(reference)
    order.balance = compute_balance(order)
    ids = [line_id for line_id, _ in lines]
    back = order.lines.filter(pk__in=ids).order_by().values_list("product_id", flat=True)
    lock_products({*back, *(item.product_id for item in items)})
    return order


def _build_order(old: Order, items: Sequence[Item], staff_id: int | None) -> Order:
    """Returns the new order with its lines, sold at today's prices. Stores nothing. Raises OutOfStock."""
    new = Order(customer_id=old.customer_id, created_by_id=staff_id, **make_stamp(staff_id))
    lines = new.line_list = build_new_lines(new, items)
    if shortages := find_shortages((line.product, line.quantity) for line in lines):
        raise OutOfStock(shortages)
    set_sale_figures(new, lines)
    return new


def _settle_old(
    old: Order,
    stored: Sequence[Payment],
    made: Return,
    new: Order,
    seen: SeenExchange | None,
    register: Register,
    staff_id: int | None,
) -> tuple[list[Payment], list[Payment]]:
    """Returns the two exchange entries and the refunds, and changes both orders in memory. Stores nothing.

    `stored` are all payments of the old order. Raises ExchangeChanged when the figures are not those that the
    clerk saw.
    """
    total = compute_balance(new)
    deal = settle_exchange(get_balance(old).refund_due, total)
    pair = _build_pair(old, new, deal.moved, register, staff_id)
    refunds = _build_refunds(old, stored, register, staff_id)
    now = SeenExchange(made.gross, total, deal.to_pay, deal.refund, list_given(refunds))
    if seen is not None and seen != now:
        raise ExchangeChanged(seen.to_pay - seen.refund, now.to_pay - now.refund)
    return pair, refunds


def _store(
    old: Order,
    new: Order,
    pair: Sequence[Payment],
    refunds: Sequence[Payment],
    tenders: Sequence[Tender],
    register: Register,
    staff_id: int | None,
) -> list[Payment]:
    """Stores the new order and the payments of both. Returns those of the new one."""
    paid = take_tenders(new, tenders, register, staff_id)
    store_placed(new, new.line_list, staff_id)
    OrderLine.objects.bulk_create(new.line_list)
    _store_pair(pair)
    Payment.objects.bulk_create([*refunds, *paid])
    store_account(old, staff_id)
    return [*pair[1:], *paid]


def _build_pair(
    old: Order, new: Order, amount: Decimal, register: Register, staff_id: int | None
) -> list[Payment]:
    """Returns the two entries that move `amount` from the old order to the new one; none for zero."""
    if not amount:
        return []
    amounts = ((old, -amount), (new, amount))
    return [build_entry(order, "exchange", without_cash(part), register, staff_id) for order, part in amounts]


def _build_refunds(
    old: Order, payments: Sequence[Payment], register: Register | None, staff_id: int | None
) -> list[Payment]:
    """Returns the refunds of what the old order's customer still gets (R9)."""
    by_id = {payment.pk: payment for payment in payments}
    return [
        build_refund(
            old,
            proposed.amount,
            proposed.method,
            source=by_id[proposed.payment_id] if proposed.payment_id else None,
            payments=payments,
            register=register,
            staff_id=staff_id,
        )
        for proposed in propose(old, payments)
    ]


def _store_pair(pair: Sequence[Payment]) -> None:
    """Stores both entries; each names the other."""
    if pair:
        out, into = pair
        out.save(force_insert=True)
        into.pair = out
        into.save(force_insert=True)
        out.pair = into
        out.save(update_fields=["pair"])


def _write_papers(
    old: Order,
    made: Return,
    new: Order,
    payments: Sequence[Payment],
    register: Register,
    staff_id: int | None,
) -> None:
    """Issues the credit note, where the old order has a receipt or an invoice, and the new one's receipt."""
    corrected = find_corrected(old)
    if corrected is not None:
        write_credit_note(old, made, list(made.lines.all()), corrected, register, staff_id)
    issue_receipt(new, new.line_list, payments, register, staff_id)

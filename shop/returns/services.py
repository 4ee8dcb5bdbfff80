"""Every write of returns: goods that come back, prices that are lowered, orders that are cancelled.

What was sold is never changed. A return is an entry of its own, dated today, and lowers what is owed.
"""

from collections import Counter
from collections.abc import Container, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.utils import timezone

from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.money.amounts import format_amount
from shop.money.returning import Part
from shop.orders.errors import WrongState
from shop.orders.models import Order, OrderEvent
from shop.orders.services.locking import lock_order, lock_order_of_line
from shop.products import stock
from shop.returns.errors import ReasonMissing, ReturnChanged
from shop.returns.figures import (
    LinePart,
    SoldLine,
    build_sold_lines,
    compute_balance_after,
    count_units,
    sum_parts,
    take_everything,
    take_units,
)
from shop.returns.models import Return, ReturnLine
from shop.staff.changes import STAMP_FIELDS, stamp_change

Kind, Status = Return.Kind, Order.Status
#: The reason of a return for which the client of the API sent none.
NOT_GIVEN = "not given"
#: The reason of the return of a cancelled order, if the clerk gave none.
CANCELLED = "cancelled"


@retried_transaction(once=Return.objects.with_order)
def return_goods(
    *,
    reference: str | int,
    lines: Sequence[tuple[int, int]],
    reason: str,
    restock: bool,
    staff_id: int | None,
    once: Once | None,
    seen_gross: Decimal | None = None,
) -> Return:
    """Takes back units of an order's lines, given as pairs of a line's id and a quantity.

    Programs name the order by its id; a draft is then not found. Statements do not grow with the lines.
    Raises NotFound, WrongState, ReasonMissing, NothingToReturn, InvalidQuantity, UnknownLines,
    MoreThanBought, KeyReused; ReturnChanged when it comes to another amount than `seen_gross`, which the
    clerk saw (None: nobody saw one).
    """
    if isinstance(reference, int):
        order = lock_or_raise(Order, reference, Order.objects.placed())
    else:
        order = lock_order(reference)
    return return_locked(
        order, lines, reason=reason, restock=restock, staff_id=staff_id, seen_gross=seen_gross
    )


def return_locked(
    order: Order,
    lines: Sequence[tuple[int, int]],
    *,
    reason: str,
    restock: bool,
    staff_id: int | None,
    seen_gross: Decimal | None = None,
) -> Return:
    """Takes back units of an order that the caller has locked; raises what `return_goods` raises."""
    units = count_units(lines)
    raise_if_not_returnable(order)
    parts = take_units(read_sold_lines(order), units)
    _raise_if_changed(order, parts, seen_gross)
    made = _store_return(order, Kind.GOODS, parts, reason=reason, restock=restock, staff_id=staff_id)
    units_back = sum_parts(parts).quantity
    _store_order(order, OrderEvent.Kind.RETURNED, made, staff_id, units=units_back, reason=made.reason)
    return made


@retried_transaction(once=Return.objects.with_order)
def grant_allowance(
    *,
    line_id: int,
    amount: Decimal,
    reason: str,
    staff_id: int | None,
    once: Once | None,
    seen_left: Decimal | None = None,
) -> Return:
    """Lowers by `amount`, tax included, what was paid for the units of a line that the customer keeps.

    Raises NotFound, WrongState, ReasonMissing, MoreThanLeft, ZeroAmount, NegativeAmount, NotWholeUnits,
    KeyReused; ReturnChanged when another amount is left of the line than `seen_left`, which the clerk saw.
    """
    order = lock_order_of_line(line_id)
    raise_if_not_returnable(order)
    sold = read_sold_lines(order)[line_id]
    if seen_left is not None and sold.left.gross_left != seen_left:
        raise ReturnChanged(order.reference, seen_left, sold.left.gross_left)
    parts = [sold.take_amount(amount)]
    made = _store_return(order, Kind.ALLOWANCE, parts, reason=reason, restock=False, staff_id=staff_id)
    line = sold.line
    _store_order(order, OrderEvent.Kind.ALLOWANCE, made, staff_id, line=line.name, reason=made.reason)
    return made


@retried_transaction
def cancel_order(*, reference: str, reason: str = "", staff_id: int | None, allow_fulfilled: bool) -> Order:
    """Cancels an order: takes back all that is left of it, and returns to stock what it took.

    Returns a cancelled order as it is. Raises NotFound; WrongState for a draft, and for a fulfilled order
    without `allow_fulfilled`.
    """
    order = lock_order(reference)
    if order.status == Status.CANCELLED:
        return order
    if why := find_reason_not_to_cancel(order, allow_fulfilled=allow_fulfilled):
        raise why
    parts = take_everything(read_sold_lines(order))
    made = None
    if parts:
        made = _store_return(
            order, Kind.CANCELLATION, parts, reason=reason or CANCELLED, restock=True, staff_id=staff_id
        )
    order.status, order.cancelled_at = Status.CANCELLED, timezone.now()
    _store_order(order, OrderEvent.Kind.CANCELLED, made, staff_id, **({"reason": reason} if reason else {}))
    return order


def find_reason_not_to_cancel(order: Order, *, allow_fulfilled: bool) -> WrongState | None:
    """Returns the error that cancelling this order would raise, or None."""
    if order.status == Status.DRAFT or (order.status == Status.FULFILLED and not allow_fulfilled):
        return WrongState(order.reference, order.status, "cancel")
    return None


def raise_if_not_returnable(order: Order) -> None:
    """Raises WrongState for a draft and for a cancelled order."""
    if not order.is_sold:
        raise WrongState(order.reference, order.status, "return")


def read_sold_lines(order: Order) -> dict[int, SoldLine]:
    """Reads the lines of an order by id, with what is left of them, in two statements."""
    return build_sold_lines(order.lines.all(), ReturnLine.objects.of_order(order))


def _raise_if_changed(order: Order, parts: Sequence[LinePart], seen_gross: Decimal | None) -> None:
    now = sum_parts(parts).gross
    if seen_gross is not None and seen_gross != now:
        raise ReturnChanged(order.reference, seen_gross, now)


def _store_return(
    order: Order,
    kind: Return.Kind,
    parts: Sequence[LinePart],
    *,
    reason: str,
    restock: bool,
    staff_id: int | None,
) -> Return:
    """Stores a return with its lines, and puts units back into stock. Changes `order` only in memory."""
    if not reason.strip():
        raise ReasonMissing
    # Stock first: a new line takes a shared lock on its product (see `place_new_order`).
    put_back = _return_stock(order, parts, staff_id) if restock else set()
    whole = sum_parts(parts)
    made = Return.objects.create(
        order=order,
        kind=kind,
        reason=reason.strip(),
        business_day=timezone.localdate(),
        author_id=staff_id,
        **_write_money(whole),
    )
    rows = [_build_line(made, row, put_back) for row in parts]
    # By product, as sales lock them, so that the shared locks of the lines cannot deadlock with a sale's.
    ReturnLine.objects.bulk_create(sorted(rows, key=attrgetter("product_id")))
    order.balance = compute_balance_after(order, made.gross)
    order.returned += made.gross
    return made


def _write_money(part: Part) -> dict[str, Decimal]:
    return {"gross": part.gross, "net": part.net, "tax": part.tax}


def _return_stock(order: Order, parts: Sequence[LinePart], staff_id: int | None) -> set[int]:
    """Puts units back into stock, and returns the ids of their products."""
    units = Counter[int]()
    for row in parts:
        units[row.line.product_id] += row.part.quantity
    return stock.return_stock(units, order=order, staff_id=staff_id)


def _build_line(made: Return, row: LinePart, put_back: Container[int]) -> ReturnLine:
    line, part = row.line, row.part
    return ReturnLine(
        of_return=made,
        line=line,
        product_id=line.product_id,
        position=line.position,
        name=line.name,
        quantity=part.quantity,
        **_write_money(part),
        tax_code=line.tax_code,
        tax_percent=line.tax_percent,
        restock=line.product_id in put_back,
    )


def _store_order(
    order: Order, event: OrderEvent.Kind, made: Return | None, staff_id: int | None, **parameters: Any
) -> None:
    """Stores the columns of an order that a return changed, and an event with the amount."""
    if made:
        parameters |= {"gross": format_amount(made.gross)}
    stamp_change(order, staff_id)
    order.save(update_fields=["status", "cancelled_at", "returned", "balance", *STAMP_FIELDS])
    OrderEvent.objects.create(order=order, kind=event, author_id=staff_id, parameters=parameters)

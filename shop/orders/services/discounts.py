"""Discounts on drafts: on a line, and on the whole order. Setting the same one twice changes nothing."""

from decimal import Decimal

from shop.db.rows import get_or_raise
from shop.db.transactions import retried_transaction
from shop.money.amounts import format_amount, format_percent
from shop.money.limits import compute_percent_taken
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.errors import DiscountChanged, LineRemoved, OrderDifference, ReasonMissing
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.pricing import price_draft, read_discount, set_discount
from shop.orders.services.discount_limits import check_given, list_reduced
from shop.orders.services.drafts import lock_draft, save_change
from shop.staff.changes import get_last_change, is_own_change
from shop.staff.limits import read_discount_limit
from shop.staff.models import User

FIELDS = ("discount", "discount_percent", "discount_reason")


@retried_transaction
def set_line_discount(
    *,
    reference: str,
    line_id: int,
    discount: Discount,
    reason: str,
    seen: Discount,
    confirmed_by_id: int | None = None,
    staff_id: int | None,
) -> Order:
    """Sets the own discount of a line; NO_DISCOUNT takes it away.

    Raises NotFound, WrongState, ReasonMissing, DiscountTooLarge; DiscountAboveLimit when neither this member
    of staff nor who confirmed it may give it; DiscountChanged when it is no longer `seen`.
    """
    order = lock_draft(reference)
    line = next((line for line in order.line_list if line.pk == line_id), None)
    if line is None:
        raise LineRemoved("order line")
    if _is_set(line, discount, reason) and confirmed_by_id is None:
        return order
    _change(order, line, discount, reason, seen, staff_id)
    _note_discount(order, line, confirmed_by_id, staff_id)
    line.save(update_fields=FIELDS)
    return save_change(order, staff_id)


@retried_transaction
def set_order_discount(
    *,
    reference: str,
    discount: Discount,
    reason: str,
    seen: Discount,
    confirmed_by_id: int | None = None,
    staff_id: int | None,
) -> Order:
    """Sets the order's own discount; NO_DISCOUNT takes it away. Raises what set_line_discount raises."""
    order = lock_draft(reference)
    if _is_set(order, discount, reason) and confirmed_by_id is None:
        return order
    _change(order, order, discount, reason, seen, staff_id)
    _note_discount(order, None, confirmed_by_id, staff_id)
    return save_change(order, staff_id, *FIELDS)


def _is_set(row: Order | OrderLine, discount: Discount, reason: str) -> bool:
    return read_discount(row) == discount and (discount == NO_DISCOUNT or row.discount_reason == reason)


def _change(
    order: Order,
    row: Order | OrderLine,
    discount: Discount,
    reason: str,
    seen: Discount,
    staff_id: int | None,
) -> None:
    """Sets the discount of a locked draft or of its line. Stores nothing.

    Raises ReasonMissing, DiscountChanged.
    """
    if discount != NO_DISCOUNT and not reason:
        raise ReasonMissing
    present = read_discount(row)
    if present not in (seen, discount):
        was, now, mine = (format_discount(given) or "none" for given in (seen, present, discount))
        difference = OrderDifference("discount", was, now, mine, change=get_last_change(order))
        raise DiscountChanged([difference], present, is_own_change(order, staff_id))
    set_discount(row, discount, reason)


def _note_discount(
    order: Order, line: OrderLine | None, confirmed_by_id: int | None, staff_id: int | None
) -> None:
    """Stores the event of a discount of a draft, or of its line.

    Raises DiscountAboveLimit when who gives or confirms it may not; DiscountTooLarge, NoTaxRate,
    TotalTooLarge when the draft cannot be priced with it.
    """
    reduced = list_reduced(order.line_list, price_draft(order))
    row, allows = line or order, Decimal(0)
    if read_discount(row) != NO_DISCOUNT:
        limit = read_discount_limit(confirmed_by_id or staff_id)
        check_given(order, reduced, row, limit)
        # A limit allows an amount that is rounded up to a cent, but not the larger percentage that this is.
        allows = min(compute_percent_taken(reduced), limit)
    confirmed_by = get_or_raise(User, confirmed_by_id).get_username() if confirmed_by_id else ""
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.DISCOUNTED,
        author_id=staff_id,
        parameters={
            "line": line.name if line else "",
            "discount": format_discount(read_discount(row)),
            "reason": row.discount_reason,
            "up_to": format_percent(allows),
            "confirmed_by": confirmed_by,
        },
    )


def format_discount(discount: Discount) -> str:
    """Returns a discount as it is typed: "10%", "2.50", or an empty text for none."""
    if discount.percent is not None:
        return f"{format_percent(discount.percent)}%"
    return format_amount(discount.amount) if discount.amount else ""

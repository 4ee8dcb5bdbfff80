"""Places drafts. One serializable transaction reads price, stock and status again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.utils import timezone

from shop.db.rows import update_rows
from shop.db.transactions import retried_transaction
from shop.money.amounts import format_amount
from shop.orders.errors import NoLines, OrderChanged, OrderDifference, WrongState
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.pricing import (
    FIGURES_OF_LINE,
    FIGURES_OF_ORDER,
    clip_discount,
    has_discount,
    price_draft,
    read_discount,
    set_sale_figures,
)
from shop.orders.services.discount_limits import check_limit
from shop.orders.services.draft_conflicts import find_customer_names
from shop.orders.services.drafts import lock_draft
from shop.orders.services.locking import lock_order
from shop.products.stock import Reason, find_last_moves, find_shortages, move_stock
from shop.staff.changes import STAMP_FIELDS, get_last_change, stamp_change

#: The columns of a draft that placing writes.
PLACING_FIELDS = (
    *FIGURES_OF_ORDER,
    "status",
    "paid",
    "prices_include_tax",
    "currency",
    "business_day",
    "dated_at",
    "placed_at",
    "placed_by",
    "parked_at",
    "additions",
    *STAMP_FIELDS,
)
#: The columns of its lines that placing writes.
SOLD_FIELDS = (*FIGURES_OF_LINE, "name", "tax_code", "tax_percent", "unit_cost")


@dataclass(frozen=True)
class SeenLine:
    """A line as the clerk saw it."""

    line_id: int
    quantity: int
    unit_price: Decimal
    #: Only for messages: another name does not count as a difference.
    name: str = field(compare=False)


@dataclass(frozen=True)
class SeenOrder:
    """An order as the review page showed it to the clerk. `total` is after discounts, with tax."""

    customer_id: int | None
    lines: tuple[SeenLine, ...]
    total: Decimal

    @classmethod
    def from_rows(cls, order: Order, lines: Sequence[OrderLine]) -> "SeenOrder":
        """Returns what a page with these rows shows."""
        seen = tuple(SeenLine(line.pk, line.quantity, line.unit_price, line.name) for line in lines)
        return cls(order.customer_id, seen, price_draft(order, lines).total)


@retried_transaction
def place_order(*, reference: str, seen: SeenOrder, staff_id: int | None) -> Order:
    """Places a draft that is still as the clerk saw it. Returns a placed order as it is.

    The number of statements does not grow with the lines. Raises NotFound, WrongState, NoLines;
    OrderChanged, with every difference, when price, stock, lines, customer or total have changed;
    DiscountAboveLimit when neither this member of staff nor a manager's confirmation allows the discounts.
    """
    order = lock_order(reference)
    if order.status not in (Order.Status.PLACED, Order.Status.FULFILLED):
        check_and_price_draft(order, seen, staff_id)
        store_checked_draft(order, staff_id)
    return order


def store_checked_draft(order: Order, staff_id: int | None) -> None:
    """Stores as placed a draft that `check_and_price_draft` has checked, with its lines, stock and event."""
    stamp_change(order, staff_id)
    store_placed(order, order.line_list, staff_id)
    update_rows(order.line_list, SOLD_FIELDS)


def check_and_price_draft(order: Order, seen: SeenOrder, staff_id: int | None) -> None:
    """Checks a locked draft against what the clerk saw, and sets what it is sold for. Stores nothing."""
    if order.status != Order.Status.DRAFT:
        raise WrongState(order.reference, order.status, "place")
    lines = order.line_list = _lock_lines(order)
    if not lines:
        raise NoLines
    if differences := [*_find_changes(seen, order, lines), *find_problems(lines)]:
        raise OrderChanged(differences)
    for line in lines:
        # A line keeps the product's name at the time of sale.
        line.name = line.product.name
    set_sale_figures(order, lines)
    if has_discount(lines):
        check_limit(order, lines, staff_id)


def store_placed(order: Order, lines: Iterable[OrderLine], staff_id: int | None) -> None:
    """Marks an order as placed and stores it, takes its lines from stock and stores the event.

    The caller has locked the products of the lines and has found no problem with them.
    """
    order.status = Order.Status.PLACED
    order.placed_at = order.dated_at = timezone.now()
    order.placed_by_id = staff_id
    order.parked_at, order.additions = None, []
    if order._state.adding:
        order.save(force_insert=True)
    else:
        order.save(update_fields=PLACING_FIELDS)
    changes = Counter[int]()
    for line in lines:
        if line.product.stock is not None:
            changes[line.product_id] -= line.quantity
    move_stock(changes, Reason.SOLD, order, staff_id)
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.PLACED,
        author_id=staff_id,
        parameters={"subtotal": format_amount(order.subtotal)},
    )


def _lock_lines(order: Order) -> list[OrderLine]:
    """Reads the lines of a locked order with their products, and locks the products whose stock is tracked.

    See `stock.lock_products` for the reason.
    """
    lines = order.lines.with_products()
    tracked = lines.filter(product__stock__isnull=False).order_by("product_id")
    untracked = lines.filter(product__stock=None)
    return sorted([*tracked.select_for_update(of=("product",)), *untracked], key=attrgetter("position", "pk"))


@retried_transaction
def accept_changes(*, reference: str, seen: SeenOrder, offered: SeenOrder, staff_id: int | None) -> Order:
    """Changes a draft so that it can be placed: today's prices, at most what is in stock, nothing retired.

    `seen` is the draft as the clerk saw it, and `offered` is the draft that the page promised for
    accepting. Accepting twice changes nothing more. Raises NotFound, WrongState; OrderChanged, with
    every difference, when accepting would give something other than `offered` now.
    """
    order = lock_draft(reference)
    lines = order.line_list
    accepted = build_accepted_lines(lines)
    if offered != SeenOrder.from_rows(order, accepted):
        differences = [*_find_changes(seen, order, lines), *find_problems(lines)]
        if differences:
            raise OrderChanged(differences)
    if _list_line_values(accepted) == _list_line_values(lines):
        return order
    order.lines.exclude(pk__in=[line.pk for line in accepted]).delete()
    update_rows(accepted, ["quantity", "unit_price", "name", "discount"])
    order.line_list = accepted
    order.subtotal, order.parked_at = price_draft(order).subtotal, None
    stamp_change(order, staff_id)
    order.save(update_fields=["subtotal", "parked_at", *STAMP_FIELDS])
    return order


def build_accepted_lines(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Returns copies of these lines (products loaded) as accepting would change them. Stores nothing."""
    accepted: list[OrderLine] = []
    left: dict[int, int] = {}
    for line in map(copy, lines):
        product = line.product
        if product.stock is not None:
            line.quantity = min(line.quantity, left.get(product.pk, product.stock))
        if not product.active or not line.quantity:
            continue
        if product.stock is not None:
            left[product.pk] = left.get(product.pk, product.stock) - line.quantity
        line.unit_price, line.name = product.unit_price, product.name
        clip_discount(line)
        accepted.append(line)
    return accepted


def _list_line_values(lines: Iterable[OrderLine]) -> list[tuple[Any, ...]]:
    return [(line.pk, line.quantity, line.unit_price, line.name, read_discount(line)) for line in lines]


def find_problems(lines: Sequence[OrderLine]) -> list[OrderDifference]:
    """Returns what prevents placing these lines (products loaded): prices, stock, retired products."""
    shortages = find_shortages((line.product, line.quantity) for line in lines)
    short = {shortage.product: shortage for shortage in shortages}
    moves = find_last_moves(short) if short else {}
    problems = []
    for line in lines:
        product, name = line.product, line.name
        if not product.active:
            change = get_last_change(product)
            problems.append(OrderDifference("active", was=True, now=False, name=name, change=change))
        if product.unit_price != line.unit_price:
            prices = line.unit_price, product.unit_price
            problems.append(
                OrderDifference("unit_price", *prices, name=name, change=get_last_change(product))
            )
        if product.pk in short:
            numbers = short[product.pk].wanted, short[product.pk].left
            change = moves.get(product.pk, get_last_change(product))
            problems.append(OrderDifference("stock", *numbers, name=name, change=change))
    return problems


def _find_changes(seen: SeenOrder, order: Order, lines: Sequence[OrderLine]) -> list[OrderDifference]:
    """Returns what somebody else changed in the draft after the clerk saw it."""
    changes = []
    if seen.customer_id != order.customer_id:
        saw_customer, customer = find_customer_names(seen.customer_id, order.customer_id)
        changes.append(OrderDifference("customer", saw_customer, customer, change=get_last_change(order)))
    before = {line.line_id: line for line in seen.lines}
    for line in lines:
        saw = before.pop(line.pk, None)
        if saw is None:
            now = line.quantity
            changes.append(OrderDifference("line", 0, now, name=line.name, change=get_last_change(order)))
            continue
        for term in ("quantity", "unit_price"):
            was, now = getattr(saw, term), getattr(line, term)
            if was != now:
                changes.append(OrderDifference(term, was, now, name=line.name, change=get_last_change(order)))
    changes += [
        OrderDifference("line", line.quantity, 0, name=line.name, change=get_last_change(order))
        for line in before.values()
    ]
    if not changes and seen.total != (total := price_draft(order, lines).total):
        # The same lines at the same prices: a discount or a tax rate is another one.
        changes.append(OrderDifference("total", seen.total, total, change=get_last_change(order)))
    return changes

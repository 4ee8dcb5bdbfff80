"""Placing: one serializable step that re-reads price, stock and status."""

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter

from django.utils import timezone

from shop.db.errors import Difference
from shop.db.transactions import retried_transaction
from shop.money.amounts import format_money, sum_of
from shop.orders.errors import OrderChanged, OrderError
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.services.draft_conflicts import customer_names
from shop.orders.services.drafts import locked_draft
from shop.orders.services.locking import locked_order
from shop.products.stock import take_stock
from shop.staff.changes import SIGNED, last_change, sign


@dataclass(frozen=True)
class SeenLine:
    """A line as the clerk saw it."""

    line_id: int
    quantity: int
    unit_price: Decimal
    #: What it was called; no part of what is agreed on.
    name: str = field(compare=False)


@dataclass(frozen=True)
class Seen:
    """An order as the clerk saw it when asking to place it."""

    customer_id: int | None
    lines: tuple[SeenLine, ...]

    @classmethod
    def of(cls, order: Order, lines: Iterable[OrderLine]) -> "Seen":
        """What a page that shows these rows shows."""
        seen = tuple(SeenLine(line.pk, line.quantity, line.unit_price, line.name) for line in lines)
        return cls(order.customer_id, seen)


@retried_transaction
def place_order(*, reference: str, seen: Seen, staff_id: int | None) -> Order:
    """Places a draft that still is what the clerk saw; a placed order answers with itself.

    The number of statements does not grow with the lines. Raises NotFound, OrderError;
    OrderChanged, with every difference, when price, stock, lines or customer are others now.
    """
    order = locked_order(reference)
    if order.status in (Order.Status.PLACED, Order.Status.FULFILLED):
        return order
    if not order.is_draft:
        raise OrderError(f"{order.reference} is {order.status} and cannot be placed.")
    lines = order.line_list = _lock_lines(order)
    if not lines:
        raise OrderError("An order needs at least one line before it can be placed.")
    differences = [*_changes_since(seen, order, lines), *problems(lines)]
    if differences:
        raise OrderChanged(differences)
    _fix_names(lines)
    mark_placed(order, lines, staff_id)
    sign(order, staff_id)
    order.save(
        update_fields=["status", "subtotal", "dated_at", "placed_at", "placed_by", "parked_at", *SIGNED]
    )
    finish_placing(order, lines, staff_id)
    return order


def _lock_lines(order: Order) -> list[OrderLine]:
    """Reads the lines of a locked order with their products; those whose stock is counted stay locked.

    See `stock.lock_products`.
    """
    lines = order.lines.select_related("product")
    tracked = lines.filter(product__stock__isnull=False).order_by("product_id")
    untracked = lines.filter(product__stock=None)
    return sorted([*tracked.select_for_update(of=("product",)), *untracked], key=attrgetter("position", "pk"))


@retried_transaction
def accept_changes(*, reference: str, seen: Seen, offered: Seen, staff_id: int | None) -> Order:
    """Makes a draft placeable: today's prices, at most what is in stock, nothing retired.

    `offered` is what the clerk, to whom the order looked like `seen`, was told that this would make of
    it. Accepting again changes nothing more. Raises NotFound, OrderError; OrderChanged, with every
    difference, when something else would come of it by now.
    """
    order = locked_draft(reference)
    lines = order.line_list
    outcome = as_of_now(lines)
    if offered != Seen.of(order, outcome):
        differences = [*_changes_since(seen, order, lines), *problems(lines)]
        if differences:
            raise OrderChanged(differences)
    if _terms(outcome) == _terms(lines):
        return order
    order.lines.exclude(pk__in=[line.pk for line in outcome]).delete()
    OrderLine.objects.bulk_update(outcome, ["quantity", "unit_price", "name"])
    order.line_list = outcome
    order.subtotal, order.parked_at = sum_of(outcome), None
    sign(order, staff_id)
    order.save(update_fields=["subtotal", "parked_at", *SIGNED])
    return order


def as_of_now(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Copies of these lines (products loaded) as accepting would leave them; stores nothing."""
    kept: list[OrderLine] = []
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
        kept.append(line)
    return kept


def _terms(lines: Iterable[OrderLine]) -> list[tuple[int, int, Decimal, str]]:
    return [(line.pk, line.quantity, line.unit_price, line.name) for line in lines]


def problems(lines: Sequence[OrderLine]) -> list[Difference]:
    """What stands in the way of placing these lines (products loaded): prices, stock, retirement."""
    wanted = Counter[int]()
    for line in lines:
        wanted[line.product_id] += line.quantity
    found = []
    for line in lines:
        product, name = line.product, line.name
        change = last_change(product)
        if not product.active:
            found.append(Difference(name, "on sale", "retired", change=change))
        if product.unit_price != line.unit_price:
            was, now = format_money(line.unit_price), format_money(product.unit_price)
            found.append(Difference(f"{name}, unit price", was, now, change=change))
        if product.stock is not None and product.stock < wanted[product.pk]:
            was = f"{wanted[product.pk]} wanted"
            left = f"only {product.stock} left" if product.stock else "sold out"
            found.append(Difference(f"{name}, stock", was, left, change=change, stock_of=product.pk))
    return found


def _changes_since(seen: Seen, order: Order, lines: Sequence[OrderLine]) -> list[Difference]:
    """What somebody else changed in the draft after the clerk saw it."""
    found = []
    change = last_change(order)
    if seen.customer_id != order.customer_id:
        [was] = customer_names(seen.customer_id)
        found.append(Difference("Customer", was, order.who, change=change))
    before = {line.line_id: line for line in seen.lines}
    for line in lines:
        saw = before.pop(line.pk, None)
        if saw is None:
            found.append(Difference(line.name, "not on the order", str(line.quantity), change=change))
            continue
        if saw.quantity != line.quantity:
            numbers = str(saw.quantity), str(line.quantity)
            found.append(Difference(f"{line.name}, quantity", *numbers, change=change))
        if saw.unit_price != line.unit_price:
            prices = format_money(saw.unit_price), format_money(line.unit_price)
            found.append(Difference(f"{line.name}, unit price", *prices, change=change))
    gone = before.values()
    return found + [Difference(line.name, str(line.quantity), "removed", change=change) for line in gone]


def mark_placed(order: Order, lines: Iterable[OrderLine], staff_id: int | None) -> None:
    """Sets what makes an order placed; stores nothing."""
    order.status = Order.Status.PLACED
    order.subtotal = sum_of(lines)
    order.placed_at = order.dated_at = timezone.now()
    order.placed_by_id = staff_id
    order.parked_at = None


def finish_placing(order: Order, lines: Iterable[OrderLine], staff_id: int | None) -> None:
    """Takes the stock and writes the event of an order that was just stored as placed."""
    wanted = Counter[int]()
    for line in lines:
        if line.product.tracked:
            wanted[line.product_id] += line.quantity
    take_stock(wanted, order=order, staff_id=staff_id)
    OrderEvent.objects.create(
        order=order, kind=OrderEvent.Kind.PLACED, author_id=staff_id, detail=format_money(order.subtotal)
    )


def _fix_names(lines: Iterable[OrderLine]) -> None:
    """A line keeps the product's name at the time of sale."""
    renamed = [line for line in lines if line.name != line.product.name]
    for line in renamed:
        line.name = line.product.name
    if renamed:
        OrderLine.objects.bulk_update(renamed, ["name"])

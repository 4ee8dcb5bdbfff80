"""Placing: one serializable step that re-reads price, stock and status."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from shop.errors import Difference, OrderChanged, OrderError
from shop.models import Order, OrderEvent, OrderLine
from shop.money import format_money
from shop.services.amounts import sum_of
from shop.services.drafts import locked_draft
from shop.services.rows import locked_order
from shop.services.stock import take_stock
from shop.transactions import retried_transaction


@dataclass(frozen=True)
class SeenLine:
    """A line as the clerk saw it."""

    line_id: int
    quantity: int
    unit_price: Decimal
    name: str


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
    lines = order.line_list
    if not lines:
        raise OrderError("An order needs at least one line before it can be placed.")
    differences = [*_changes_since(seen, order, lines), *problems(lines)]
    if differences:
        raise OrderChanged(differences)
    _fix_names(lines)
    mark_placed(order, lines, staff_id)
    order.version += 1
    order.save(
        update_fields=["status", "subtotal", "dated_at", "placed_at", "placed_by", "parked_at", "version"]
    )
    finish_placing(order, lines, staff_id)
    return order


@retried_transaction
def accept_changes(*, reference: str) -> Order:
    """Makes a draft placeable: today's prices, at most what is in stock, nothing retired.

    Raises NotFound, OrderError.
    """
    order = locked_draft(reference)
    kept: list[OrderLine] = []
    left: dict[int, int] = {}
    for line in order.line_list:
        product = line.product
        available = line.quantity
        if product.stock is not None:
            available = min(available, left.get(product.pk, product.stock))
        line.quantity = available if product.active else 0
        if product.stock is not None:
            left[product.pk] = left.get(product.pk, product.stock) - line.quantity
        line.unit_price, line.name = product.unit_price, product.name
        if line.quantity:
            kept.append(line)
    order.lines.exclude(pk__in=[line.pk for line in kept]).delete()
    OrderLine.objects.bulk_update(kept, ["quantity", "unit_price", "name"])
    order.subtotal, order.parked_at = sum_of(kept), None
    order.version += 1
    order.save(update_fields=["subtotal", "parked_at", "version"])
    return order


def problems(lines: Sequence[OrderLine]) -> list[Difference]:
    """What stands in the way of placing these lines (products loaded): prices, stock, retirement."""
    wanted = Counter[int]()
    for line in lines:
        wanted[line.product_id] += line.quantity
    found = []
    for line in lines:
        product = line.product
        if not product.active:
            found.append(Difference(line.name, "on sale", "retired"))
        if product.unit_price != line.unit_price:
            was, now = format_money(line.unit_price), format_money(product.unit_price)
            found.append(Difference(f"{line.name}, unit price", was, now))
        if product.stock is not None and product.stock < wanted[product.pk]:
            left = f"only {product.stock} left" if product.stock else "sold out"
            found.append(Difference(f"{line.name}, stock", f"{wanted[product.pk]} wanted", left))
    return found


def _changes_since(seen: Seen, order: Order, lines: Sequence[OrderLine]) -> list[Difference]:
    """What somebody else changed in the draft after the clerk saw it."""
    found = []
    if seen.customer_id != order.customer_id:
        found.append(Difference("Customer", "another one" if seen.customer_id else "Walk-in", order.who))
    before = {line.line_id: line for line in seen.lines}
    for line in lines:
        was = before.pop(line.pk, None)
        if was is None:
            found.append(Difference(line.name, "not on the order", str(line.quantity)))
        elif was.quantity != line.quantity:
            found.append(Difference(f"{line.name}, quantity", str(was.quantity), str(line.quantity)))
        elif was.unit_price != line.unit_price:
            prices = format_money(was.unit_price), format_money(line.unit_price)
            found.append(Difference(f"{line.name}, unit price", *prices))
    found += [Difference(gone.name, str(gone.quantity), "removed") for gone in before.values()]
    return found


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

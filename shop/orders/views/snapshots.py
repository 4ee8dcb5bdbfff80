"""Snapshots of orders: the values that a page showed, which its forms send back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.db.ids import MAX_ID
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.money.pricing import Discount
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.placing import SeenLine, SeenOrder
from shop.web.snapshots import (
    LOAD_PAGE_ANEW,
    Snapshot,
    check_id_or_none,
    check_text,
    check_whole,
)

#: Letters of a line's name in a snapshot. The name is only shown if the line was removed.
MAX_NAME = 80


def make_line_key(reference: str, line_id: int) -> str:
    """Returns what identifies a line in its snapshot."""
    return f"{reference} {line_id}"


@dataclass(frozen=True)
class LineSnapshot:
    """A line's quantity (0 if it was removed) and its product."""

    quantity: int
    product_id: int


@dataclass(frozen=True)
class ReviewSnapshot:
    """The order that a review page shows, and the order that accepting is to give."""

    seen: SeenOrder
    offered: SeenOrder


def _decode_line(value: Any) -> LineSnapshot:
    quantity, product_id = value
    return LineSnapshot(check_whole(quantity, 0, MAX_QUANTITY), check_whole(product_id, 1, MAX_ID))


def _encode_order(seen: SeenOrder, longest_name: int) -> object:
    lines = [
        [line.line_id, line.quantity, str(line.unit_price), line.name[:longest_name]] for line in seen.lines
    ]
    return [seen.customer_id, lines, str(seen.total)]


def _decode_order(value: Any) -> SeenOrder:
    customer_id, rows, total = value
    if len(rows) > MAX_LINES:
        raise ValueError("more lines than an order has")
    lines = []
    for line_id, quantity, price, name in rows:
        check_whole(line_id, 1, MAX_ID)
        check_whole(quantity, 1, MAX_QUANTITY)
        lines.append(SeenLine(line_id, quantity, decode_amount(price), check_text(name)))
    if customer_id is not None:
        check_whole(customer_id, 1, MAX_ID)
    return SeenOrder(customer_id, tuple(lines), decode_amount(total))


def decode_amount(value: Any) -> Decimal:
    """Returns an amount of money that is not negative. Raises TypeError, ValueError, ArithmeticError."""
    amount = Decimal(check_text(value))
    if not 0 <= amount <= MAX_AMOUNT:
        raise ValueError("no amount")
    return amount


def _encode_discount(seen: Discount) -> object:
    return [None if value is None else str(value) for value in (seen.amount, seen.percent)]


def _decode_discount(value: Any) -> Discount:
    amount, percent = (None if text is None else decode_amount(text) for text in value)
    return Discount(amount, percent)


REVIEW_AGAIN = "Please review the order again before placing it."


#: A line's quantity at the desk; its row is `make_line_key`.
LINE = Snapshot[LineSnapshot](
    "line", LOAD_PAGE_ANEW, lambda seen: [seen.quantity, seen.product_id], _decode_line
)


#: The customer of a draft (None: a walk-in) at the desk.
CUSTOMER = Snapshot[int | None]("customer", LOAD_PAGE_ANEW, lambda seen: seen, check_id_or_none)


#: The note of a draft at the desk.
NOTE = Snapshot[str]("note", LOAD_PAGE_ANEW, lambda seen: seen, check_text)


#: The discount of a draft, or of its line (its row is `make_line_key`), at the desk.
DISCOUNT = Snapshot[Discount]("discount", LOAD_PAGE_ANEW, _encode_discount, _decode_discount)


#: The review of a draft, from which it is placed, or changes are accepted.
REVIEW = Snapshot[ReviewSnapshot](
    "review",
    REVIEW_AGAIN,
    lambda seen: [_encode_order(seen.seen, MAX_NAME), _encode_order(seen.offered, 0)],
    lambda value: ReviewSnapshot(*map(_decode_order, value)),
)

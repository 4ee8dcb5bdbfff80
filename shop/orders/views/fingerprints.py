"""Fingerprints of the parts of the desk, and the snapshots in its forms."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from shop.orders.models import Order, OrderLine
from shop.orders.views.snapshots import CUSTOMER, LINE, NOTE, LineSnapshot, make_line_key
from shop.staff.models import User


@dataclass(frozen=True)
class LineRow:
    """A line of a draft, the fingerprint of its row, and the user who sees it."""

    line: OrderLine
    fingerprint: str
    order: Order
    user: User

    @property
    def snapshot(self) -> str:
        line = self.line
        row = make_line_key(self.order.reference, line.pk)
        return LINE.write(self.user, row, LineSnapshot(line.quantity, line.product_id))


@dataclass(frozen=True)
class DeskFingerprints:
    """The fingerprints of a draft's parts, and its snapshots. A part has changed if its fingerprint has.

    `known` holds the fingerprints of rows that the page has already; these are not rendered again, and
    `hx-preserve` keeps them (bench/BEFORE_AFTER.md, "(b) marks of the rows that a page has").
    """

    order: Order
    user: User
    known: frozenset[str] = frozenset()

    @property
    def customer(self) -> str:
        customer = self.order.customer
        return _make_fingerprint(customer and (customer.pk, customer.name, customer.phone))

    @property
    def note(self) -> str:
        return _make_fingerprint(self.order.note)

    @property
    def lines(self) -> str:
        return _make_fingerprint([row.fingerprint for row in self.rows])

    @property
    def customer_snapshot(self) -> str:
        return CUSTOMER.write(self.user, self.order.reference, self.order.customer_id)

    @property
    def note_snapshot(self) -> str:
        return NOTE.write(self.user, self.order.reference, self.order.note)

    @cached_property
    def rows(self) -> list[LineRow]:
        return [
            LineRow(line, _make_line_fingerprint(line), self.order, self.user)
            for line in self.order.line_list
        ]


def _make_line_fingerprint(line: OrderLine) -> str:
    return _make_fingerprint(
        (line.pk, line.name, line.product.sku, line.quantity, line.unit_price, line.insufficient_stock)
    )


def _make_fingerprint(shown: object) -> str:
    return hashlib.blake2s(repr(shown).encode(), digest_size=6).hexdigest()

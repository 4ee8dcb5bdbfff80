"""What the desk shows of a draft: its figures, and the fingerprints and snapshots of its parts."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from shop.db.errors import InvalidValue
from shop.money.amounts import format_money
from shop.money.pricing import PricedOrder
from shop.orders.models import Order, OrderLine
from shop.orders.pricing import price_draft, prices_include_tax, read_discount
from shop.orders.services.discounts import format_discount
from shop.orders.views.snapshots import CUSTOMER, LINE, NOTE, LineSnapshot, make_line_key
from shop.staff.models import User
from shop.web.wording import word_error


@dataclass(frozen=True)
class LineRow:
    """A line of a draft, what comes off it, the fingerprint of its row, and the user who sees it."""

    line: OrderLine
    off: Decimal
    fingerprint: str
    order: Order
    user: User

    @property
    def amount(self) -> Decimal:
        """What the line costs after its own discount."""
        return self.line.subtotal - self.off

    @property
    def snapshot(self) -> str:
        line = self.line
        row = make_line_key(self.order.reference, line.pk)
        return LINE.write(self.user, row, LineSnapshot(line.quantity, line.product_id))


@dataclass(frozen=True)
class ShownDraft:
    """What the desk shows of a draft. A part has changed if its fingerprint has.

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
        sums = (self.priced.discount, self.priced.taxes, self.priced.total) if self.priced else None
        return _make_fingerprint(
            [[row.fingerprint for row in self.rows], sums, format_discount(read_discount(self.order))]
        )

    @cached_property
    def priced(self) -> PricedOrder | None:
        """The figures of the draft; None where they cannot be computed (`price_problem` says why)."""
        try:
            return price_draft(self.order)
        except InvalidValue:
            return None

    @property
    def price_problem(self) -> str:
        try:
            price_draft(self.order)
        except InvalidValue as problem:
            return word_error(problem)
        return ""

    @property
    def has_sums(self) -> bool:
        """Whether there is more to show than the subtotal: a discount of the order, or tax."""
        priced = self.priced
        return priced is not None and (
            priced.total != priced.subtotal or any(tax.percent for tax in priced.taxes)
        )

    @property
    def line_discounts(self) -> Decimal:
        """What all lines' own discounts come to."""
        return sum((row.off for row in self.rows), Decimal(0))

    @property
    def spoken_total(self) -> str:
        """The total, or the subtotal where they are the same, as it is said aloud."""
        if self.priced and self.has_sums:
            return f"Total {format_money(self.priced.total)}."
        return f"Subtotal {format_money(self.order.subtotal)}."

    @property
    def includes_tax(self) -> bool:
        return prices_include_tax()

    @property
    def customer_snapshot(self) -> str:
        return CUSTOMER.write(self.user, self.order.reference, self.order.customer_id)

    @property
    def note_snapshot(self) -> str:
        return NOTE.write(self.user, self.order.reference, self.order.note)

    @cached_property
    def rows(self) -> list[LineRow]:
        lines = self.order.line_list
        discounts = [Decimal(0)] * len(lines)
        if self.priced:
            discounts = [figures.discount for figures in self.priced.lines]
        return [
            LineRow(line, off, _make_line_fingerprint(line, off), self.order, self.user)
            for line, off in zip(lines, discounts, strict=True)
        ]


def _make_line_fingerprint(line: OrderLine, off: Decimal) -> str:
    product = line.pk, line.name, line.product.sku, line.insufficient_stock
    discount = off, line.discount_percent, line.discount_reason
    return _make_fingerprint((*product, line.quantity, line.unit_price, *discount))


def _make_fingerprint(shown: object) -> str:
    return hashlib.blake2s(repr(shown).encode(), digest_size=6).hexdigest()

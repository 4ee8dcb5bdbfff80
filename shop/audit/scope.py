"""What a run of the audit looks at, what it finds, and sums in whole minor units.

SQLite adds decimals as binary fractions, so that a sum over many rows is off by some cents. Sums of whole
numbers are exact on every database.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.db.minor import minor
from shop.money.amounts import format_amount
from shop.money.rounding import from_minor
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.returns.models import Return

#: Failures of one check that are kept; the others are counted.
MAX_FAILURES = 50
#: Rows that one statement reads, where the arithmetic is Python's.
CHUNK = 1000


class Failure(NamedTuple):
    """A row that breaks a rule: the name by which people know it, and what is wrong with it."""

    row: str
    sentence: str


@dataclass
class Findings:
    """How many rows a check looked at, how many fail, and the first of those."""

    rows: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def add(self, row: object, sentence: str) -> None:
        self.failed += 1
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(Failure(str(row), sentence))

    def add_rows(
        self, rows: "QuerySet[Any, Any]", name: Callable[[Any], object], word: Callable[[Any], str]
    ) -> None:
        """Adds every row of a query that finds failures: one statement, and a second one past MAX_FAILURES.

        `name` returns the name by which people know a row, `word` what is wrong with it.
        """
        before = self.failed
        for row in rows[:MAX_FAILURES]:
            self.add(name(row), word(row))
        if self.failed - before == MAX_FAILURES:
            self.failed = before + rows.count()


@dataclass(frozen=True)
class Scope:
    """The rows to look at: all, or those of which something happened on the day `since` or later."""

    since: datetime.date | None = None

    @property
    def start(self) -> datetime.datetime | None:
        """The beginning of the day, in the shop's time zone."""
        if self.since is None:
            return None
        return timezone.make_aware(datetime.datetime.combine(self.since, datetime.time.min))

    def orders(self) -> "QuerySet[Order, Order]":
        """Orders that were placed, or that have a payment or a return, since the day."""
        placed = Order.objects.filter(placed_at__isnull=False)
        if self.since is None:
            return placed
        recent = Q(dated_at__gte=self.start)
        for facts in (Return, Payment):
            rows = facts._default_manager.filter(business_day__gte=self.since, order__isnull=False)
            recent |= Q(pk__in=rows.values("order"))
        return placed.filter(recent)

    def limit_to_orders(self, rows: "QuerySet[Any, Any]", link: str = "order") -> "QuerySet[Any, Any]":
        """Keeps the rows whose order, found by `link`, is one of `orders`."""
        if self.since is None:
            return rows.filter(**{f"{link}__placed_at__isnull": False})
        return rows.filter(**{f"{link}__in": self.orders().values("pk")})

    def limit_to_days(self, rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
        """Keeps payments or returns of the day `since` and later."""
        return rows if self.since is None else rows.filter(business_day__gte=self.since)


def sum_minor(amount: Any) -> Coalesce:
    """The sum of an expression over amounts in whole minor units; 0 over no rows."""
    return Coalesce(Sum(minor(amount)), 0, output_field=BigIntegerField())


def word_minor(units: Any) -> str:
    """Formats minor units as an amount, as in "12.34"."""
    return format_amount(from_minor(int(units)))


def word_amount(amount: Decimal | None) -> str:
    return "nothing" if amount is None else format_amount(amount)


def read_in_chunks(rows: "QuerySet[Any, Any]", key: str = "pk") -> Iterator[list[Any]]:
    """Reads rows in the order of a unique column, CHUNK a statement, so that no table is in memory."""
    rows = rows.order_by(key)
    chunk = list(rows[:CHUNK])
    while chunk:
        yield chunk
        last = getattr(chunk[-1], key)
        chunk = list(rows.filter(**{f"{key}__gt": last})[:CHUNK]) if len(chunk) == CHUNK else []


def read_id_ranges(rows: "QuerySet[Any, Any]") -> Iterator[tuple[int, int]]:
    """Reads the first and the last id of each CHUNK of rows. Other rows may have ids between the two."""
    for chunk in read_in_chunks(rows.values_list("pk", named=True)):
        yield chunk[0].pk, chunk[-1].pk


#: What a line costs before any discount.
BASE = F("quantity") * F("unit_price")

"""The figures of a till session, as X- and Z-reports show them: two statements, however much was sold.

The database adds up whole minor units, because its sums of decimals may be sums of floats.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, Q, Sum
from django.db.models.functions import Cast, Round

from shop.money.cash import compute_expected_cash
from shop.money.rounding import from_minor
from shop.till.errors import NewEntry
from shop.till.models import TillSession

_REVERSAL = Q(reverses__isnull=False)
_TAKEN = Q(amount__gt=0) & ~_REVERSAL
_GIVEN = Q(amount__lt=0) & ~_REVERSAL


@dataclass(frozen=True)
class MethodFigures:
    """What went through a till by one method. What was given back is negative."""

    method: str
    payments: int
    taken: Decimal
    refunds: int
    refunded: Decimal
    reversals: int
    reversed: Decimal
    cash: Decimal
    rounding: Decimal

    @property
    def total(self) -> Decimal:
        return self.taken + self.refunded + self.reversed


@dataclass(frozen=True)
class TillFigures:
    """A session's payments by method, and the cash that moved without a sale by kind, signed."""

    opening_float: Decimal
    methods: tuple[MethodFigures, ...]
    movements: dict[str, Decimal]
    #: How many entries there are: payments, and movements of cash.
    entries: int

    @property
    def cash(self) -> Decimal:
        return sum((row.cash for row in self.methods), Decimal(0))

    @property
    def rounding(self) -> Decimal:
        return sum((row.rounding for row in self.methods), Decimal(0))

    @property
    def expected(self) -> Decimal:
        """What the drawer should hold (A9)."""
        cash = (row.cash for row in self.methods)
        return compute_expected_cash(self.opening_float, cash, self.movements.values())


def read_figures(session: TillSession) -> TillFigures:
    """Returns the figures of a session: while it is open an X-report's, then those of its Z-report."""
    methods = [*_group_payments(session)]
    kinds = session.movements.order_by("kind").values("kind")
    moved = [*kinds.annotate(count=Count("pk"), minor=sum_minor("amount"))]
    counted = sum(row[name] for row in methods for name in ("count_taken", "count_given", "count_reversed"))
    return TillFigures(
        session.opening_float,
        tuple(map(_build_method, methods)),
        {row["kind"]: from_minor(row["minor"] or 0) for row in moved},
        counted + sum(row["count"] for row in moved),
    )


def _group_payments(session: TillSession) -> Any:
    """A row for each method, with sums in minor units."""
    return (
        session.payments.order_by("method")
        .values("method")
        .annotate(
            count_taken=Count("pk", filter=_TAKEN),
            taken=sum_minor("amount", _TAKEN),
            count_given=Count("pk", filter=_GIVEN),
            given=sum_minor("amount", _GIVEN),
            count_reversed=Count("pk", filter=_REVERSAL),
            reversed=sum_minor("amount", _REVERSAL),
            cash_sum=sum_minor("cash"),
            rounding_sum=sum_minor("rounding"),
        )
    )


def sum_minor(column: str, among: Q | None = None) -> Sum:
    """The sum of a column in minor units; None where there is no row."""
    minor: Func = Cast(Round(F(column) * 100), BigIntegerField())
    return Sum(minor, filter=among)


def _build_method(row: dict[str, Any]) -> MethodFigures:
    sums = ("taken", "given", "reversed", "cash_sum", "rounding_sum")
    taken, given, reversed_, cash, rounding = (from_minor(row[name] or 0) for name in sums)
    return MethodFigures(
        method=row["method"],
        payments=row["count_taken"],
        taken=taken,
        refunds=row["count_given"],
        refunded=given,
        reversals=row["count_reversed"],
        reversed=reversed_,
        cash=cash,
        rounding=rounding,
    )


#: Entries that the page of a till shows.
SHOWN = 30


@dataclass(frozen=True)
class ShownEntry:
    """A payment or a movement of a session, as the page of its till shows it."""

    label: str
    amount: Decimal
    by: str
    at: datetime.datetime
    reason: str
    #: The payment's order; none for a movement.
    order: Any = None


def list_entries(session: TillSession, most: int = SHOWN) -> list[ShownEntry]:
    """The latest payments and movements of a session with their orders, the newest first."""
    payments = session.payments.select_related("author", "order").order_by("-pk")[:most]
    movements = session.movements.select_related("author").order_by("-pk")[:most]
    entries = [_show(row.get_method_display(), row, row.order) for row in payments]
    entries += [_show(row.get_kind_display(), row) for row in movements]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:most]


def _show(label: str, row: Any, order: Any = None) -> ShownEntry:
    by = row.author.get_username() if row.author else ""
    return ShownEntry(label, row.amount, by, row.created_at, row.reason, order)


def list_newest(session: TillSession, most: int) -> list[NewEntry]:
    """The latest payments and movements of a session, the newest first."""
    payments = session.payments.select_related("author").order_by("-pk")[:most]
    movements = session.movements.select_related("author").order_by("-pk")[:most]
    entries = [_name_entry(row.method, row) for row in payments]
    entries += [_name_entry(row.kind, row) for row in movements]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:most]


def _name_entry(kind: str, row: Any) -> NewEntry:
    return NewEntry(kind, row.amount, row.author.get_username() if row.author else "", row.created_at)

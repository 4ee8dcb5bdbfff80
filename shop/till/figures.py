"""The figures of a till session, as X- and Z-reports show them, and its latest entries.

The database adds up whole cents (minor units), because SQLite adds up decimals as floats.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from shop.db.minor import minor
from shop.money.cash import compute_expected_cash
from shop.money.rounding import from_minor
from shop.till.errors import NewEntry
from shop.till.models import CashMovement, TillSession

_REVERSAL = Q(reverses__isnull=False)
_TAKEN = Q(amount__gt=0) & ~_REVERSAL
_GIVEN = Q(amount__lt=0) & ~_REVERSAL


@dataclass(frozen=True)
class MethodFigures:
    """The payments of a session by one method. Refunds are negative."""

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
    """A session's payments by method, and its cash movements by kind: positive came in, negative went out."""

    opening_float: Decimal
    methods: tuple[MethodFigures, ...]
    movements: dict[str, Decimal]
    #: How many payments and cash movements there are.
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
    """Returns the figures of a session as they are now: two statements, however much was sold."""
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
    """Returns a row for each method, with sums in minor units."""
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
    """Returns the expression that adds up a column in minor units; it is NULL where there is no row."""
    return Sum(minor(F(column)), filter=among)


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


#: So many entries the page of a till shows.
MAX_SHOWN = 30


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


def list_entries(session: TillSession, most: int = MAX_SHOWN) -> list[ShownEntry]:
    """Returns the latest payments and movements of a session with their orders, the newest first."""
    return [_show(row) for row in _read_newest(session, most)]


def list_newest(session: TillSession, most: int) -> list[NewEntry]:
    """Returns the latest payments and movements of a session for a message, the newest first."""
    return [
        NewEntry(_get_kind(row), row.amount, _name_author(row), row.created_at)
        for row in _read_newest(session, most)
    ]


def _read_newest(session: TillSession, most: int) -> list[Any]:
    """Returns the latest rows of both tables together: two statements."""
    payments = session.payments.select_related("author", "order").order_by("-pk")[:most]
    movements = session.movements.select_related("author").order_by("-pk")[:most]
    return sorted([*payments, *movements], key=lambda row: row.created_at, reverse=True)[:most]


def _show(row: Any) -> ShownEntry:
    is_movement = isinstance(row, CashMovement)
    label = row.get_kind_display() if is_movement else row.get_method_display()
    order = None if is_movement else row.order
    return ShownEntry(label, row.amount, _name_author(row), row.created_at, row.reason, order)


def _get_kind(row: Any) -> str:
    kind: str = row.kind if isinstance(row, CashMovement) else row.method
    return kind


def _name_author(row: Any) -> str:
    name: str = row.author.get_username() if row.author else ""
    return name

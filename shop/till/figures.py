"""The figures of a till session, as X- and Z-reports show them: two statements, however much was sold.

The database adds up whole minor units, because its sums of decimals may be sums of floats.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, Q, Sum
from django.db.models.functions import Cast, Round

from shop.money.cash import compute_expected_cash
from shop.money.rounding import from_minor
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
    moved = [*kinds.annotate(count=Count("pk"), minor=_sum_minor("amount"))]
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
            taken=_sum_minor("amount", _TAKEN),
            count_given=Count("pk", filter=_GIVEN),
            given=_sum_minor("amount", _GIVEN),
            count_reversed=Count("pk", filter=_REVERSAL),
            reversed=_sum_minor("amount", _REVERSAL),
            cash_sum=_sum_minor("cash"),
            rounding_sum=_sum_minor("rounding"),
        )
    )


def _sum_minor(column: str, among: Q | None = None) -> Sum:
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

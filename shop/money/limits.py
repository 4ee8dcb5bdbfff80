"""Checks discounts against a limit in percent.

A discount by amount counts as the percentage that it makes. A line's own discount is compared with the line,
and all discounts of an order together with its subtotal. So nobody gets past the limit by an amount, by a
discount on a discount, or by many small discounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from shop.money.errors import DiscountAboveLimit
from shop.money.rounding import from_minor, round_half_up, to_minor

_STEP = Decimal("0.001")


@dataclass(frozen=True)
class Reduced:
    """A line's price before discounts (`base`), its own discount, and its share of the order's discount."""

    base: Decimal
    discount: Decimal
    share: Decimal


def check_discounts(lines: Sequence[Reduced], limit: Decimal, decimals: int = 2) -> None:
    """Raises DiscountAboveLimit for the first line above the limit of `limit` percent, or for the order."""
    most_of_lines = Decimal(0)
    for position, line in enumerate(lines):
        most = _compute_most(line.base, limit, decimals)
        most_of_lines += most
        if line.discount > most:
            raise _build_error(line.base, line.discount, most, limit, position=position)
    subtotal, off = _sum_up(lines)
    # What is allowed for each line is allowed for all together, also where each was rounded up.
    most = max(_compute_most(subtotal, limit, decimals), most_of_lines)
    if off > most:
        raise _build_error(subtotal, off, most, limit)


def compute_percent_taken(lines: Sequence[Reduced]) -> Decimal:
    """Returns the smallest limit that allows these discounts, in percent with three decimals."""
    parts = [(line.base, line.discount) for line in lines]
    return max((_compute_percent(*part) for part in [*parts, _sum_up(lines)]), default=Decimal(0))


def _sum_up(lines: Sequence[Reduced]) -> tuple[Decimal, Decimal]:
    """Returns the subtotal and all discounts together."""
    subtotal = sum((line.base for line in lines), Decimal(0))
    return subtotal, sum((line.discount + line.share for line in lines), Decimal(0))


def _compute_percent(base: Decimal, off: Decimal) -> Decimal:
    if not base or not off:
        return Decimal(0)
    return min(Decimal(100), (off * 100 / base).quantize(_STEP, rounding=ROUND_CEILING))


def _compute_most(base: Decimal, limit: Decimal, decimals: int) -> Decimal:
    """Returns the largest discount of `base` that is allowed, rounded to whole minor units."""
    return from_minor(round_half_up(to_minor(base, decimals) * Fraction(limit) / 100), decimals)


def _build_error(
    base: Decimal, discount: Decimal, most: Decimal, limit: Decimal, **position: int
) -> DiscountAboveLimit:
    # A limit of 10.000 is shown as 10.
    limit = limit.normalize() + 0
    return DiscountAboveLimit(discount=discount, base=base, most=most, limit=limit, **position)

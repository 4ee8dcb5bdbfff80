"""How much may come off a line and an order, in percent of what they cost.

An amount counts as the percentage that it is. The line's own discount is measured against the line, and all
discounts of an order together against its subtotal; so neither an amount, nor a discount on a discount, nor
many small ones pass the limit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from shop.money.errors import DiscountAboveLimit
from shop.money.rounding import from_minor, round_half_up, to_minor

_STEP = Decimal("0.001")


@dataclass(frozen=True)
class Reduced:
    """A line before and after: `discount` is its own, `share` its part of the order's."""

    base: Decimal
    discount: Decimal
    share: Decimal


def check_discounts(lines: Sequence[Reduced], limit: Decimal, decimals: int = 2) -> None:
    """Raises DiscountAboveLimit, for the first line that is above the limit or for the order."""
    most_of_lines = Decimal(0)
    for position, line in enumerate(lines):
        most = _compute_share(line.base, limit, decimals)
        most_of_lines += most
        if line.discount > most:
            _refuse(line.base, line.discount, most, limit, position=position)
    subtotal, off = _sum_up(lines)
    # Each line may be rounded up, and all lines together may have what each of them may.
    most = max(_compute_share(subtotal, limit, decimals), most_of_lines)
    if off > most:
        _refuse(subtotal, off, most, limit)


def compute_percent_taken(lines: Sequence[Reduced]) -> Decimal:
    """The smallest limit, in thousandths of a percent, that allows these discounts."""
    parts = [(line.base, line.discount) for line in lines]
    return max((_compute_percent(*part) for part in [*parts, _sum_up(lines)]), default=Decimal(0))


def _sum_up(lines: Sequence[Reduced]) -> tuple[Decimal, Decimal]:
    """The subtotal, and all that comes off it."""
    return sum(_bases(lines), Decimal(0)), sum((line.discount + line.share for line in lines), Decimal(0))


def _bases(lines: Sequence[Reduced]) -> Iterator[Decimal]:
    return (line.base for line in lines)


def _compute_percent(base: Decimal, off: Decimal) -> Decimal:
    if not base or not off:
        return Decimal(0)
    return min(Decimal(100), (off * 100 / base).quantize(_STEP, rounding=ROUND_CEILING))


def _compute_share(base: Decimal, limit: Decimal, decimals: int) -> Decimal:
    minor = round_half_up(to_minor(base, decimals) * Fraction(limit) / 100)
    return from_minor(minor, decimals)


def _refuse(base: Decimal, discount: Decimal, most: Decimal, limit: Decimal, **where: int) -> None:
    raise DiscountAboveLimit(discount=discount, base=base, most=most, limit=limit.normalize() + 0, **where)

"""Rounding and sharing (R0 and R4 of docs/MONEY.md), exact on whole minor units such as cents."""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction

from shop.money.errors import NegativeAmount, NothingToShare, NotWholeUnits

# The default context would drop digits past 28 in silence; this one has room and raises.
_EXACT = Context(prec=100, traps=[Inexact])


def round_half_up(value: Fraction | Decimal | int) -> int:
    """The nearest whole number. Halves go away from zero, so that a refund mirrors its sale."""
    numerator, denominator = value.as_integer_ratio()
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def round_to_step(minor: int, step: int) -> int:
    """The multiple of `step` that is nearest to `minor`."""
    return round_half_up(Fraction(minor, step)) * step


def to_minor(amount: Decimal | int, decimals: int = 2) -> int:
    """`amount` in minor units. Raises NotWholeUnits instead of rounding."""
    try:
        numerator, denominator = amount.as_integer_ratio()
    except (ValueError, OverflowError):  # NaN and infinity
        raise NotWholeUnits(amount=amount, decimals=decimals) from None
    units: int = 10**decimals
    minor, remainder = divmod(numerator * units, denominator)
    if remainder:
        raise NotWholeUnits(amount=amount, decimals=decimals)
    return minor


def to_unsigned_minor(amount: Decimal | int, decimals: int = 2) -> int:
    """`amount` in minor units. Raises NegativeAmount below zero."""
    minor = to_minor(amount, decimals)
    if minor < 0:
        raise NegativeAmount(amount=amount)
    return minor


def from_minor(minor: int, decimals: int = 2) -> Decimal:
    """Minor units as an amount with exactly the currency's decimals."""
    return _EXACT.scaleb(Decimal(minor), -decimals)


def share_by_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Shares `total` in proportion to `weights`, in whole units that add up to it.

    Each gets its exact share rounded down. The units left over go to the largest remainders; of equal ones
    to the larger weight, then to the earlier position. While `total` is at most the sum of the weights,
    nobody gets more than their weight.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise NegativeAmount(amount=min((total, *weights)))
    whole = sum(weights)
    if not whole:
        if total:
            raise NothingToShare(total=total)
        return [0] * len(weights)
    parts = [divmod(total * weight, whole) for weight in weights]
    shares = [share for share, _ in parts]
    # sorted() keeps the order of equal keys, hence the earlier position comes first.
    by_remainder = sorted(range(len(weights)), key=lambda i: (-parts[i][1], -weights[i]))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares

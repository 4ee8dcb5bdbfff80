"""n for m: of every n units only m are paid (R4 of docs/MONEY.md).

This is arithmetic only: no page and no API offers a bundle yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.money.errors import InvalidBundle
from shop.money.rounding import share_by_largest_remainder


@dataclass(frozen=True)
class Bundle:
    """Of each `buy` units in the lines at `positions`, only `pay` are paid."""

    buy: int
    pay: int
    positions: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.pay < self.buy:
            raise InvalidBundle(buy=self.buy, pay=self.pay)


def share_bundle(bundle: Bundle, quantities: Sequence[int], prices: Sequence[int]) -> list[int]:
    """What the free units cost, shared over all units of the full groups; one share for each line.

    The dearest units make the first group and so on, and the cheapest of each group are free: the customer
    could have that by buying the groups one by one. Units that fill no group take no part.
    """
    units = _count_units(bundle, quantities, prices)
    free_value = 0
    weights = [0] * len(quantities)
    start = 0
    for position, count in units:
        free = _count_free(bundle, start + count) - _count_free(bundle, start)
        free_value += free * prices[position]
        weights[position] = count * prices[position]
        start += count
    return share_by_largest_remainder(free_value, weights)


def _count_units(bundle: Bundle, quantities: Sequence[int], prices: Sequence[int]) -> list[tuple[int, int]]:
    """Position and units of each line in the full groups, the dearest first."""
    left = sum(quantities[position] for position in bundle.positions)
    left -= left % bundle.buy
    units = []
    for position in sorted(bundle.positions, key=lambda position: (-prices[position], position)):
        count = min(left, quantities[position])
        units.append((position, count))
        left -= count
    return units


def _count_free(bundle: Bundle, units: int) -> int:
    """How many of the first `units` are free."""
    groups, rest = divmod(units, bundle.buy)
    return groups * (bundle.buy - bundle.pay) + max(0, rest - bundle.pay)

"""What an order costs: discounts, their shares, and tax (R1 to R5 of docs/MONEY.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shop.money.bundles import Bundle, share_bundle
from shop.money.errors import (
    DiscountsCollide,
    DiscountTooLarge,
    InvalidPercent,
    InvalidQuantity,
    TwoDiscounts,
)
from shop.money.rounding import (
    from_minor,
    round_half_up,
    share_by_largest_remainder,
    to_unsigned_minor,
)


@dataclass(frozen=True)
class Discount:
    """An amount, or a percentage, off a line or an order."""

    amount: Decimal | None = None
    percent: Decimal | None = None

    def __post_init__(self) -> None:
        if self.amount is not None and self.percent is not None:
            raise TwoDiscounts(amount=self.amount, percent=self.percent)
        if self.percent is not None and not 0 <= self.percent <= 100:
            raise InvalidPercent(percent=self.percent)

    def to_minor(self, base: int, decimals: int) -> int:
        """What comes off `base`, in minor units; an amount may be more than `base`."""
        if self.percent is not None:
            return round_half_up(base * Fraction(self.percent) / 100)
        return to_unsigned_minor(self.amount or 0, decimals)


NO_DISCOUNT = Discount()


@dataclass(frozen=True)
class UnpricedLine:
    """A line of an order, as far as money is concerned. `tax_code` is None where none is recorded."""

    quantity: int
    unit_price: Decimal
    tax_percent: Decimal = Decimal(0)
    tax_code: str | None = None
    discount: Discount = NO_DISCOUNT

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise InvalidQuantity(quantity=self.quantity)
        if not 0 <= self.tax_percent < 100:
            raise InvalidPercent(percent=self.tax_percent)


@dataclass(frozen=True)
class PricedLine:
    """`discount` is the line's own, `share` its part of the order's discount."""

    discount: Decimal
    share: Decimal
    gross: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class TaxSum:
    """The sums of all lines with one code and percentage."""

    code: str | None
    percent: Decimal
    gross: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class PricedOrder:
    """`subtotal` is without any discount; `discount` is the order's own, bundles included."""

    lines: tuple[PricedLine, ...]
    taxes: tuple[TaxSum, ...]
    subtotal: Decimal
    discount: Decimal
    total: Decimal
    net: Decimal
    tax: Decimal


def price_order(
    lines: Sequence[UnpricedLine],
    *,
    prices_include_tax: bool,
    discount: Discount = NO_DISCOUNT,
    bundles: Sequence[Bundle] = (),
    decimals: int = 2,
) -> PricedOrder:
    """All figures of an order. Bundles come off first, the order's discount off what they leave."""
    prices = [to_unsigned_minor(line.unit_price, decimals) for line in lines]
    bases = [line.quantity * price for line, price in zip(lines, prices, strict=True)]
    discounts = [
        _discount_line(position, line, base, decimals)
        for position, (line, base) in enumerate(zip(lines, bases, strict=True))
    ]
    weights = [base - off for base, off in zip(bases, discounts, strict=True)]
    shares = _share_discounts(lines, prices, weights, bundles, discount, decimals)
    amounts = [weight - share for weight, share in zip(weights, shares, strict=True)]
    grosses, taxes = _tax_amounts(lines, amounts, prices_include_tax=prices_include_tax)
    return _build_order(lines, bases, discounts, shares, grosses, taxes, decimals)


def compute_tax(amount: int, percent: Decimal, *, includes_tax: bool) -> int:
    """The tax in, or on, `amount` minor units (R5)."""
    rate = Fraction(percent)
    return round_half_up(amount * rate / (100 + rate if includes_tax else 100))


def _discount_line(position: int, line: UnpricedLine, base: int, decimals: int) -> int:
    """The line's own discount in minor units. Raises DiscountTooLarge past the line's base."""
    off = line.discount.to_minor(base, decimals)
    if off > base:
        values = {"discount": line.discount.amount, "base": from_minor(base, decimals)}
        raise DiscountTooLarge(position=position, **values)
    return off


def _share_discounts(
    lines: Sequence[UnpricedLine],
    prices: Sequence[int],
    weights: Sequence[int],
    bundles: Sequence[Bundle],
    discount: Discount,
    decimals: int,
) -> list[int]:
    """Each line's share of the bundles and of the order's discount, which is never more than is left."""
    _raise_if_discounts_collide(lines, bundles)
    shares = [0] * len(lines)
    quantities = [line.quantity for line in lines]
    for bundle in bundles:
        shares = [a + b for a, b in zip(shares, share_bundle(bundle, quantities, prices), strict=True)]
    left = [weight - share for weight, share in zip(weights, shares, strict=True)]
    off = min(discount.to_minor(sum(left), decimals), sum(left))
    return [a + b for a, b in zip(shares, share_by_largest_remainder(off, left), strict=True)]


def _raise_if_discounts_collide(lines: Sequence[UnpricedLine], bundles: Sequence[Bundle]) -> None:
    """Two discounts for one unit would need a rule for which comes first; there is none."""
    seen: set[int] = set()
    for bundle in bundles:
        for position in bundle.positions:
            if position in seen or lines[position].discount != NO_DISCOUNT:
                raise DiscountsCollide(position=position)
            seen.add(position)


def _group_by_tax(lines: Sequence[UnpricedLine]) -> dict[tuple[str | None, Decimal], list[int]]:
    """The positions of the lines of each code and percentage, in order of appearance."""
    groups: dict[tuple[str | None, Decimal], list[int]] = {}
    for position, line in enumerate(lines):
        groups.setdefault((line.tax_code, line.tax_percent), []).append(position)
    return groups


def _tax_amounts(
    lines: Sequence[UnpricedLine], amounts: Sequence[int], *, prices_include_tax: bool
) -> tuple[list[int], list[int]]:
    """Gross and tax of each line. Tax is rounded once, on the sum of each code and percentage."""
    taxes = [0] * len(lines)
    for (_, percent), positions in _group_by_tax(lines).items():
        weights = [amounts[position] for position in positions]
        tax = compute_tax(sum(weights), percent, includes_tax=prices_include_tax)
        for position, share in zip(positions, share_by_largest_remainder(tax, weights), strict=True):
            taxes[position] = share
    if prices_include_tax:
        return list(amounts), taxes
    return [amount + tax for amount, tax in zip(amounts, taxes, strict=True)], taxes


def _sum_taxes(
    lines: Sequence[UnpricedLine], grosses: Sequence[int], taxes: Sequence[int], decimals: int
) -> tuple[TaxSum, ...]:
    sums = []
    for (code, percent), positions in _group_by_tax(lines).items():
        gross = sum(grosses[position] for position in positions)
        tax = sum(taxes[position] for position in positions)
        amounts = (from_minor(minor, decimals) for minor in (gross, gross - tax, tax))
        sums.append(TaxSum(code, percent, *amounts))
    return tuple(sums)


def _build_order(
    lines: Sequence[UnpricedLine],
    bases: Sequence[int],
    discounts: Sequence[int],
    shares: Sequence[int],
    grosses: Sequence[int],
    taxes: Sequence[int],
    decimals: int,
) -> PricedOrder:
    """The figures, all in minor units and one for each line, as amounts with their sums."""

    def money(minor: int) -> Decimal:
        return from_minor(minor, decimals)

    return PricedOrder(
        lines=tuple(
            PricedLine(money(off), money(share), money(gross), money(gross - tax), money(tax))
            for off, share, gross, tax in zip(discounts, shares, grosses, taxes, strict=True)
        ),
        taxes=_sum_taxes(lines, grosses, taxes, decimals),
        subtotal=money(sum(bases)),
        discount=money(sum(shares)),
        total=money(sum(grosses)),
        net=money(sum(grosses) - sum(taxes)),
        tax=money(sum(taxes)),
    )

"""What comes back for returned units, and what an allowance takes off (R6 of docs/MONEY.md).

Nothing here knows a price or a tax rate: a return gives back a part of what the line was sold for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shop.money.errors import (
    InvalidQuantity,
    MoneyError,
    MoreThanBought,
    MoreThanLeft,
    NegativeAmount,
    TaxTooLarge,
    ZeroAmount,
)
from shop.money.rounding import from_minor, round_half_up, to_minor, to_unsigned_minor


@dataclass(frozen=True)
class Part:
    """What one return, or one allowance (its quantity is 0), takes off a line."""

    quantity: int
    gross: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Returnable:
    """A line as it was sold or as its last allowance left it, and what was returned since then."""

    quantity: int
    gross: Decimal
    tax: Decimal
    returned: int = 0
    returned_gross: Decimal = Decimal(0)
    returned_tax: Decimal = Decimal(0)
    decimals: int = 2

    def __post_init__(self) -> None:
        if self.tax < 0:
            raise NegativeAmount(amount=self.tax)
        if self.tax > self.gross:
            raise TaxTooLarge(gross=self.gross, tax=self.tax)

    @property
    def quantity_left(self) -> int:
        return self.quantity - self.returned

    @property
    def gross_left(self) -> Decimal:
        return self.gross - self.returned_gross


def compute_return(line: Returnable, units: int) -> Part:
    """What a return of `units` more gives: what all returned units give, less what they gave before."""
    if units < 1:
        raise InvalidQuantity(quantity=units)
    if units > line.quantity_left:
        raise MoreThanBought(left=line.quantity_left, asked=units)
    gross = to_minor(line.gross, line.decimals)
    up_to_now = round_half_up(Fraction(gross * (line.returned + units), line.quantity))
    return _compute_part(line, units, up_to_now)


def compute_allowance(line: Returnable, amount: Decimal) -> Part:
    """What an allowance of `amount`, tax included, takes off the units that the customer keeps."""
    minor = to_unsigned_minor(amount, line.decimals)
    if not minor:
        raise ZeroAmount(amount=amount)
    if amount > line.gross_left:
        raise MoreThanLeft(left=line.gross_left, asked=amount)
    return _compute_part(line, 0, to_minor(line.returned_gross, line.decimals) + minor)


def apply_part(line: Returnable, part: Part) -> Returnable:
    """The line after `part`. After an allowance, what it left is the new whole."""
    returned = line.returned + part.quantity
    gross = line.returned_gross + part.gross
    tax = line.returned_tax + part.tax
    if part.quantity:
        return Returnable(line.quantity, line.gross, line.tax, returned, gross, tax, line.decimals)
    return Returnable(line.quantity - returned, line.gross - gross, line.tax - tax, decimals=line.decimals)


def apply_parts(line: Returnable, parts: Iterable[Part]) -> Returnable:
    """The line after all `parts`, the oldest first."""
    for part in parts:
        line = apply_part(line, part)
    return line


def find_wrong_part(line: Returnable, parts: Iterable[Part]) -> int | None:
    """The position of the first stored part that is not what this module computes; None if all are right."""
    for position, part in enumerate(parts):
        try:
            right = (
                compute_return(line, part.quantity) if part.quantity else compute_allowance(line, part.gross)
            )
        except MoneyError:
            return position
        if part != right:
            return position
        line = apply_part(line, part)
    return None


def _compute_part(line: Returnable, units: int, gross_up_to_now: int) -> Part:
    """The part that brings the returned gross to `gross_up_to_now`, and the tax with it."""
    gross = to_minor(line.gross, line.decimals)
    tax = to_minor(line.tax, line.decimals)
    tax_up_to_now = round_half_up(Fraction(tax * gross_up_to_now, gross)) if gross else 0
    gross_part = gross_up_to_now - to_minor(line.returned_gross, line.decimals)
    tax_part = tax_up_to_now - to_minor(line.returned_tax, line.decimals)
    amounts = (from_minor(minor, line.decimals) for minor in (gross_part, gross_part - tax_part, tax_part))
    return Part(units, *amounts)

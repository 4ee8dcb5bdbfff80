"""Amounts and quantities that cannot be stored."""

from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidValue


@dataclass(eq=False)
class QuantityOutOfRange(InvalidValue):
    code = "quantity_out_of_range"

    quantity: int
    most: int
    least: int = 1


@dataclass(eq=False)
class PriceOutOfRange(InvalidValue):
    """A price below 0, above `most`, or with parts of a cent."""

    code = "price_out_of_range"

    price: Decimal
    most: Decimal


@dataclass(eq=False)
class TotalTooLarge(InvalidValue):
    """An order's total past the largest amount that is stored."""

    code = "total_too_large"

    total: Decimal
    most: Decimal

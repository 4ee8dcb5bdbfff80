"""What the services of taxes raise."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidValue


@dataclass(eq=False)
class InvalidTaxCode(InvalidValue):
    """A code that is empty, longer than `most` characters, or has others than the allowed ones."""

    code = "invalid_tax_code"

    tax_class: str
    most: int


@dataclass(eq=False)
class InvalidTaxPercent(InvalidValue):
    """A percentage below 0, of 100 or more, with more than three decimals, or no number at all."""

    code = "invalid_tax_percent"

    percent: Decimal


@dataclass(eq=False)
class RateStartsInPast(InvalidValue):
    """Only the first rate of a class begins before today."""

    code = "rate_starts_in_past"

    tax_class: str
    valid_from: datetime.date


@dataclass(eq=False)
class RateAlreadyValid(InvalidValue):
    """A rate that is valid, or was, is never edited: orders were priced with it."""

    code = "rate_already_valid"

    tax_class: str
    valid_from: datetime.date
    percent: Decimal
    asked: Decimal


@dataclass(eq=False)
class NoTaxRate(InvalidValue):
    """The class of a product has no rate on a day: its first one begins later."""

    code = "no_tax_rate"

    product: int
    tax_class: str
    day: datetime.date

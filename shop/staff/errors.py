"""The errors of the staff services."""

from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidValue


@dataclass(eq=False)
class TokenDaysOutOfRange(InvalidValue):
    """A token cannot be valid for less than a day, or for more than `most` days."""

    code = "token_days_out_of_range"

    days: int
    most: int


@dataclass(eq=False)
class PercentOutOfRange(InvalidValue):
    """A limit is from 0 to 100 percent."""

    code = "percent_out_of_range"

    percent: Decimal

"""What reports refuse."""

import datetime
from dataclasses import dataclass

from shop.db.errors import InvalidValue


@dataclass(eq=False)
class DayNotOver(InvalidValue):
    """A day that still gets facts cannot be sealed."""

    code = "day_not_over"

    day: datetime.date


@dataclass(eq=False)
class UnknownReport(InvalidValue):
    code = "unknown_report"

    name: str


@dataclass(eq=False)
class InvalidRange(InvalidValue):
    """A range of days that ends before it begins, or that is longer than `most` years."""

    code = "invalid_range"

    most: int

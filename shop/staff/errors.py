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


class ConfirmationRefused(InvalidValue):
    """No member of staff with this name, this password and the right to confirm."""

    code = "confirmation_refused"


@dataclass(eq=False)
class TooManyAttempts(InvalidValue):
    """After too many wrong passwords the account, or the address, has to wait."""

    code = "too_many_attempts"
    http_status = 429

    seconds: int


@dataclass(eq=False)
class PercentOutOfRange(InvalidValue):
    """A limit is from 0 to 100 percent."""

    code = "percent_out_of_range"

    percent: Decimal

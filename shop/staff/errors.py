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
    """The name or the password is wrong, or this member of staff may not confirm."""

    code = "confirmation_refused"


@dataclass(eq=False)
class TooManyAttempts(InvalidValue):
    """There were too many wrong passwords for this account or address, which has to wait `seconds`."""

    code = "too_many_attempts"
    http_status = 429

    seconds: int


@dataclass(eq=False)
class PercentOutOfRange(InvalidValue):
    """The limit is not from 0 to 100 percent."""

    code = "percent_out_of_range"

    percent: Decimal

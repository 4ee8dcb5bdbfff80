"""What money cannot be: amounts and quantities that cannot be stored, figures that cannot be computed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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


class MoneyError(InvalidValue):
    """The figures cannot be computed. `values` holds the numbers that a reader needs to see why."""

    code = "money"

    def __init__(self, **values: object) -> None:
        super().__init__()
        self._values = values

    def values(self) -> dict[str, Any]:
        return dict(self._values)


class NotWholeUnits(MoneyError):
    """An amount has more decimals than its currency, or is no number. Values: amount, decimals."""

    code = "not_whole_units"


class NegativeAmount(MoneyError):
    """Values: amount."""

    code = "negative_amount"


class ZeroAmount(MoneyError):
    """An amount has to be more than zero. Values: amount."""

    code = "zero_amount"


class InvalidQuantity(MoneyError):
    """A quantity is below one. Values: quantity."""

    code = "invalid_quantity"


class InvalidPercent(MoneyError):
    """A discount is outside of 0 to 100 %, or a tax rate outside of 0 to below 100 %. Values: percent."""

    code = "invalid_percent"


class TwoDiscounts(MoneyError):
    """A discount is an amount or a percentage, never both. Values: amount, percent."""

    code = "two_discounts"


class DiscountTooLarge(MoneyError):
    """A line's discount is larger than the line. Values: position, discount, base."""

    code = "discount_too_large"


class DiscountAboveLimit(MoneyError):
    """The discount is more than this person may give. Values: discount, base, most, limit, position.

    `base` is the price before it, `most` the largest discount that is allowed, `limit` the same in percent.
    `position` is the line's, and is absent where all discounts of the order together are too much.
    """

    code = "discount_above_limit"


class NothingToShare(MoneyError):
    """An amount cannot be shared where all weights are zero. Values: total."""

    code = "nothing_to_share"


class InvalidBundle(MoneyError):
    """A bundle wants at least one paid and one free unit. Values: buy, pay."""

    code = "invalid_bundle"


class DiscountsCollide(MoneyError):
    """A line in a bundle has a discount of its own, or is in two bundles. Values: position."""

    code = "discounts_collide"


class TaxTooLarge(MoneyError):
    """The tax of a line is larger than its gross. Values: gross, tax."""

    code = "tax_too_large"


class MoreThanBought(MoneyError):
    """More units come back than the customer still has. Values: left, asked."""

    code = "more_than_bought"


class MoreThanLeft(MoneyError):
    """An allowance is larger than what is left of the line. Values: left, asked."""

    code = "more_than_left"


class NothingDue(MoneyError):
    """Nothing is to be paid or refunded. Values: due."""

    code = "nothing_due"


class MoreThanDue(MoneyError):
    """More is to be paid or refunded than is due. Values: due, asked."""

    code = "more_than_due"


class TenderedTooLittle(MoneyError):
    """The cash on the counter is less than the amount that it pays. Values: tendered, asked."""

    code = "tendered_too_little"


class MoreThanPaid(MoneyError):
    """More is to be refunded than is left of the payments. Values: paid, asked."""

    code = "more_than_paid"


class MoreThanCounted(MoneyError):
    """More goes to the bank than was counted. Values: counted, asked."""

    code = "more_than_counted"

"""What the services and pages of the counter raise."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidValue
from shop.orders.errors import OrderError


@dataclass(eq=False)
class NotATender(InvalidValue):
    """The text that was typed for a payment is none, or is a barcode."""

    code = "not_a_tender"

    typed: str


@dataclass(eq=False)
class RestIsPaid(InvalidValue):
    """Nothing is left to pay for `typed`, a part of what was typed for a payment."""

    code = "rest_is_paid"

    typed: str


@dataclass(eq=False)
class ExchangeChanged(OrderError):
    """The figures of the exchange are not those that the clerk saw.

    `seen` and `now` are the differences: above 0 to pay, below to refund. Where they are equal, the refund
    would go back by other methods.
    """

    code = "exchange_changed"

    seen: Decimal
    now: Decimal


@dataclass(eq=False)
class NotOneProduct(InvalidValue):
    """`typed`, a line of the new goods, names no product or several; `names` are some of these."""

    code = "not_one_product"

    typed: str
    names: Sequence[str]

"""What the services and pages of the counter raise."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidValue
from shop.orders.errors import OrderError


@dataclass(eq=False)
class NotATender(InvalidValue):
    """What was typed for the payment means nothing, or is a barcode."""

    code = "not_a_tender"

    typed: str


@dataclass(eq=False)
class ExchangeChanged(OrderError):
    """The exchange comes to another difference than the clerk saw; above 0 it is to pay."""

    code = "exchange_changed"

    seen: Decimal
    now: Decimal


@dataclass(eq=False)
class NotOneProduct(InvalidValue):
    """A line of the new goods matches no product, or several; `names` are some of these."""

    code = "not_one_product"

    typed: str
    names: Sequence[str]

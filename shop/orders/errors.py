"""What the services of orders raise."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from shop.db.errors import Difference, InvalidValue, NotFound, ShopError, Stale

#: What somebody asked for that an order's status does not allow.
WantedAction = Literal["place", "change", "reopen", "fulfil", "unfulfil", "cancel", "correct"]


class OrderError(ShopError):
    """An order that is not in the state that was asked for."""

    code = "order_state"


@dataclass(eq=False)
class WrongState(OrderError):
    """Nobody (or not this member of staff) may do what was wanted while the order has this status."""

    code = "wrong_state"

    reference: str
    status: str
    wanted: WantedAction


@dataclass(eq=False)
class ChangedSinceFulfilled(OrderError):
    """Fulfilling is not undone once something else has happened to the order."""

    code = "changed_since_fulfilled"

    reference: str


@dataclass(eq=False)
class FulfilledTooLongAgo(OrderError):
    code = "fulfilled_too_long_ago"

    reference: str


@dataclass(eq=False)
class FulfilledByOthers(OrderError):
    """Only who fulfilled the order, or a manager, undoes that."""

    code = "fulfilled_by_others"

    reference: str


@dataclass(eq=False)
class TooManyProducts(OrderError):
    """An order with more products than a draft has lines cannot be copied."""

    code = "too_many_products"

    reference: str
    products: int
    most: int


class NoLines(OrderError):
    """An order without a line cannot be placed."""

    code = "no_lines"


@dataclass(eq=False)
class OrderChanged(OrderError):
    """The order is not what the clerk saw."""

    code = "order_changed"

    differences: Sequence[Difference]

    def values(self) -> dict[str, Any]:
        return {"differences": [difference.values() for difference in self.differences]}


@dataclass(eq=False)
class SubtotalMismatch(OrderError):
    """The client's subtotal is not the sum of today's prices."""

    code = "subtotal_mismatch"

    sent: Decimal
    subtotal: Decimal


@dataclass(eq=False)
class NotOneMatch(ShopError):
    """What was typed stands for no product, or for several: `matches` are those that fit."""

    code = "not_one_match"
    http_status = 422

    typed: str
    matches: Sequence[Any]

    def values(self) -> dict[str, Any]:
        return {"typed": self.typed, "matches": len(self.matches)}


@dataclass(eq=False)
class NotOnSale(InvalidValue):
    """Products that do not exist or are retired; `products` are their ids."""

    code = "not_on_sale"

    products: Sequence[int]


@dataclass(eq=False)
class ProductRetired(InvalidValue):
    """`product` is the id; the clerk knows it by its name and SKU."""

    code = "product_retired"

    product: int
    name: str
    sku: str


@dataclass(eq=False)
class TooManyLines(InvalidValue):
    code = "too_many_lines"

    most: int


@dataclass(eq=False)
class TooManyOfProduct(InvalidValue):
    """A product that is named several times adds up to more than an order holds of one."""

    code = "too_many_of_product"

    product: int
    wanted: int
    most: int


class LineRemoved(NotFound):
    """Somebody else removed the line."""


class CustomerChanged(Stale):
    """Somebody else chose another customer."""


class QuantityChanged(Stale):
    """Somebody else changed, or removed, the line."""


class NoteChanged(Stale):
    """Somebody else wrote another note."""


@dataclass(frozen=True)
class OrderDifference(Difference):
    """A difference in an order: of its customer or note, or of what `name` is a line of.

    The field "line" has the quantity of a line that was added (`now`) or removed (`was`); "stock" has
    what is wanted (`was`) and what is left (`now`); "active" is whether the product is sold.
    """

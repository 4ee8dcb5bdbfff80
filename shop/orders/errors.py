"""What the services of orders raise."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from shop.db.errors import Difference, InvalidValue, NotFound, ShopError, Stale

#: An action that somebody wants and that the order's status does not allow.
WantedAction = Literal[
    "place", "change", "reopen", "fulfil", "unfulfil", "cancel", "correct", "return", "pay", "refund"
]


class OrderError(ShopError):
    """The order is not in the state that the action needs."""

    code = "order_state"


@dataclass(eq=False)
class WrongState(OrderError):
    """The order's status does not allow the action, or not for this member of staff."""

    code = "wrong_state"

    reference: str
    status: str
    wanted: WantedAction


@dataclass(eq=False)
class LinesAreFixed(OrderError):
    """Money was taken for the order, something came back, or a document was issued: no line is corrected."""

    code = "lines_are_fixed"

    reference: str


@dataclass(eq=False)
class ChangedSinceFulfilled(OrderError):
    """Something else has happened to the order since it was fulfilled, so that cannot be undone."""

    code = "changed_since_fulfilled"

    reference: str


@dataclass(eq=False)
class FulfilledTooLongAgo(OrderError):
    code = "fulfilled_too_long_ago"

    reference: str


@dataclass(eq=False)
class FulfilledByOthers(OrderError):
    """Only the person who fulfilled the order, or a manager, can undo that."""

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
    """The typed words match no product, or several; `matches` holds these."""

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
    """The product is retired and cannot be ordered. `product` is its id."""

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
    """The quantities of one product, which may be named several times, add up to too many."""

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


class DiscountChanged(Stale):
    """Somebody else gave another discount."""


class ReasonMissing(InvalidValue):
    """A discount needs a reason."""

    code = "reason_missing"


class NoteChanged(Stale):
    """Somebody else wrote another note."""


@dataclass(frozen=True)
class OrderDifference(Difference):
    """A difference in the customer or the note of an order, or in the line called `name`.

    - field "line": the quantity of a line that was added (`now`) or removed (`was`)
    - field "stock": the quantity that is wanted (`was`) and what is left (`now`)
    - field "total": what is to pay, where a discount or a tax rate is another one
    - field "active": whether the product is on sale
    """

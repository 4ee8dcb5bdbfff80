"""What the services of products and stock raise."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shop.db.errors import InUse, InvalidValue


@dataclass(frozen=True)
class Shortage:
    """A product of which less is left than is wanted. `product` is its id."""

    product: int
    name: str
    wanted: int
    left: int


@dataclass(eq=False)
class OutOfStock(InvalidValue):
    """Less is left than is wanted, of at least one product."""

    code = "out_of_stock"

    shortages: Sequence[Shortage]

    def values(self) -> dict[str, Any]:
        """Returns the first product's values beside the list of all."""
        every = [asdict(shortage) for shortage in self.shortages]
        return every[0] | {"shortages": every}


@dataclass(eq=False)
class StockNotTracked(InvalidValue):
    """The product's stock is not tracked, so it cannot be adjusted."""

    code = "stock_not_tracked"

    product: int


class NoStockChange(InvalidValue):
    """The change of stock is 0."""

    code = "no_stock_change"


@dataclass(eq=False)
class StockTooHigh(InvalidValue):
    code = "stock_too_high"

    stock: int
    most: int


@dataclass(eq=False)
class SkuTaken(InvalidValue):
    """Another product, called `name`, has this SKU."""

    code = "sku_taken"

    sku: str
    name: str


@dataclass(eq=False)
class BarcodeTaken(InvalidValue):
    """Another product, called `name`, has this barcode."""

    code = "barcode_taken"

    barcode: str
    name: str


class ProductInUse(InUse):
    """A product that was ordered or returned, or whose stock has moved."""

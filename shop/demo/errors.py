"""What the services of the demo raise."""

from dataclasses import dataclass

from shop.db.errors import InvalidValue, ShopError


class ShopNotEmpty(ShopError):
    """The database has customers, products or orders already."""

    code = "shop_not_empty"


class ProductsChanged(ShopError):
    """Somebody changed the products while the demo was making orders."""

    code = "products_changed"


@dataclass(eq=False)
class OrderCountOutOfRange(InvalidValue):
    code = "order_count_out_of_range"

    orders: int
    most: int

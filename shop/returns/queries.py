"""Reads of returns."""

from typing import TYPE_CHECKING, Self

from shop.db.querysets import ShopQuerySet

if TYPE_CHECKING:
    from shop.orders.models import Order
    from shop.returns.models import Return, ReturnLine  # noqa: F401


class ReturnQuerySet(ShopQuerySet["Return"]):
    def with_order(self) -> Self:
        """Reads the order too, which holds the balance."""
        return self.select_related("order")


class ReturnLineQuerySet(ShopQuerySet["ReturnLine"]):
    def of_order(self, order: "Order") -> Self:
        """All that came back of an order, the oldest first."""
        return self.filter(of_return__order=order).order_by("of_return", "position", "id")

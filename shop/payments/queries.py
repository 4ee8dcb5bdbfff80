"""Reads of payments."""

from typing import TYPE_CHECKING, Self

from shop.db.querysets import ShopQuerySet

if TYPE_CHECKING:
    from shop.payments.models import Payment  # noqa: F401


class PaymentQuerySet(ShopQuerySet["Payment"]):
    def with_order(self) -> Self:
        """Reads the order too, whose balance the JSON API shows."""
        return self.select_related("order")

    def in_order(self) -> Self:
        """Reads authors, managers who confirmed, and sessions too, the oldest entry first."""
        return self.select_related("author", "confirmed_by", "session").order_by("id")

"""Forms of orders in the admin."""

from typing import ClassVar

from django import forms

from shop.db.errors import ShopError
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.money.errors import PriceOutOfRange, QuantityOutOfRange, TotalTooLarge
from shop.orders.models import Order, OrderLine
from shop.products.errors import OutOfStock
from shop.web.admin_forms import VersionedForm


class OrderAdminForm(VersionedForm):
    """Edits the note, the only field of an order that the admin changes."""

    class Meta:
        model = Order
        fields = ("note",)


class CorrectionForm(VersionedForm):
    """Mends one line of a placed order, and carries the version of the order."""

    field_of: ClassVar = {
        QuantityOutOfRange: "quantity",
        TotalTooLarge: "quantity",
        PriceOutOfRange: "unit_price",
    }
    quantity = forms.IntegerField(min_value=1, max_value=MAX_QUANTITY)
    unit_price = forms.DecimalField(min_value=0, max_value=MAX_AMOUNT, max_digits=18, decimal_places=2)
    reason = forms.CharField(max_length=200, help_text="Goes to the order's timeline, with your name.")

    class Meta:
        model = OrderLine
        fields = ("quantity", "unit_price")

    def get_version(self) -> int:
        """Returns the version of the order: its lines have none of their own."""
        version: int = self.instance.order.version
        return version

    def word(self, error: ShopError) -> str:
        """Words a shortage as what is left: the line already holds the rest."""
        if isinstance(error, OutOfStock):
            [shortage] = error.shortages
            return f"Only {shortage.left} of {shortage.name} left."
        return super().word(error)

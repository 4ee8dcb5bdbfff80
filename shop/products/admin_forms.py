"""Forms of products and their stock in the admin."""

from typing import Any

from shop.products.forms import NewProductForm, ProductForm, StockForm
from shop.products.models import Product, StockMovement
from shop.web.admin_forms import AdminForm, VersionedForm


class ProductAdminForm(VersionedForm, ProductForm):
    class Meta:
        model = Product
        fields = ("name", "sku", "unit_price", "barcode", "active")


class NewProductAdminForm(AdminForm, NewProductForm):
    class Meta:
        model = Product
        fields = ("name", "sku", "unit_price", "barcode")


class MovementForm(AdminForm, StockForm):
    """Moves or counts the stock of a product."""

    class Meta:
        model = StockMovement
        fields = ("product", "quantity", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The product comes first here.
        self.fields["quantity"].widget.attrs.pop("autofocus", None)

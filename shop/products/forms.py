"""The forms of products and their stock, for the pages, the admin and the JSON API."""

from typing import Any, ClassVar

from django import forms

from shop.db.errors import InvalidValue, ShopError
from shop.money.errors import PriceOutOfRange
from shop.products.errors import BarcodeTaken, OutOfStock, SkuTaken
from shop.products.models import MAX_STOCK, Product, StockMovement
from shop.web.forms import ShopForm, ShopModelForm, build_helper


class ProductForm(ShopModelForm):
    """The fields of a product; its stock changes only by movements."""

    field_of: ClassVar = {SkuTaken: "sku", BarcodeTaken: "barcode", PriceOutOfRange: "unit_price"}

    class Meta:
        model = Product
        fields = Product.FIELDS
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
            "sku": forms.TextInput(attrs={"autocomplete": "off"}),
            "unit_price": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            "barcode": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "cost": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        }
        error_messages: ClassVar = {"tax_class": {"invalid_choice": "There is no tax class “%(value)s”."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()
        tax_class = self.fields.get("tax_class")
        if isinstance(tax_class, forms.ModelChoiceField):
            tax_class.empty_label = "None: no tax"

    def clean_sku(self) -> str:
        """Returns the SKU in capitals, so that it is the same however it is typed."""
        return str(self.cleaned_data["sku"] or "").upper()


class NewProductForm(ProductForm):
    """The fields of a new product, and how many of it are in stock."""

    stock = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_STOCK,
        help_text="Leave empty if stock is not counted for this product.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sku"].required = False
        self.fields["sku"].help_text = "Leave empty to have one made."


class StockForm(ShopForm):
    """A signed change of a product's stock, or a count of the stock."""

    field_of: ClassVar = {InvalidValue: "quantity"}
    REASONS: ClassVar = [
        (reason.value, reason.label)
        for reason in (
            StockMovement.Reason.RECEIVED,
            StockMovement.Reason.DAMAGED,
            StockMovement.Reason.COUNTED,
        )
    ]
    quantity = forms.IntegerField(
        min_value=-MAX_STOCK,
        max_value=MAX_STOCK,
        help_text="Received 12: 12. Two broken: -2. Counted: what is there in all.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    reason = forms.ChoiceField(choices=REASONS)
    note = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()

    def word(self, error: ShopError) -> str:
        """Words a shortage without the product's name, which the page shows already."""
        if isinstance(error, OutOfStock):
            return f"Only {error.shortages[0].left} in stock: no more than that can be taken out."
        return super().word(error)

    @property
    def is_count(self) -> bool:
        """Whether the quantity is a count of the stock, not a change. Needs a valid form."""
        return bool(self.cleaned_data["reason"] == StockMovement.Reason.COUNTED)

    def clean(self) -> dict[str, Any]:
        """Refuses a change of 0 and a negative count."""
        data = super().clean() or {}
        quantity, reason = data.get("quantity"), data.get("reason")
        if quantity is None or reason is None:
            return data
        if reason == StockMovement.Reason.COUNTED and quantity < 0:
            self.add_error("quantity", "What was counted is 0 or more.")
        elif reason == StockMovement.Reason.DAMAGED and quantity > 0:
            self.add_error("quantity", f"Damaged or lost goes out: type -{quantity}.")
        elif reason != StockMovement.Reason.COUNTED and quantity == 0:
            self.add_error("quantity", "Give the change: more than 0 came in, less than 0 went out.")
        return data

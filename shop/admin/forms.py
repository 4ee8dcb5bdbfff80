"""Forms of the admin site. They clean as the pages' forms do, and show what a service refused."""

from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict

from shop.errors import ShopError, Stale
from shop.forms.base import ShopModelForm
from shop.forms.customers import CustomerForm
from shop.forms.products import NewProductForm, ProductForm, StockForm
from shop.models import (
    MAX_AMOUNT,
    MAX_QUANTITY,
    ApiToken,
    Customer,
    Order,
    OrderLine,
    Product,
    StockMovement,
    User,
)
from shop.services import authors


class AdminForm(ShopModelForm):
    """Takes `refusal`, set on the class by ShopAdmin.get_form, for an error of its own."""

    refusal: ClassVar[ShopError | None] = None

    def full_clean(self) -> None:
        super().full_clean()
        if self.refusal and self.is_bound:
            self.add_refusal(self.refusal)


class VersionedForm(AdminForm):
    """Knows which version of the row it shows, so that nobody's change is overwritten unseen."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def add_refusal(self, refusal: ShopError) -> None:
        """For Stale also what differs; from then on the form has seen the present version."""
        super().add_refusal(refusal)
        if not isinstance(refusal, Stale):
            return
        differences = authors.named(refusal.differences)
        for each in differences:
            self.add_error(None, f"{each.what}: yours is “{each.mine}”, now it is “{each.now}”.")
        self.add_error(None, f"{authors.sentence(differences[0].change)} Save again to have it your way.")
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("seen_version")] = str(refusal.now.version)
        self.data = data


class CustomerAdminForm(VersionedForm, CustomerForm):
    class Meta:
        model = Customer
        fields = ("name", "phone", "email", "address", "note", "active")


class ProductAdminForm(VersionedForm, ProductForm):
    class Meta:
        model = Product
        fields = ("name", "sku", "unit_price", "barcode", "active")


class NewProductAdminForm(AdminForm, NewProductForm):
    class Meta:
        model = Product
        fields = ("name", "sku", "unit_price", "barcode")


class NoteForm(AdminForm):
    """All of an order that is edited by hand."""

    class Meta:
        model = Order
        fields = ("note",)


class CorrectionForm(AdminForm):
    """Mends one line of a placed order."""

    quantity = forms.IntegerField(min_value=1, max_value=MAX_QUANTITY)
    unit_price = forms.DecimalField(min_value=0, max_value=MAX_AMOUNT, max_digits=18, decimal_places=2)
    reason = forms.CharField(max_length=200, help_text="Goes to the order's timeline, with your name.")

    class Meta:
        model = OrderLine
        fields = ("quantity", "unit_price")


class MovementForm(AdminForm, StockForm):
    """Moves or counts the stock of a product."""

    class Meta:
        model = StockMovement
        fields = ("product", "quantity", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The product comes first here.
        self.fields["quantity"].widget.attrs.pop("autofocus", None)


class TokenForm(AdminForm):
    """Whose token it will be."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True), help_text="The token can do what this user may do."
    )

    class Meta:
        model = ApiToken
        fields = ("user",)

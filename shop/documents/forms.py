"""The form of an invoice: whom it is for."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from shop.customers.models import Customer
from shop.db.errors import ShopError
from shop.documents.errors import InvoiceNeedsName
from shop.web.forms import ShopForm, build_helper


class InvoiceForm(ShopForm):
    field_of: ClassVar[Mapping[type[ShopError], str]] = {InvoiceNeedsName: "name"}

    name = forms.CharField(max_length=Customer._meta.get_field("name").max_length)
    address = forms.CharField(
        max_length=Customer._meta.get_field("address").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def helper(self) -> object:
        """How crispy draws it."""
        return build_helper()

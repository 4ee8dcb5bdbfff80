"""The forms of an invoice: whom it is for, and why it is withdrawn."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from shop.customers.models import Customer
from shop.db.errors import ShopError
from shop.documents.errors import InvoiceNeedsName, WithdrawalNeedsReason
from shop.web.forms import ShopForm, build_helper


class InvoiceForm(ShopForm):
    field_of: ClassVar[Mapping[type[ShopError], str]] = {InvoiceNeedsName: "name"}

    name = forms.CharField(max_length=Customer._meta.get_field("name").max_length)
    address = forms.CharField(
        max_length=Customer._meta.get_field("address").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.helper = build_helper()


class WithdrawalForm(ShopForm):
    field_of: ClassVar[Mapping[type[ShopError], str]] = {WithdrawalNeedsReason: "reason"}

    reason = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Wrong name, wrong address …"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.helper = build_helper()

"""The form of a customer, for the pages, the admin and the JSON API."""

from typing import Any, ClassVar

from django import forms

from shop.customers.models import Customer
from shop.web.forms import ShopModelForm, build_helper


class CustomerForm(ShopModelForm):
    class Meta:
        model = Customer
        fields = Customer.FIELDS
        widgets: ClassVar = {
            "name": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "address": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = build_helper()

"""The filters above the list of orders."""

from typing import Any, ClassVar

import django_filters as filters
from django import forms

from shop.orders.models import Order
from shop.staff.models import User
from shop.web.filters import ShopFilterSet, make_text_filter


class OrderFilter(ShopFilterSet):
    q = make_text_filter("Reference", "with_reference", placeholder="K7M-2QX4")
    status = filters.ChoiceFilter(choices=Order.Status.choices, empty_label="Any")
    first = filters.DateFilter(
        label="From", method="from_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = filters.DateFilter(
        label="To", method="to_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    customer = make_text_filter("Customer", "of_customer", placeholder="Name or phone")
    product = make_text_filter("Product", "with_product", placeholder="Name, SKU or barcode")
    clerk = filters.ModelChoiceFilter(
        label="Clerk", method="by_clerk", queryset=User.objects.order_by("username"), empty_label="Anyone"
    )

    class Meta:
        model = Order
        fields: ClassVar = ["q", "status"]

    def with_reference(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_reference(value)

    def from_day(self, rows: Any, name: str, value: Any) -> Any:
        return rows.dated(value, None)

    def to_day(self, rows: Any, name: str, value: Any) -> Any:
        return rows.dated(None, value)

    def of_customer(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_customer(value)

    def with_product(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_product(value)

    def by_clerk(self, rows: Any, name: str, value: User) -> Any:
        return rows.by_clerk(value.pk)

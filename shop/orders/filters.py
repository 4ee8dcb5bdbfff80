"""The filters above the list of orders."""

from typing import Any, ClassVar

import django_filters as filters
from django import forms

from shop.orders.models import Order
from shop.orders.money_columns import OPEN_BALANCE
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
    customer = make_text_filter("Customer", "matching_customer", placeholder="Name or phone")
    product = make_text_filter("Product", "matching_product", placeholder="Name, SKU or barcode")
    clerk = filters.ModelChoiceFilter(
        label="Clerk", method="by_clerk", queryset=User.objects.order_by("username"), empty_label="Anyone"
    )

    money = filters.ChoiceFilter(
        label="Money",
        method="by_balance",
        choices=[("to_pay", "To pay"), ("to_refund", "To refund"), ("settled", "Settled")],
        empty_label="Any",
    )

    class Meta:
        model = Order
        fields: ClassVar = ["q", "status"]

    def with_reference(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_reference(value)

    def from_day(self, rows: Any, name: str, value: Any) -> Any:
        return rows.between_days(value, None)

    def to_day(self, rows: Any, name: str, value: Any) -> Any:
        return rows.between_days(None, value)

    def matching_customer(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching_customer(value)

    def matching_product(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching_product(value)

    def by_clerk(self, rows: Any, name: str, value: User) -> Any:
        return rows.by_clerk(value.pk)

    def by_balance(self, rows: Any, name: str, value: str) -> Any:
        """Keeps the orders with something to pay or to refund, or with nothing open.

        Orders for which no money is kept are none of these.
        """
        if value == "settled":
            return rows.filter(balance=0)
        is_open = {"balance__gt": 0} if value == "to_pay" else {"balance__lt": 0}
        return rows.filter(OPEN_BALANCE, **is_open)

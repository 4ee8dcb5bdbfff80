"""The filters above the list of customers."""

from typing import Any, ClassVar

import django_filters as filters

from shop.customers.models import Customer
from shop.web.filters import ACTIVITY_CHOICES, ShopFilterSet, make_text_filter


class CustomerFilter(ShopFilterSet):
    q = make_text_filter("Search", "search", placeholder="Name or phone")
    shown = filters.ChoiceFilter(
        label="Show", method="filter_by_activity", choices=ACTIVITY_CHOICES, empty_label="Active"
    )

    class Meta:
        model = Customer
        fields: ClassVar = ["q"]

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("shown"):
            queryset = queryset.active()
        return super().filter_queryset(queryset)

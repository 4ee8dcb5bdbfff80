"""The filters above the list of products."""

from typing import Any, ClassVar

import django_filters as filters

from shop.products.models import Product
from shop.web.filters import ACTIVITY_CHOICES, ShopFilterSet, make_text_filter


class ProductFilter(ShopFilterSet):
    q = make_text_filter("Search", "search", placeholder="Name, SKU or barcode")
    stock = filters.ChoiceFilter(
        label="Stock",
        method="in_stock",
        choices=[("low", "Low or sold out"), ("tracked", "Tracked"), ("untracked", "Not tracked")],
        empty_label="Any",
    )
    shown = filters.ChoiceFilter(
        label="Show", method="filter_by_activity", choices=ACTIVITY_CHOICES, empty_label="Active"
    )

    class Meta:
        model = Product
        fields: ClassVar = ["q"]

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("shown"):
            queryset = queryset.active()
        return super().filter_queryset(queryset)

    def in_stock(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_stock(value)

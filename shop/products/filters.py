"""The filters above the list of products."""

from typing import Any, ClassVar

import django_filters as filters

from shop.products.models import Product
from shop.web.filters import RetirableFilterSet, make_activity_filter, make_text_filter


class ProductFilter(RetirableFilterSet):
    q = make_text_filter("Search", "search", placeholder="Name, SKU or barcode")
    stock = filters.ChoiceFilter(
        label="Stock",
        method="by_stock",
        choices=[("low", "Low or sold out"), ("tracked", "Tracked"), ("untracked", "Not tracked")],
        empty_label="Any",
    )
    shown = make_activity_filter()

    class Meta:
        model = Product
        fields: ClassVar = ["q"]

    def by_stock(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter_by_stock(value)

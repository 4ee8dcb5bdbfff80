"""The filters above the list of documents."""

from typing import Any, ClassVar

import django_filters as filters

from shop.documents.models import Document
from shop.web.filters import ShopFilterSet, make_text_filter


class DocumentFilter(ShopFilterSet):
    q = make_text_filter("Number or order", "with_number", placeholder="T1-12")
    kind = filters.ChoiceFilter(choices=Document.Kind.choices, empty_label="Any")

    class Meta:
        model = Document
        fields: ClassVar = ["q", "kind"]

    def with_number(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_number(value)

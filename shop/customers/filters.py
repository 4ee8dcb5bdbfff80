"""The filters above the list of customers."""

from typing import ClassVar

from shop.customers.models import Customer
from shop.web.filters import RetirableFilterSet, make_activity_filter, make_text_filter


class CustomerFilter(RetirableFilterSet):
    q = make_text_filter("Search", "search", placeholder="Name or phone")
    shown = make_activity_filter()

    class Meta:
        model = Customer
        fields: ClassVar = ["q"]

"""The filters above each list; what they mean is said by the QuerySets."""

from typing import Any, ClassVar

import django_filters as filters
from django import forms

from shop.forms.base import helper
from shop.models import Customer, Order, Product, User


def _text(label: str, method: str, **attrs: Any) -> filters.CharFilter:
    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off", **attrs})
    return filters.CharFilter(label=label, method=method, widget=widget)


class ShopFilterSet(filters.FilterSet):
    """Filters whose methods call the QuerySet's."""

    def __init__(self, *args: Any, best_first: bool = False, **kwargs: Any) -> None:
        """`best_first` sorts what a search finds by how well it matches."""
        super().__init__(*args, **kwargs)
        self.best_first = best_first

    @property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        form.helper = helper()  # type: ignore[attr-defined]  # crispy looks for it there
        form.fields["q"].widget.attrs |= {"data-shortcut": "/", "aria-keyshortcuts": "/"}
        return form

    @property
    def count_beside_search(self) -> int:
        """How many filters are set besides the search, which a phone shows when it folds the others."""
        values = self.form.cleaned_data.items()
        return sum(name != "q" and value not in (None, "", []) for name, value in values)

    @property
    def is_used(self) -> bool:
        """Whether any filter is set."""
        return any(value not in (None, "", []) for value in self.form.cleaned_data.values())

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Every typed word begins a word."""
        return rows.best_first(value) if self.best_first else rows.search(value)

    def shown(self, rows: Any, name: str, value: str) -> Any:
        """Active ones unless retired ones, or all, are asked for."""
        return rows.shown(value)


SHOWN = [("retired", "Retired"), ("all", "All")]


class CustomerFilter(ShopFilterSet):
    q = _text("Search", "search", placeholder="Name or phone")
    shown = filters.ChoiceFilter(label="Show", method="shown", choices=SHOWN, empty_label="Active")

    class Meta:
        model = Customer
        fields: ClassVar = ["q"]

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("shown"):
            queryset = queryset.active()
        return super().filter_queryset(queryset)


class ProductFilter(ShopFilterSet):
    q = _text("Search", "search", placeholder="Name, SKU or barcode")
    stock = filters.ChoiceFilter(
        label="Stock",
        method="in_stock",
        choices=[("low", "Low or sold out"), ("tracked", "Tracked"), ("untracked", "Not tracked")],
        empty_label="Any",
    )
    shown = filters.ChoiceFilter(label="Show", method="shown", choices=SHOWN, empty_label="Active")

    class Meta:
        model = Product
        fields: ClassVar = ["q"]

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("shown"):
            queryset = queryset.active()
        return super().filter_queryset(queryset)

    def in_stock(self, rows: Any, name: str, value: str) -> Any:
        """Low, tracked or untracked products."""
        return rows.with_stock(value)


class OrderFilter(ShopFilterSet):
    q = _text("Reference", "with_reference", placeholder="K7M-2QX4")
    status = filters.ChoiceFilter(choices=Order.Status.choices, empty_label="Any")
    first = filters.DateFilter(
        label="From", method="from_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = filters.DateFilter(
        label="To", method="to_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    customer = _text("Customer", "of_customer", placeholder="Name or phone")
    product = _text("Product", "with_product", placeholder="Name, SKU or barcode")
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

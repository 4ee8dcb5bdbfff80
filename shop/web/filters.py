"""The base class of the filters above lists. The QuerySets do the filtering."""

from typing import Any

import django_filters as filters
from django import forms

from shop.web.forms import build_helper


def make_text_filter(label: str, method: str, **attrs: Any) -> filters.CharFilter:
    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off", **attrs})
    return filters.CharFilter(label=label, method=method, widget=widget)


def make_activity_filter() -> filters.ChoiceFilter:
    """Returns the filter `shown` of a RetirableFilterSet."""
    return filters.ChoiceFilter(
        label="Active or retired",
        method="filter_by_activity",
        choices=[("retired", "Retired"), ("all", "All")],
        empty_label="Active",
    )


class ShopFilterSet(filters.FilterSet):
    """Filters that call methods of the QuerySet."""

    def __init__(self, *args: Any, best_first: bool = False, **kwargs: Any) -> None:
        """With `best_first`, search results are sorted by how well they match."""
        super().__init__(*args, **kwargs)
        self.best_first = best_first

    @property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        form.helper = build_helper()  # type: ignore[attr-defined]  # crispy looks for it there
        form.fields["q"].widget.attrs |= {"data-shortcut": "/", "aria-keyshortcuts": "/"}
        return form

    @property
    def count_beside_search(self) -> int:
        """Returns the number of set filters besides the search. Phones show it beside the folded filters."""
        values = self.form.cleaned_data.items()
        return sum(name != "q" and value not in (None, "", []) for name, value in values)

    @property
    def is_used(self) -> bool:
        return any(value not in (None, "", []) for value in self.form.cleaned_data.values())

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Keeps the rows in which each typed word begins a word."""
        return rows.best_first(value) if self.best_first else rows.search(value)


class RetirableFilterSet(ShopFilterSet):
    """Filters of rows that can be retired. They have `shown`; without a choice retired rows are left out."""

    def filter_by_activity(self, rows: Any, name: str, value: str) -> Any:
        """Keeps retired rows for "retired", else all."""
        return rows.filter_by_activity(value)

    def filter_queryset(self, queryset: Any) -> Any:
        if not self.form.cleaned_data.get("shown"):
            queryset = queryset.active()
        return super().filter_queryset(queryset)

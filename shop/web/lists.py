"""Renders lists in keyset pages, so that page ten thousand costs as much as page one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django_htmx.http import replace_url

from shop.db.querysets import ShopQuerySet
from shop.search.querysets import MATCH_ORDER
from shop.web.filters import ShopFilterSet
from shop.web.requests import StaffRequest

PAGE_SIZE = 50

#: Characters of a query that is redirected; no form of ours sends a longer one.
MAX_QUERY = 4000


@dataclass(frozen=True)
class Sort:
    """A way to sort a list: its label, and the two fields for `ShopQuerySet.after`.

    `fields_of_search` sort the rows that a search found, where that is another order.
    """

    label: str
    fields: tuple[str, str]
    fields_of_search: tuple[str, str] | None = None


@dataclass(frozen=True)
class Listing:
    """A list of one noun: its page, its filters and its sorts, of which the first is the default."""

    noun: str
    template: str
    filters: type[ShopFilterSet]
    sorts: Mapping[str, Sort]

    def keep_query(self, query: QueryDict) -> str:
        """Returns filters and sort as a query, without empty values, the default sort and the cursor."""
        kept = {name: query.get(name, "").strip() for name in self.filters.base_filters}
        sort = query.get("sort", "")
        kept["sort"] = sort if sort in self.sorts and sort != next(iter(self.sorts)) else ""
        return urlencode({name: value for name, value in kept.items() if value})

    def select(self, query: QueryDict, rows: ShopQuerySet[Any]) -> "Selection":
        """Selects the rows that `query` asks for."""
        sort = query.get("sort", "")
        if sort not in self.sorts:
            sort = next(iter(self.sorts))
        by = self.sorts[sort]
        filters = self.filters(query, rows, best_first=by.fields_of_search is not None)
        rows = filters.qs
        order_by = (
            by.fields_of_search
            if by.fields_of_search and getattr(rows, "is_best_first", False)
            else by.fields
        )
        return Selection(filters, rows, sort, order_by)


@dataclass(frozen=True)
class Selection:
    """All rows that a query string asks for, and how they are sorted."""

    filters: ShopFilterSet
    rows: ShopQuerySet[Any]
    sort: str
    order_by: tuple[str, str]


@dataclass(frozen=True)
class ListPage:
    """One page of rows; the addresses are query strings, empty where there is no such page."""

    listing: Listing
    rows: list[Any]
    next: str
    first: str
    filters: ShopFilterSet
    sort: str
    #: The query string that a saved view would store; empty for the default list.
    query: str
    #: The same with the cursor of this page.
    address: str

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The names and labels of all sorts."""
        return [(name, choice.label) for name, choice in self.listing.sorts.items()]

    @property
    def sort_label(self) -> str:
        """Returns the label of the sort; nothing for the default sort."""
        return "" if self.sort == next(iter(self.listing.sorts)) else self.listing.sorts[self.sort].label


def render_list(request: StaffRequest, listing: Listing, rows: ShopQuerySet[Any]) -> HttpResponse:
    """Renders the list, or for htmx its results, under the address without empty fields.

    A form without JavaScript sends all fields, so it is redirected to that address.
    """
    query = _join_query(listing.keep_query(request.GET), request.GET.get("after", ""))
    address = f"{request.path}?{query}" if query else request.path
    if request.htmx:
        page = read_page(request, listing, rows)
        return replace_url(render(request, f"{listing.template}#results", {"page": page}), address)
    if len(query) <= MAX_QUERY and sorted(request.GET.lists()) != sorted(QueryDict(query).lists()):
        return redirect(address)
    return render(request, listing.template, {"page": read_page(request, listing, rows)})


def _join_query(kept: str, cursor: str) -> str:
    """Returns the query string of the page that begins after `cursor`; of the first one without."""
    return "&".join(part for part in (kept, cursor and urlencode({"after": cursor})) if part)


def read_page(request: StaffRequest, listing: Listing, rows: ShopQuerySet[Any]) -> ListPage:
    """Reads the page that the query string asks for. Raises Http404 for a cursor that no page gave out."""
    selection = listing.select(request.GET, rows)
    order_by, cursor = selection.order_by, request.GET.get("after", "")
    values = _decode_cursor(rows.model, order_by, cursor) if cursor else None
    read = list(selection.rows.after(order_by, values)[: PAGE_SIZE + 1])
    query = listing.keep_query(request.GET)
    cursor_after = _encode_cursor(read[PAGE_SIZE - 1], order_by) if len(read) > PAGE_SIZE else ""
    return ListPage(
        listing=listing,
        rows=read[:PAGE_SIZE],
        next=f"?{_join_query(query, cursor_after)}" if cursor_after else "",
        first=(f"?{query}" if query else request.path) if cursor else "",
        filters=selection.filters,
        sort=selection.sort,
        query=query,
        address=_join_query(query, cursor),
    )


def _get_sort_fields(model: type[models.Model], order_by: tuple[str, str]) -> "list[models.Field[Any, Any]]":
    """Returns the fields that read a cursor's values; of a generated column, the field of its values."""
    fields = [model._meta.get_field(name.lstrip("-")) for name in order_by]
    return [cast("models.Field[Any, Any]", getattr(field, "output_field", field)) for field in fields]


def _encode_cursor(row: Any, order_by: tuple[str, str]) -> str:
    if order_by == MATCH_ORDER:
        values = [bytes(row.matched).decode(), row.matched_id]
    else:
        values = [str(getattr(row, name.lstrip("-"))) for name in order_by]
    return _make_signer(type(row), order_by).sign_object(values, compress=True)


def _decode_cursor(model: type[models.Model], order_by: tuple[str, str], cursor: str) -> tuple[Any, ...]:
    try:
        values = _make_signer(model, order_by).unsign_object(cursor)
    except BadSignature as error:
        raise Http404("This page of the list does not exist.") from error
    if order_by == MATCH_ORDER:
        return values[0].encode(), values[1]
    fields = _get_sort_fields(model, order_by)
    return tuple(field.to_python(value) for field, value in zip(fields, values, strict=True))


def _make_signer(model: type[models.Model], order_by: tuple[str, str]) -> Signer:
    """Makes the signer of cursors, which are valid for one list and one sort."""
    return Signer(salt=" ".join([model.__name__, *order_by]), sep=".")

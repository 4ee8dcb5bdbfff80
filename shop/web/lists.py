"""Lists in keyset pages: page one and page ten thousand cost the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.db import models
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django_htmx.http import replace_url

from shop.db.querysets import ShopQuerySet
from shop.saved_views.models import SavedView
from shop.search.querysets import MATCHED
from shop.web.filters import ShopFilterSet
from shop.web.requests import StaffRequest

PAGE_SIZE = 50

#: Longer addresses are answered as they are: no form of ours sends them.
MAX_QUERY = 4000


@dataclass(frozen=True)
class Sort:
    """A way to sort a list: two fields, as `after()` wants them, and what it is called.

    `found` are the fields where a search found the rows, if that sorts them by something else.
    """

    label: str
    fields: tuple[str, str]
    found: tuple[str, str] | None = None


@dataclass(frozen=True)
class ListPage:
    """One page of rows; the addresses are query strings, empty where there is no such page."""

    rows: list[Any]
    next: str
    first: str
    filters: ShopFilterSet
    sort: str
    sorts: list[tuple[str, str]]
    #: What the sort is called; nothing for the default.
    sort_label: str
    #: What a saved view of this page would keep; empty for the list as it comes.
    query: str
    #: What the address of this page says: the same, and where the page begins.
    address: str
    views: list["ViewLink"]
    #: The name of the URL where views are saved.
    views_url: str

    @property
    def is_saved(self) -> bool:
        """Whether this is one of the views already."""
        return any(link.current for link in self.views)


@dataclass(frozen=True)
class ViewLink:
    """A saved view above a list."""

    view: SavedView
    current: bool


@dataclass(frozen=True)
class Found:
    """All rows that a query string asks for, and how they are sorted."""

    filters: ShopFilterSet
    rows: ShopQuerySet[Any]
    sort: str
    order_by: tuple[str, str]


def found(
    query: QueryDict,
    filter_class: type[ShopFilterSet],
    rows: ShopQuerySet[Any],
    sorts: Mapping[str, Sort],
) -> Found:
    """The rows that `query` asks for; the first of `sorts` is the default."""
    sort = query.get("sort", "")
    if sort not in sorts:
        sort = next(iter(sorts))
    by = sorts[sort]
    filters = filter_class(query, rows, best_first=by.found is not None)
    rows = filters.qs
    order_by = by.found if by.found and getattr(rows, "is_best_first", False) else by.fields
    return Found(filters, rows, sort, order_by)


def render_list(
    request: StaffRequest,
    template: str,
    filter_class: type[ShopFilterSet],
    rows: ShopQuerySet[Any],
    sorts: Mapping[str, Sort],
) -> HttpResponse:
    """Answers with the list, or for htmx with its results, under the address that holds only what is set.

    A form without JavaScript sends every field: it is redirected there.
    """
    query = _address(request.GET, filter_class, sorts)
    address = f"{request.path}?{query}" if query else request.path
    if request.htmx:
        page = list_page(request, filter_class, rows, sorts)
        return replace_url(render(request, f"{template}#results", {"page": page}), address)
    if len(query) <= MAX_QUERY and sorted(request.GET.lists()) != sorted(QueryDict(query).lists()):
        return redirect(address)
    return render(request, template, {"page": list_page(request, filter_class, rows, sorts)})


def _address(query: QueryDict, filter_class: type[ShopFilterSet], sorts: Mapping[str, Sort]) -> str:
    return _page_query(kept_query(query, filter_class, sorts), query.get("after", ""))


def _page_query(kept: str, cursor: str) -> str:
    """The query string of the page that begins after `cursor`; of the first one without."""
    return "&".join(part for part in (kept, cursor and urlencode({"after": cursor})) if part)


def list_page(
    request: StaffRequest,
    filter_class: type[ShopFilterSet],
    rows: ShopQuerySet[Any],
    sorts: Mapping[str, Sort],
    size: int = PAGE_SIZE,
) -> ListPage:
    """The page that the query string asks for; the first of `sorts` is the default.

    Raises Http404 for a cursor that no page gave out.
    """
    asked = found(request.GET, filter_class, rows, sorts)
    order_by, noun = asked.order_by, str(rows.model._meta.model_name)
    cursor = request.GET.get("after", "")
    values = _decode(rows.model, order_by, cursor) if cursor else None
    shown = list(asked.rows.after(order_by, values)[: size + 1])
    query = kept_query(request.GET, filter_class, sorts)
    return ListPage(
        rows=shown[:size],
        next=f"?{_page_query(query, _encode(shown[size - 1], order_by))}" if len(shown) > size else "",
        first=(f"?{query}" if query else request.path) if cursor else "",
        filters=asked.filters,
        sort=asked.sort,
        sorts=[(name, choice.label) for name, choice in sorts.items()],
        sort_label="" if asked.sort == next(iter(sorts)) else sorts[asked.sort].label,
        query=query,
        address=_address(request.GET, filter_class, sorts),
        views=_links(offered_views(request, noun), query, filter_class, sorts),
        views_url=f"{noun}-views",
    )


def _links(
    views: list[SavedView], query: str, filter_class: type[ShopFilterSet], sorts: Mapping[str, Sort]
) -> list[ViewLink]:
    """Their views, however they are written, compared with what the page shows."""
    return [ViewLink(view, kept_query(QueryDict(view.query), filter_class, sorts) == query) for view in views]


def offered_views(request: StaffRequest, noun: str) -> list[SavedView]:
    """The views of one list: their own ones first."""
    views = SavedView.objects.on_list(noun).offered(request.user.pk)
    return sorted(views, key=attrgetter("is_shared"))


def kept_query(query: QueryDict, filter_class: type[ShopFilterSet], sorts: Mapping[str, Sort]) -> str:
    """Filters and sort in one way of writing: without what is empty or the default, or a cursor."""
    kept = {name: query.get(name, "").strip() for name in filter_class.base_filters}
    sort = query.get("sort", "")
    kept["sort"] = sort if sort in sorts and sort != next(iter(sorts)) else ""
    return urlencode({name: value for name, value in kept.items() if value})


def _fields(model: type[models.Model], order_by: tuple[str, str]) -> "list[models.Field[Any, Any]]":
    return [cast("models.Field[Any, Any]", model._meta.get_field(name.lstrip("-"))) for name in order_by]


def _encode(row: Any, order_by: tuple[str, str]) -> str:
    if order_by == MATCHED:
        values = [bytes(row.matched).decode(), row.matched_id]
    else:
        values = [field.value_to_string(row) for field in _fields(type(row), order_by)]
    return _signer(type(row), order_by).sign_object(values, compress=True)


def _decode(model: type[models.Model], order_by: tuple[str, str], cursor: str) -> tuple[Any, ...]:
    try:
        values = _signer(model, order_by).unsign_object(cursor)
    except BadSignature as error:
        raise Http404("This page of the list does not exist.") from error
    if order_by == MATCHED:
        return values[0].encode(), values[1]
    fields = _fields(model, order_by)
    return tuple(field.to_python(value) for field, value in zip(fields, values, strict=True))


def _signer(model: type[models.Model], order_by: tuple[str, str]) -> Signer:
    """A cursor is good for the list and the sort that gave it out, as it was given out."""
    return Signer(salt=" ".join([model.__name__, *order_by]), sep=".")

"""Lists in keyset pages: page one and page ten thousand cost the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.signing import BadSignature, Signer
from django.db import models
from django.http import Http404, QueryDict

from shop.filters import ShopFilterSet
from shop.queries import MATCHED, ShopQuerySet
from shop.views.requests import StaffRequest

PAGE_SIZE = 50


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
    sort = request.GET.get("sort", "")
    if sort not in sorts:
        sort = next(iter(sorts))
    by = sorts[sort]
    filters = filter_class(request.GET, rows, best_first=by.found is not None)
    rows = filters.qs
    order_by = by.found if by.found and getattr(rows, "is_best_first", False) else by.fields
    cursor = request.GET.get("after", "")
    values = _decode(rows.model, order_by, cursor) if cursor else None
    found = list(rows.after(order_by, values)[: size + 1])
    following = _with(request.GET, after=_encode(found[size - 1], order_by)) if len(found) > size else ""
    first = _with(request.GET, after="") or "?" if cursor else ""
    labels = [(name, choice.label) for name, choice in sorts.items()]
    return ListPage(found[:size], following, first, filters, sort, labels)


def _with(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}" if changed else ""


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

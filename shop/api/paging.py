"""Answers lists of rows in pages, sorted by id."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest, JsonResponse
from django.utils.http import urlencode

from shop.api.responses import RequestRefused, make_response
from shop.db.ids import MAX_ID
from shop.db.querysets import ShopQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)

#: Rows of a page: the maximum, and the default.
PAGE_SIZE = 1000

_NUMBER = re.compile(r"0*([0-9]{1,19})")


def parse_row_id(digits: str) -> int:
    """Parses an id from an address; returns 0, which no row has, for an id that is too large."""
    number = _NUMBER.fullmatch(digits)
    pk = int(number[1]) if number else 0
    return pk if pk <= MAX_ID else 0


def list_rows(
    request: HttpRequest,
    rows: ShopQuerySet[ModelT],
    pk: int | None,
    serialize: Callable[[ModelT], dict[str, Any]],
    *,
    read_rest: Callable[[list[ModelT]], list[ModelT]] = lambda page: page,
) -> JsonResponse:
    """Returns an array: the row `pk`, empty where there is none; without `pk`, one page of all `rows`.

    A page has `?limit=` rows (1 to 1,000) with ids beyond `?after=`. While there are more,
    `Link` gives the next page's address, relative to this one. `read_rest` reads what belongs to
    the rows; where that is too much for a page, it returns only the first. Raises RequestRefused.
    """
    if pk is not None:
        return make_response([serialize(row) for row in read_rest(list(rows.in_bulk([pk]).values()))])
    limit = _read_parameter(request, "limit", PAGE_SIZE, range(1, PAGE_SIZE + 1))
    after = _read_parameter(request, "after", 0, range(MAX_ID + 1))
    found = list(rows.after(("id", "id"), (after, after))[: limit + 1])
    page = read_rest(found[:limit])
    response = make_response([serialize(row) for row in page])
    if len(found) > len(page):
        query = urlencode({"limit": limit, "after": page[-1].pk})
        response.headers["Link"] = f'<{request.path}?{query}>; rel="next"'
    return response


def _read_parameter(request: HttpRequest, name: str, otherwise: int, allowed: range) -> int:
    text = request.GET.get(name)
    if text is None:
        return otherwise
    number = _NUMBER.fullmatch(text)
    if not number or int(number[1]) not in allowed:
        sentence = f"{name} is a whole number from {allowed[0]} to {allowed[-1]}."
        raise RequestRefused(400, "bad_parameter", sentence, fields={name: sentence})
    return int(number[1])

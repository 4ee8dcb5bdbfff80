"""The API's answers. Each call makes a new response object: two users never share one."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from shop.db.errors import Busy, ShopError

_API_PATH = re.compile(r"/(customer|product|order|ping)(/|\Z)")

#: What the forms and services call a field, and what the JSON calls it.
JSON_NAMES = {"unit_price": "price", "quantity": "products"}


class Refused(ShopError):
    """A request that the API itself refuses, before any service is asked."""

    def __init__(
        self, status: int, code: str, detail: str, *, fields: Mapping[str, str] | None = None, **headers: str
    ) -> None:
        super().__init__(detail)
        self.status, self.code = status, code
        self.fields = dict(fields or {})
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def is_api(request: HttpRequest) -> bool:
    """Whether this address is one of the API's, so that every answer to it is JSON."""
    return _API_PATH.match(request.path_info) is not None


def answer(data: Mapping[str, Any] | list[dict[str, Any]], status: int = 200) -> JsonResponse:
    """`data` as JSON that no cache keeps."""
    return JsonResponse(data, safe=False, status=status, headers={"Cache-Control": "no-store"})


def empty(**headers: str) -> HttpResponse:
    """200 without a body, as the tutorial answers to DELETE."""
    return HttpResponse(content_type="text/plain", headers={"Cache-Control": "no-store"} | headers)


def error(code: str, detail: str, status: int, fields: Mapping[str, str] | None = None) -> JsonResponse:
    """The one shape of every error: `code` for programs, `detail` for people, `fields` by name."""
    return answer({"error": code, "detail": detail, "fields": dict(fields or {})}, status)


def refusal(exception: ShopError | Busy) -> JsonResponse:
    """What was raised, with its own status; fields carry the names that the JSON has."""
    named: dict[str, str] = {}
    for field, sentence in getattr(exception, "fields", {}).items():
        name = JSON_NAMES.get(field, field)
        named[name] = f"{named[name]} {sentence}" if name in named else sentence
    response = error(exception.code, exception.detail, exception.status, named)
    for header, value in getattr(exception, "headers", {}).items():
        response.headers[header] = value
    if isinstance(exception, Busy):
        response.headers["Retry-After"] = str(exception.retry_after)
    return response

"""The API's answers. Each call makes a new response object: two users never share one."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from shop.db.errors import Busy, ShopError
from shop.web.wording import word_error

_API_PATH = re.compile(r"/(customer|product|order|ping)(/|\Z)")


class RequestRefused(ShopError):
    """A request that the API itself refuses, before any service is asked, in its own words."""

    def __init__(
        self, status: int, code: str, detail: str, *, fields: Mapping[str, str] | None = None, **headers: str
    ) -> None:
        super().__init__(detail)
        self.http_status, self.code, self.detail = status, code, detail  # type: ignore[misc]
        self.fields = dict(fields or {})
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def is_api_request(request: HttpRequest) -> bool:
    """Whether this address is one of the API's, so that every answer to it is JSON."""
    return _API_PATH.match(request.path_info) is not None


def make_response(data: Mapping[str, Any] | list[dict[str, Any]], status: int = 200) -> JsonResponse:
    """`data` as JSON that no cache keeps."""
    return JsonResponse(data, safe=False, status=status, headers={"Cache-Control": "no-store"})


def make_empty_response(**headers: str) -> HttpResponse:
    """200 without a body, as the tutorial answers to DELETE."""
    return HttpResponse(content_type="text/plain", headers={"Cache-Control": "no-store"} | headers)


@word_error.register
def _(error: RequestRefused) -> str:
    return error.detail


def write_error(code: str, detail: str, status: int, **more: Any) -> JsonResponse:
    """The one shape of every error: `code` for programs, `detail` for people, `fields` by name.

    `more` are the values that the code is about, and the fields where there are any.
    """
    return make_response({"fields": {}} | more | {"error": code, "detail": detail}, status)


def write_refusal(exception: ShopError | Busy, fields: Mapping[str, str] | None = None) -> JsonResponse:
    """What was raised, with its own status and values; `fields` are the JSON's that it is about."""
    more = exception.values() if isinstance(exception, ShopError) else {}
    if fields:
        more["fields"] = dict(fields)
    response = write_error(exception.code, word_error(exception), exception.http_status, **more)
    for header, value in getattr(exception, "headers", {}).items():
        response.headers[header] = value
    if isinstance(exception, Busy):
        response.headers["Retry-After"] = str(exception.retry_after)
    return response

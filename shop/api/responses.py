"""Makes the responses of the API. Each call makes a new object, so two users never share one."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from shop.db.errors import Busy, ShopError
from shop.web.wording import word_error

_API_PATH = re.compile(r"/(customer|product|order|ping)(/|\Z)")


class RequestRefused(ShopError):
    """The API refuses a request before it calls a service."""

    def __init__(
        self, status: int, code: str, detail: str, *, fields: Mapping[str, str] | None = None, **headers: str
    ) -> None:
        super().__init__(detail)
        self.http_status, self.code, self.detail = status, code, detail  # type: ignore[misc]
        self.fields = dict(fields or {})
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def is_api_request(request: HttpRequest) -> bool:
    """Whether the address belongs to the API, whose responses are all JSON."""
    return _API_PATH.match(request.path_info) is not None


def make_response(data: Mapping[str, Any] | list[dict[str, Any]], status: int = 200) -> JsonResponse:
    """Returns `data` as JSON that no cache stores."""
    return JsonResponse(data, safe=False, status=status, headers={"Cache-Control": "no-store"})


def make_empty_response(**headers: str) -> HttpResponse:
    """Returns 200 without a body, as the tutorial answers a DELETE."""
    return HttpResponse(content_type="text/plain", headers={"Cache-Control": "no-store"} | headers)


@word_error.register
def _(error: RequestRefused) -> str:
    return error.detail


def write_error(code: str, detail: str, status: int, /, **more: Any) -> JsonResponse:
    """Returns an error, always in the same form: `error` for programs, `detail` for people, `fields` by name.

    `more` are the values of the error, and its fields where there are any.
    """
    return make_response({"fields": {}} | more | {"error": code, "detail": detail}, status)


def write_refusal(exception: ShopError | Busy, fields: Mapping[str, str] | None = None) -> JsonResponse:
    """Returns what a service raised as an error; `fields` are the JSON fields that it is about."""
    more = exception.values() if isinstance(exception, ShopError) else {}
    if fields:
        more["fields"] = dict(fields)
    response = write_error(exception.code, word_error(exception), exception.http_status, **more)
    for header, value in getattr(exception, "headers", {}).items():
        response.headers[header] = value
    if isinstance(exception, Busy):
        response.headers["Retry-After"] = str(exception.retry_after)
    return response

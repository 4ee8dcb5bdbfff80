"""Refuses requests in another charset than UTF-8.

Django looks the name up among Python's codecs and decodes the address with it while it makes the request.
Some codecs (rot13, base64) decode no text, which raises an error before any middleware runs.
So the name is taken out of the header before Django reads it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from shop.web import error_pages

UTF_8 = {"utf-8", "utf8"}
CHARSET_KEY = "shop.charset"
DETAIL = "Send it as UTF-8: leave the charset out, or write charset=utf-8."

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\";]*)\"?[^;]*", re.IGNORECASE)


def set_charset_aside(environ: dict[str, Any]) -> None:
    """Moves the charset of a request out of its Content-Type."""
    content_type = environ.get("CONTENT_TYPE", "")
    charsets = _CHARSET.findall(content_type)
    if charsets:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", content_type)
        # Of two charsets, the one that is not UTF-8 counts.
        environ[CHARSET_KEY] = next((name for name in charsets if name.strip().lower() not in UTF_8), "utf-8")


def wrap_application(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Returns a WSGI application that moves the charset of each request."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        set_charset_aside(environ)
        return application(environ, start_response)

    return call


class CharsetMiddleware:
    """Answers 415 to any other charset."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get(CHARSET_KEY, "utf-8").strip().lower() in UTF_8:
            return self.get_response(request)
        return error_pages.render_error(request, 415, "unsupported_media_type", DETAIL)

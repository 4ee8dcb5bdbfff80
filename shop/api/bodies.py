"""Reads the JSON object that a client sent."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from shop.api.responses import RequestRefused


def read_object(request: HttpRequest) -> dict[str, Any]:
    """Reads the body, a JSON object. Numbers with a point become Decimals, because amounts are never floats.

    Raises RequestRefused: 415 for another content type, 413 for a body that is too large, 400 for
    a body that is not a JSON object.
    """
    if request.content_type != "application/json":
        raise RequestRefused(415, "unsupported_media_type", "Send JSON, with Content-Type: application/json.")
    try:
        body = request.body
    except RequestDataTooBig:
        raise RequestRefused(413, "too_large", "This body is too large.") from None
    except UnreadablePostError:
        raise RequestRefused(400, "invalid_json", "The body ended too early.") from None
    value = _parse_json(body)
    if not isinstance(value, dict):
        raise RequestRefused(400, "not_an_object", "The body has to be one JSON object: {…}.")
    return value


def _parse_json(body: bytes) -> Any:
    try:
        # JSON has no Infinity or NaN. Parsed as Decimals, they get an error of the field that holds them.
        value = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=Decimal)
        # An escape can hold half of a surrogate pair, which no database stores.
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeError:
        raise RequestRefused(400, "invalid_json", "The body is not valid UTF-8.") from None
    except (ValueError, InvalidOperation) as error:
        raise RequestRefused(400, "invalid_json", f"The body is not JSON. {error}"[:200]) from None
    except RecursionError:
        raise RequestRefused(400, "invalid_json", "The body is nested too deeply.") from None
    return value

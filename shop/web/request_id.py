"""The id of the current request, in each log line and in the X-Request-ID of the response."""

import contextvars
import logging
import re
import uuid

_current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


def set_request_id(proposed: str | None) -> str:
    """Sets and returns the id that a proxy sent, or a new one when that is not valid."""
    current_id = proposed if proposed and _ACCEPTED.fullmatch(proposed) else uuid.uuid4().hex
    _current.set(current_id)
    return current_id


def clear_request_id(**kwargs: object) -> None:
    _current.set("-")


class RequestIdFilter(logging.Filter):
    """Gives each log record `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True

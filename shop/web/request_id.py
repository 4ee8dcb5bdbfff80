"""The id of the request under way: in every log line, and in the answer's X-Request-ID."""

import contextvars
import logging
import re
import uuid

_current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


def set_request_id(proposed: str | None) -> str:
    """Takes the id that a proxy proposed, if it looks like one, else makes a new one."""
    made = proposed if proposed and _ACCEPTED.fullmatch(proposed) else uuid.uuid4().hex
    _current.set(made)
    return made


def clear_request_id(**kwargs: object) -> None:
    """No request is under way in this thread."""
    _current.set("-")


class RequestIdFilter(logging.Filter):
    """Gives each log record `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True

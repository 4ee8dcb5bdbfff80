"""The tutorial's idea of a retry, made to work: only what the database asks for is run again."""

import functools
import time
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.http import HttpResponse


def retry_on_exception(
    num_retries: int = 3,
    on_failure: Callable[[], HttpResponse] = lambda: HttpResponse(status=500),
    delay: float = 0.01,
    backoff: float = 1.5,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Runs a view up to `num_retries` times, `delay` seconds apart and then `backoff` times as long."""

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> HttpResponse:
            wait = delay
            for left in reversed(range(num_retries)):
                try:
                    return view(*args, **kwargs)
                except OperationalError:
                    if left:
                        time.sleep(wait)
                        wait *= backoff
            return on_failure()

        return wrapper

    return decorator

"""Lets a transaction that others make fail again and again run alone on its machine.

PostgreSQL refuses whoever waited for a row that another transaction changed. Where many write the same few
rows, somebody who needs several of them may lose every time, until the budget is used up. So a call that has
lost some attempts locks a file of this machine for each further one, and before their next attempt all others
wait for that. docs/RELIABILITY.md has the figures with and without it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from shop.db.file_locks import wait_for_lock

#: Seconds, at most, after which a waiting call looks again whether another one still runs alone.
PAUSE = 0.004


@contextmanager
def keep_apart(ends_at: float, *, alone: bool) -> Iterator[None]:
    """Waits while another call runs alone, but not after `ends_at`, a reading of `time.monotonic`.

    With `alone` the others wait until the block ends; whoever has begun an attempt before goes on with it.
    """
    operation = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    with (settings.VAR_DIR / "alone.lock").open("a") as file:
        # Nearly always nobody runs alone, so there is nothing to wait for.
        try:
            fcntl.flock(file, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            wait_for_lock(file.fileno(), operation, ends_at=ends_at, pause=PAUSE)
        if not alone:
            fcntl.flock(file, fcntl.LOCK_UN)
        yield

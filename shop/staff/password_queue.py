"""One password is checked at a time on a machine, so that a flood of sign-ins leaves the cores to others.

Checking is slow on purpose (Argon2: some 50 ms and 100 MB). Workers are several processes, so the
turn is a lock on a file, which the system gives back when its process dies.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

#: Seconds to wait for one's turn.
MAX_WAIT_SECONDS = 1.0
#: Threads of one process that check or wait. The others stay with those who work.
_free_slots = threading.BoundedSemaphore(2)


class QueueFull(Exception):
    """Too many passwords are being checked; try again in a few seconds."""


@contextlib.contextmanager
def wait_for_turn() -> Iterator[None]:
    """Lets one sign-in after the other through. Raises QueueFull at once, or after PATIENCE."""
    if not _free_slots.acquire(blocking=False):
        raise QueueFull
    try:
        with _lock_file():
            yield
    finally:
        _free_slots.release()


@contextlib.contextmanager
def _lock_file() -> Iterator[None]:
    deadline = time.monotonic() + MAX_WAIT_SECONDS
    handle = os.open(Path(settings.VAR_DIR) / "sign-in.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise QueueFull from None
                time.sleep(0.02)
        yield
    finally:
        os.close(handle)

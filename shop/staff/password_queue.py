"""Checks one password at a time on a machine, so that many sign-ins do not use all cores.

A check is slow on purpose (Argon2: some 50 ms and 100 MB). There are several worker processes, so the
lock is on a file. The system releases it when the process dies.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from shop.db.file_locks import wait_for_lock

#: Seconds that a sign-in waits for the lock.
MAX_WAIT_SECONDS = 1.0
#: Threads of one process that may check or wait. The others stay free for requests.
_free_slots = threading.BoundedSemaphore(2)


class QueueFull(Exception):
    """Too many passwords are being checked; try again in a few seconds."""


@contextlib.contextmanager
def wait_for_turn() -> Iterator[None]:
    """Holds the lock during the block. Raises QueueFull at once, or after MAX_WAIT_SECONDS."""
    if not _free_slots.acquire(blocking=False):
        raise QueueFull
    try:
        with _lock_file():
            yield
    finally:
        _free_slots.release()


@contextlib.contextmanager
def _lock_file() -> Iterator[None]:
    ends_at = time.monotonic() + MAX_WAIT_SECONDS
    handle = os.open(Path(settings.VAR_DIR) / "sign-in.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not wait_for_lock(handle, fcntl.LOCK_EX, ends_at=ends_at, pause=0.02):
            raise QueueFull
        yield
    finally:
        os.close(handle)

"""Waits for the lock of a file, which all processes of a machine share. It ends with its process."""

import fcntl
import random
import time


def wait_for_lock(handle: int, operation: int, *, ends_at: float, pause: float) -> bool:
    """Locks an open file, and looks again after up to `pause` seconds while somebody else holds it.

    `operation` is LOCK_EX or LOCK_SH. Returns False when it is still held at `ends_at`, a reading of
    `time.monotonic`.
    """
    while True:
        try:
            fcntl.flock(handle, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends_at:
                return False
            time.sleep(random.uniform(pause / 4, pause))
        else:
            return True

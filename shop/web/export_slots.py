"""Limits exports: one for each member of staff, and half of the threads of a process.

An export holds a thread while its rows are read and, when it is long, while the client is slow. There are
several worker processes, so the lock is on a file: the system releases it when the process dies. With
several machines each has its own locks, because each has its own threads.
"""

import fcntl
import os
import threading
import weakref
from pathlib import Path

from django.conf import settings

from shop.db.errors import ExportUnderWay

#: Under SHOP_VAR: an empty file for each account that ever exported.
FOLDER = "exports"
#: Of the four threads of a process (deploy/gunicorn.conf.py).
_free_slots = threading.BoundedSemaphore(2)


class ExportSlot:
    """The right to write an export. It ends with `end`, or when the object is collected.

    Raises ExportUnderWay when no slot is free.
    """

    def __init__(self, user_id: int) -> None:
        if not _free_slots.acquire(blocking=False):
            raise ExportUnderWay(is_own=False)
        try:
            handle = _lock_file(user_id)
        except BaseException:
            _free_slots.release()
            raise
        self.end = weakref.finalize(self, _release_slot, handle)


def _lock_file(user_id: int) -> int:
    folder = Path(settings.VAR_DIR) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder / f"{user_id}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ExportUnderWay(is_own=True) from None
    return handle


def _release_slot(handle: int) -> None:
    os.close(handle)
    _free_slots.release()

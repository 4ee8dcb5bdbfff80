"""Directories that all processes of a test run use and one of them fills."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def make_once(directory: Path, make: Callable[[Path], None]) -> Path:
    """Returns the directory. Calls `make` to fill it, unless a process of this run has.

    The other processes wait meanwhile. Where `make` raises, no directory is left, and the next one tries.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not directory.exists():
            unfinished = directory.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(directory)
    return directory

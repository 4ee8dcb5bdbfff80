"""A file of what each client asked and was answered."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """Lines of JSON. Answers are flushed to the disk, so that none is lost whatever a test kills."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o644)
        self._lock = threading.Lock()

    def write(self, what: str, told: str, **values: Any) -> None:
        """Writes an entry.

        `what`: order, stock, cancel, money, closing. `told`: asked, done, refused, unknown.
        """
        line = json.dumps({"what": what, "told": told, **values}, default=str) + "\n"
        with self._lock:
            os.write(self._file, line.encode())
        # An intention may be lost with the machine; an answer that somebody relies on may not.
        if told != "asked":
            os.fdatasync(self._file)

    def read(self) -> Iterator[dict[str, Any]]:
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    def close(self) -> None:
        os.close(self._file)

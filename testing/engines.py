"""Runs a command against a throw-away database server.

    python -m testing.engines postgresql -- COMMAND…
    python -m testing.engines stand-in -- COMMAND…

runs COMMAND with DATABASE_URL, SECRET_KEY and ALLOWED_HOSTS set, and ends with its exit
code. `stand-in` is the real django_cockroachdb backend talking to PostgreSQL, for machines
that cannot have a CockroachDB server: it proves our SQL and the backend's, not the server.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from testing.databases import ENGINES, run_engine


def environment(url: str) -> dict[str, str]:
    """Returns this process's environment with what `shop.settings` needs for `url`."""
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": "only-for-tests" * 5, "ALLOWED_HOSTS": "*"}


def main(arguments: Sequence[str]) -> int:
    """Runs a command against an engine; returns its exit code, or 2 after a usage line."""
    if len(arguments) < 3 or arguments[0] not in ENGINES or arguments[1] != "--":
        print(f"usage: python -m testing.engines {'|'.join(ENGINES)} -- COMMAND…", file=sys.stderr)
        return 2
    # So that the server is stopped when this process is told to end.
    signal.signal(signal.SIGTERM, _exit)
    with run_engine(arguments[0]) as (_, url):
        return subprocess.run(arguments[2:], env=environment(url), check=False).returncode


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

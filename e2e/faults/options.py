"""The options of a run. The environment hands them from the command line to the tests."""

import os
from dataclasses import dataclass

from testing import ROOT

#: Logs and journals of the last run; ignored by git.
KEPT = ROOT / "var" / "faults"


@dataclass(frozen=True)
class Options:
    """Short or full, on which engines, how many seconds of random faults on each."""

    full: bool
    engines: tuple[str, ...]
    seconds: float

    def pick(self, short: int, full: int) -> int:
        return full if self.full else short


def read() -> Options:
    full = os.environ.get("FAULTS_FULL") == "1"
    engines = os.environ.get("FAULTS_ENGINES", "postgresql stand-in sqlite cockroachdb").split()
    seconds = float(os.environ.get("FAULTS_SECONDS") or (60 if full else 8))
    return Options(full, tuple(engines), seconds)


OPTIONS = read()

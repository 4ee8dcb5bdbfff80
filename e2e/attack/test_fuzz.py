"""Made-up requests to every address: in full on both engines, or a sample on SQLite."""

import subprocess
import sys

import pytest

from e2e.attack.options import FULL
from testing import ROOT
from testing.servers import clean_environment

REQUESTS = 20_000 if FULL else 250


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_no_made_up_request_is_answered_with_a_5xx(engine: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "e2e.attack.fuzz"]
    command += ["--requests", str(REQUESTS), "--engine", engine]
    environment = clean_environment()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert f"together: {REQUESTS} requests, 0 × 5xx" in done.stdout

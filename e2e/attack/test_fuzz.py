"""Made-up requests to every address: in full on both engines, or a sample on SQLite."""

import os
import subprocess
import sys

import pytest

from e2e.attack.options import FULL
from e2e.server import OURS, ROOT

REQUESTS = 20_000 if FULL else 250


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if FULL else ["sqlite"])
def test_no_made_up_request_is_answered_with_a_5xx(engine: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "e2e.attack.fuzz"]
    command += ["--requests", str(REQUESTS), "--engine", engine]
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert f"together: {REQUESTS} requests, 0 × 5xx" in done.stdout

"""Runs the attacks: `python -m e2e.attack`, or with `--short` in about a minute."""

import argparse
import os
import subprocess
import sys

from testing import ROOT


def main() -> int:
    """Returns pytest's exit code: 0 when shop stood every attack."""
    parser = argparse.ArgumentParser(prog="python -m e2e.attack", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a sample of each attack")
    parser.add_argument("-k", dest="matching", help="only tests that match, as in pytest")
    wanted = parser.parse_args()
    # Without Django and browsers: the server under test is another process.
    command = [sys.executable, "-m", "pytest", "e2e/attack", "-p", "no:django", "-p", "no:playwright"]
    command += ["-W", "ignore::pytest.PytestConfigWarning", "--quiet", "--no-header", "--tb=short", "-rs"]
    command += ["-k", wanted.matching] if wanted.matching else []
    environment = os.environ | {"ATTACK_FULL": "" if wanted.short else "1"}
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Which `cockroach` on PATH the fault tests run on, and what it says of one that is too old."""

import subprocess
import sys
from pathlib import Path

import pytest

from e2e.faults import cockroach
from testing import ROOT


def put_on_path(directory: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """A program called cockroach, first on PATH, that answers as its `version` does."""
    program = directory / "cockroach"
    program.write_text(f"#!/bin/sh\ncat <<END\n{said}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(directory), prepend=":")
    monkeypatch.delenv("COCKROACH_URLS", raising=False)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "Build Tag:        v20.2.0\nBuild Time:       2020/11/09",
            "is one v20.2.0: 23.2 or later is needed",
        ),
        ("Build Tag:        v23.1.30", "is one v23.1.30: 23.2 or later is needed"),
        ("Build Tag:        v9.9.9", "is one v9.9.9: 23.2 or later is needed"),
        ("no such command", "is one that does not say its version: 23.2 or later is needed"),
        ("Build Tag:        v23.2.0", ""),
        ("Build Tag:        v25.4.1-rc.1", ""),
    ],
)
def test_an_older_cockroach_is_skipped_by_its_version(
    said: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_path(tmp_path, monkeypatch, said)

    assert cockroach.why_skipped() == (f"the cockroach on PATH {why}" if why else "")


def test_a_cluster_that_is_given_needs_no_cockroach_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("COCKROACH_URLS", raising=False)
    assert cockroach.why_skipped() == "no cockroach"

    monkeypatch.setenv("COCKROACH_URLS", "cockroach://root@127.0.0.1:26257/bank")
    assert cockroach.why_skipped() == ""


def test_the_bench_skips_and_says_which_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_on_path(tmp_path, monkeypatch, "Build Tag:        v20.2.0")
    monkeypatch.setenv("FAULTS_ENGINES", "cockroachdb")
    command = [sys.executable, "-m", "pytest", "e2e/faults", "-p", "no:django", "-p", "no:playwright", "-rs"]
    command += ["-W", "ignore::pytest.PytestConfigWarning", "-k", "every_node"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped: the cockroach on PATH is one v20.2.0: 23.2 or later is needed" in done.stdout

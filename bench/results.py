"""What a run found, as tables for the terminal and for bench/RESULTS.md."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from sqlite3 import sqlite_version

import psutil

from bench.reasons import reason
from bench.scale import Scale
from testing import ROOT

_FIGURE = re.compile(r"[0-9.,]+×?|–")
#: What a measurement depends on. The report tells of changes there that are not committed.
MEASURED = ("bench", "deploy", "requirements.txt", "shop", "static", "templates")

#: What is measured when something changes, and kept: a run of the bench has no "before".
BEFORE_AFTER = Path(__file__).with_name("BEFORE_AFTER.md")


@dataclass
class Table:
    """Rows of text under a head; `notes` say how they were measured."""

    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """The table with its columns aligned, text to the left and figures to the right."""
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        right = [
            bool(self.rows) and all(_FIGURE.fullmatch(row[n]) for row in self.rows)
            for n in range(len(self.head))
        ]
        lines = [f"### {self.title}", ""]
        for row in (self.head, None, *self.rows):
            if row is None:
                cells = ["-" * (w - 1) + ":" if r else "-" * w for w, r in zip(widths, right, strict=True)]
            else:
                cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes), ""])


@dataclass(frozen=True)
class Bar:
    """An aim and the measured figure; `reached` is None when nothing was measured."""

    what: str
    wanted: str
    measured: str
    reached: bool | None


@dataclass
class Findings:
    """What one part of the bench found."""

    tables: list[Table] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


def bars_table(bars: list[Bar]) -> Table:
    """Every bar, reached or not."""
    said = {True: "reached", False: "not reached", None: "not measured"}
    table = Table("Bars", ["what", "bar", "measured", "result"])
    table.rows = [[bar.what, bar.wanted, bar.measured, said[bar.reached]] for bar in bars]
    missed = [bar.what for bar in bars if bar.reached is False]
    table.notes = [f"Not reached, {what}: {reason(what) or 'not known why.'}" for what in missed]
    return table


@dataclass(frozen=True)
class Run:
    """How it was measured; `load` is the machine's load average before it began."""

    scale: Scale
    postgresql: str
    seconds: float
    load: float


def results(findings: list[Findings], run: Run) -> str:
    """Returns the text of bench/RESULTS.md."""
    bars = [bar for part in findings for bar in part.bars]
    tables = [table for part in findings for table in part.tables]
    parts = [_about(run), bars_table(bars).markdown()]
    kept = BEFORE_AFTER.read_text()
    return "\n".join(["# How fast shop is", "", *parts, *(table.markdown() for table in tables), kept])


def _about(run: Run) -> str:
    scale = run.scale
    command = "make bench" if scale.name == "full" else f"SCALE={scale.name} make bench"
    versions = {
        "Python": platform.python_version(),
        "Django": version("django"),
        "psycopg2": version("psycopg2-binary"),
        "gunicorn": version("gunicorn"),
        "PostgreSQL": run.postgresql,
        "SQLite": sqlite_version,
    }
    memory = psutil.virtual_memory().total / 2**30
    return f"""\
Made on {datetime.now(UTC):%Y-%m-%d} at commit {_commit()} in {run.seconds / 60:.0f} minutes by

    {command}

On {_cpu()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, {_system()}.
Load average before it began: {run.load:.1f}.
{", ".join(f"{name} {number}" for name, number in versions.items())}.

{_how(scale)}"""


def _how(scale: Scale) -> str:
    """What all tables have in common."""
    return f"""\
- One PostgreSQL for everything, SERIALIZABLE as shop sets it, with PostgreSQL's own defaults except
  `fsync`, `synchronous_commit` and `full_page_writes`, which are off: code is measured, not a disk.
- One gunicorn for everything: `deploy/gunicorn.conf.py`, so the same workers and threads. Clients,
  servers and database share the cores. A client keeps its connection; connections are spread evenly
  over the workers.
- What is compared takes turns, A B A B: {scale.rounds} rounds, {scale.seconds:g} seconds a turn. Rates are
  medians of the rounds, a ratio is the median of the rounds' ratios, percentiles and CPU are over all rounds
  together, percentiles by nearest rank. Milliseconds are what a client waits.
- Statements are counted by a proxy before the database and include BEGIN and COMMIT. CPU is user and
  system time of the server's, or the database's, processes.
- The tutorial's app is written anew from its description (`bench/tutorial`): the same paths, Django's
  default middleware without CSRF, its retry made to work (waits of 10 ms, then 1.5 times as long),
  shop's own database settings (persistent connections, SERIALIZABLE, timeouts; no health checks), so
  that only the code differs. Both begin with the same goods and 5,000 orders, and VACUUM (ANALYZE).
- A part of it: `python -m bench --only orders,pages`. Big data are made once and kept under
  `var/bench`; `--fresh` makes them anew. The real orders are looked for where RETAIL_DATA says.
"""


def _commit() -> str:
    commit = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", *MEASURED)
    return f"{commit} with uncommitted changes" if changed else commit


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    names = platform.freedesktop_os_release()
    return f"{names.get('PRETTY_NAME', platform.system())}, Linux {platform.release().split('-')[0]}"

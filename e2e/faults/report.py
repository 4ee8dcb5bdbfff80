"""Makes the table of a run's results, for the terminal and docs/RELIABILITY.md."""

import json
import os
import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import reduce
from pathlib import Path

from e2e.faults import cockroach
from e2e.faults.databases import COCKROACHDB
from e2e.faults.system import System

NAMES = {
    "postgresql": "PostgreSQL, serializable",
    "stand-in": "django_cockroachdb on PostgreSQL",
    "sqlite": "SQLite",
    "cockroachdb": "CockroachDB, three nodes",
}


@dataclass
class Result:
    """One engine's figures. `tests` counts passed, failed and skipped."""

    engine: str
    clients: int = 0
    orders: int = 0
    acknowledged: int = 0
    money: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    lost: int = 0
    doubled: int = 0
    oversold: int = 0
    wrong: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    unknown: int = 0
    broken_connections: int = 0
    retries: int = 0
    longest: float = 0.0
    faults: dict[str, int] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)

    @property
    def injected(self) -> int:
        return sum(self.faults.values())

    @property
    def errors(self) -> int:
        """The number of answers of 500."""
        return self.answers.get("500", 0)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        broken = self.lost + self.doubled + self.oversold + self.wrong + self.errors
        return not broken and not self.tests.get("failed")

    def save(self, directory: Path) -> None:
        (directory / "result.json").write_text(json.dumps(asdict(self), indent=1))


def compute_result(system: System, tests: Counter[str]) -> Result:
    """Computes the figures of a system after all its tests."""
    findings = system.audit_all()
    system.figures["longest wait"] = f"{system.tally.longest:.1f} s for {system.tally.longest_request}"
    return Result(
        engine=system.engine,
        clients=system.clients,
        orders=findings.stored,
        acknowledged=findings.acknowledged,
        money=dict(findings.money),
        documents=findings.documents,
        lost=len(findings.lost),
        doubled=len(findings.doubled),
        oversold=len(findings.oversold),
        wrong=len(findings.wrong),
        answers={str(status): count for status, count in sorted(system.tally.statuses.items())},
        unknown=system.tally.unknown,
        broken_connections=system.tally.broken,
        retries=len([line for line in system.server.retries() if " retry name=" in line]),
        longest=round(system.tally.longest, 1),
        faults=dict(system.faults().most_common()),
        figures=system.figures,
        tests=dict(tests),
    )


def load(directory: Path) -> Result | None:
    """Reads the result that a run stored, from each of its processes; None if there is none."""
    results = [Result(**json.loads(path.read_text())) for path in sorted(directory.rglob("result.json"))]
    return reduce(_merge, results) if results else None


def _merge(first: Result, second: Result) -> Result:
    """Returns the figures of two systems of one engine as those of one."""
    merged = asdict(first)
    for name, value in asdict(second).items():
        if name in ("clients", "longest"):
            merged[name] = max(merged[name], value)
        elif name == "figures":
            merged[name] = merged[name] | value
        elif isinstance(value, dict):
            merged[name] = dict(Counter(merged[name]) + Counter(value))
        elif name != "engine":
            merged[name] += value
    return Result(**merged)


def markdown(results: list[Result], command: str, day: str) -> str:
    """Returns the part of docs/RELIABILITY.md that a run writes."""
    cores, system = os.cpu_count(), platform.system()
    text = [
        f"Made on {day} ({system}, {cores} cores, clients on the same machine) by",
        "",
        f"    {command}",
        "",
    ]
    text += ["|  | " + " | ".join(NAMES[result.engine] for result in results) + " |"]
    text += ["|---|" + "---:|" * len(results)]
    text += [f"| {name} | " + " | ".join(map(str, values)) + " |" for name, values in _rows(results)]
    if all(result.engine != COCKROACHDB for result in results):
        text += ["", f"CockroachDB: skipped: {cockroach.why_skipped() or 'not asked for'}."]
    return "\n".join([*text, "", *_faults(results), "", *_figures(results), ""])


def _rows(results: list[Result]) -> list[tuple[str, Iterable[object]]]:
    return [
        ("clients at once, at most", (result.clients for result in results)),
        ("orders placed", (result.orders for result in results)),
        ("of these acknowledged", (result.acknowledged for result in results)),
        *[
            (f"{name}s acknowledged", [result.money.get(name, 0) for result in results])
            for name in ("payment", "refund", "return", "sale", "exchange", "closing")
        ],
        ("documents numbered", (result.documents for result in results)),
        ("faults injected", (result.injected for result in results)),
        ("acknowledged and lost", (result.lost for result in results)),
        ("doubled", (result.doubled for result in results)),
        ("oversold", (result.oversold for result in results)),
        ("not whole (sums, events, stock entries, `audit_money`)", (result.wrong for result in results)),
        ("answers of 500", (result.errors for result in results)),
        ("answers of 503", (result.answers.get("503", 0) for result in results)),
        ("of these “we do not know yet”", (result.unknown for result in results)),
        ("attempts run again", (result.retries for result in results)),
        ("longest wait for one answer, seconds", (f"{result.longest:.1f}" for result in results)),
        ("tests passed / failed / skipped", (_tests(result) for result in results)),
    ]


def _tests(result: Result) -> str:
    return " / ".join(str(result.tests.get(name, 0)) for name in ("passed", "failed", "skipped"))


def _faults(results: list[Result]) -> list[str]:
    kinds = sorted({kind for result in results for kind in result.faults})
    text = ["| fault | " + " | ".join(NAMES[result.engine] for result in results) + " |"]
    text += ["|---|" + "---:|" * len(results)]
    return text + [
        f"| {kind} | " + " | ".join(str(result.faults.get(kind, 0)) for result in results) + " |"
        for kind in kinds
    ]


def _figures(results: list[Result]) -> list[str]:
    return [
        f"- {NAMES[result.engine]}: {name}: {value}"
        for result in results
        for name, value in result.figures.items()
    ]

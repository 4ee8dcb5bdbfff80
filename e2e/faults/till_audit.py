"""Compares the sessions of tills and their Z-reports with what clients asked for."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from e2e.faults.books import Findings
from e2e.faults.databases import Database


def check_tills(findings: Findings, database: Database, told: Iterable[dict[str, Any]]) -> None:
    """Adds to `findings` each session that is closed without its one Z-report, or that nobody closed."""
    sessions = database.rows("SELECT id, closed_at FROM shop_tillsession")
    closed = {int(pk) for pk, closed_at in sessions if closed_at is not None}
    rows = database.rows("SELECT session_id FROM shop_document WHERE kind = 'z_report'")
    reports = Counter(int(pk) for (pk,) in rows if pk is not None)
    asked, done = set(), set()
    for entry in told:
        asked.add(entry["session"])
        if entry["told"] == "done":
            done.add(entry["session"])
    findings.money["closing"] = len(done)
    findings.lost += [f"till session {pk} was acknowledged as closed and is open" for pk in done - closed]
    findings.lost += [f"till session {pk} has no Z-report" for pk in closed - reports.keys()]
    findings.doubled += [
        f"till session {pk} has {count} Z-reports" for pk, count in reports.items() if count > 1
    ]
    findings.wrong += [f"till session {pk} is closed, and nobody closed it" for pk in closed - asked]
    findings.wrong += [f"till session {pk} is open and has a Z-report" for pk in reports.keys() - closed]

"""The checks of the audit, one for each rule of docs/MONEY.md, "What is always true"."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shop.audit import accounts, drawers, papers, rollups, sales, tills
from shop.audit.scope import Failure, Findings, Scope


@dataclass(frozen=True)
class Check:
    """A rule: its code, what it says, and the function that looks for rows that break it."""

    code: str
    title: str
    look: Callable[[Scope, Findings], None]


CHECKS = (
    Check(
        "A1",
        "Price less discounts is a line's gross or net; net and tax are its gross",
        sales.check_lines,
    ),
    Check("A2", "Shares add up to the order's discount", sales.check_shares),
    Check("A3", "Total and tax of an order are the sums of its lines", sales.check_totals),
    Check("A4", "Tax is rounded once for each rate of an order", sales.check_taxes),
    Check("A5", "Returns give back exact parts of their lines", sales.check_returned_lines),
    Check("A6", "Returned, paid and balance are what the entries say", accounts.check_balances),
    Check("A7", "No payment gives back more than it took; reversals mirror", accounts.check_refunds),
    Check("A8", "The two halves of an exchange add up to nothing", accounts.check_exchanges),
    Check("A9", "Drawers hold what their payments and movements say", drawers.check_sessions),
    Check("A10", "Documents have no gaps, and nobody changed one", papers.check_series),
    Check("A11", "Documents state the tax of each sale and return once", papers.check_document_taxes),
    Check("A12", "What returns put back is in the stock's entries", accounts.check_restocked),
    Check("A13", "The sums of sealed days are those of their facts", rollups.check_rollups),
    Check("A14", "Z-reports say what their session and its documents say", tills.check_z_reports),
)


@dataclass(frozen=True)
class Result:
    """What one check found."""

    code: str
    title: str
    rows: int
    failed: int
    failures: list[Failure]

    @property
    def left_out(self) -> int:
        """How many failures are not listed."""
        return self.failed - len(self.failures)


def run_checks(scope: Scope, checks: Iterable[Check] = CHECKS) -> Iterator[Result]:
    """Runs the checks, one after the other. Nothing is written."""
    for check in checks:
        found = Findings()
        check.look(scope, found)
        yield Result(check.code, check.title, found.rows, found.failed, found.failures)

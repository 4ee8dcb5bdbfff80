"""A14 of docs/MONEY.md: Z-reports say what their session and its documents say."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shop.audit.drawers import select_session_sum
from shop.audit.scope import Findings, Scope, read_in_chunks, word_minor
from shop.db.minor import minor
from shop.documents.models import Document, DocumentTax
from shop.documents.queries import SALE_KINDS
from shop.money.rounding import to_minor
from shop.payments.models import Payment
from shop.till.models import TillSession


def check_z_reports(scope: Scope, found: Findings) -> None:
    """A14: payments, taxes and the count of each Z-report, and that each closed session has one."""
    reports = Document.objects.filter(kind="z_report", session__isnull=False)
    closed = TillSession.objects.filter(closed_at__isnull=False).select_related("register")
    if scope.start:
        reports = reports.filter(issued_at__gte=scope.start)
        closed = closed.filter(closed_at__gte=scope.start)
    for chunk in read_in_chunks(_annotate(reports)):
        for report in chunk:
            found.rows += 1
            _check(report, found)
    found.add_rows(
        closed.filter(~Exists(Document.objects.filter(session=OuterRef("pk")))).order_by("pk"),
        lambda row: f"{row.register.name} Z{row.number}",
        lambda row: "It is closed without a Z-report.",
    )


def _annotate(reports: "QuerySet[Document, Any]") -> "QuerySet[Document, Any]":
    """Adds `paid`, the sum of the session's payments, and `after`, the number of the Z-report before it."""
    before = Document.objects.filter(
        register=OuterRef("register"), kind="z_report", sequence__lt=OuterRef("sequence")
    )
    return reports.select_related("session").annotate(
        paid=select_session_sum(Payment, "amount", "session"),
        after=Coalesce(Subquery(before.order_by("-sequence").values("sequence")[:1]), 0),
    )


def _check(report: Any, found: Findings) -> None:
    body, session = report.body, report.session
    sold, returned = _sum_sides(report)
    for name, printed, stored in (
        ("sold", body["sold"], sold["gross"]),
        ("returned", body["returned"], returned["gross"]),
        ("tax", body["tax"], sold["tax"] - returned["tax"]),
        ("paid", body["paid"], report.paid),
        ("open balances", body["open_balances"], sold["gross"] - returned["gross"] - report.paid),
        ("expected", body["drawer"]["expected"], to_minor(session.expected)),
        ("counted", body["count"]["counted"], to_minor(session.counted)),
        ("difference", body["count"]["difference"], to_minor(session.difference)),
        ("the bank", body["count"]["banked"], to_minor(session.banked)),
    ):
        if to_minor(Decimal(printed)) != stored:
            sentence = f"It says {printed} for {name}; the entries of its session add up to"
            found.add(report.number, f"{sentence} {word_minor(stored)}.")


def _sum_sides(report: Any) -> Iterator[dict[str, int]]:
    """Gross and tax that the documents of a report state: of sales, then of credit notes."""
    taxes = DocumentTax.objects.filter(
        document__register=report.register_id,
        document__sequence__gt=report.after,
        document__sequence__lt=report.sequence,
        document__counts_tax=True,
    )
    for side in (SALE_KINDS, ("credit_note",)):
        rows = taxes.filter(document__kind__in=side)
        sums = rows.aggregate(gross=Sum(minor(F("gross"))), tax=Sum(minor(F("tax"))))
        yield {name: value or 0 for name, value in sums.items()}

"""A10 and A11 of docs/MONEY.md: the series of documents, and the taxes that they state."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from shop.audit.scope import Findings, Scope, read_in_chunks, sum_minor, word_amount, word_minor
from shop.db.minor import minor
from shop.documents.chain import compute_hash
from shop.documents.models import Document, DocumentTax
from shop.documents.queries import SALE_KINDS
from shop.money.amounts import format_amount
from shop.orders.models import OrderLine
from shop.returns.models import ReturnLine
from shop.till.models import Register

NAMES = ("gross", "net", "tax")


def check_series(scope: Scope, found: Findings) -> None:
    """A10: numbers without gaps, times that never fall, and hashes of what is printed."""
    for register in Register.objects.order_by("pk"):
        # Documents that are issued meanwhile are not read.
        documents = register.documents.filter(sequence__lt=register.next_number)
        before = None
        if scope.start:
            before = documents.filter(issued_at__lt=scope.start).order_by("sequence").last()
        sequence, previous = (before.sequence, before) if before else (0, None)
        chunks = read_in_chunks(documents.filter(sequence__gt=sequence), "sequence")
        for document in chain.from_iterable(chunks):
            found.rows += 1
            sequence += 1
            if document.sequence != sequence:
                found.add(document.number, f"Number {sequence} of {register.name} is missing before it.")
                sequence = document.sequence
            _check_link(document, previous, found)
            previous = document
        _check_end(register, sequence, previous, found)


def _check_link(document: Document, previous: Document | None, found: Findings) -> None:
    before = previous.hash if previous else ""
    if document.previous_hash != before:
        found.add(document.number, "It does not continue the chain of the document before it.")
    if document.hash != compute_hash(document.previous_hash, document.body):
        found.add(document.number, "What it says was changed: its hash is another one.")
    if previous and document.issued_at < previous.issued_at:
        found.add(document.number, f"It was issued before {previous.number}.")
    if wrong := [name for name, value in _list_printed(document) if document.body.get(name, value) != value]:
        found.add(document.number, f"It prints another {', '.join(wrong)} than is stored beside it.")
    printed_at = document.body.get("issued_at")
    if printed_at and datetime.fromisoformat(printed_at) != document.issued_at:
        found.add(document.number, "It prints another time than is stored beside it.")


def _list_printed(document: Document) -> list[tuple[str, Any]]:
    """Lists what a document prints and also stores in columns: names and values of the columns."""
    amounts = [(name, format_amount(getattr(document, name))) for name in NAMES]
    return [
        (name, getattr(document, name)) for name in ("kind", "number", "currency", "counts_tax")
    ] + amounts


def _check_end(register: Register, sequence: int, last: Document | None, found: Findings) -> None:
    if register.next_number != sequence + 1:
        found.add(register.name, f"The next number is {register.next_number}, after number {sequence}.")
    if register.chain != (last.hash if last else ""):
        found.add(register.name, "The end of the chain is not the hash of its last document.")


def check_document_taxes(scope: Scope, found: Findings) -> None:
    """A11: tax is stated once, and is that of the lines, rate by rate."""
    documents = Document.objects.exclude(kind="z_report")
    if scope.start:
        documents = documents.filter(issued_at__gte=scope.start)
    found.rows += documents.count()
    _check_sums(documents, found)
    sales = documents.filter(counts_tax=True, kind__in=SALE_KINDS)
    lines = OrderLine.objects.filter(order=OuterRef("document__order"))
    sold, credited = _sum_lines(lines, "order"), _sum_lines(_rates_credited("document__"), "one")
    left = {name: Coalesce(sold[name], 0) - Coalesce(credited[name], 0) for name in sold}
    whole = minor(F("order__total")) - Coalesce(_sum_credited(), 0)
    _check_rates(sales, left, whole, found)
    notes = documents.filter(counts_tax=True, of_return__isnull=False)
    returned = ReturnLine.objects.filter(of_return=OuterRef("document__of_return"))
    _check_rates(notes, _sum_lines(returned, "of_return"), minor(F("of_return__gross")), found)
    _check_withdrawn(documents, found)
    _check_once(scope, found)


def _check_sums(documents: "QuerySet[Document, Any]", found: Findings) -> None:
    """The rates of a document add up to it. A document that counts no tax has no rates."""
    sums = {f"{name}_sum": sum_minor(F(f"taxes__{name}")) for name in NAMES}
    wrong = Q()
    for name in NAMES:
        wrong |= ~Q(**{f"{name}_sum": minor(F(name))})
    found.add_rows(
        documents.filter(counts_tax=True).defer("body").annotate(**sums).filter(wrong).order_by("pk"),
        lambda row: row.number,
        lambda row: (
            f"It is {word_amount(row.gross)} with {word_amount(row.tax)} tax; its rates add up to"
            f" {word_minor(row.gross_sum)} with {word_minor(row.tax_sum)}."
        ),
    )
    rates = DocumentTax.objects.filter(document=OuterRef("pk"))
    found.add_rows(
        documents.filter(Exists(rates), counts_tax=False).order_by("pk"),
        lambda row: row.number,
        lambda row: "It counts no tax, and has rates.",
    )


def _sum_lines(lines: Any, group: str) -> dict[str, Subquery]:
    """The sums of the lines of a document's order or return, with the code and rate of a row of taxes."""
    code = Coalesce("tax_code", Value(""))
    same = lines.annotate(known=code).filter(
        known=Coalesce(OuterRef("code"), Value("")), tax_percent=OuterRef("percent")
    )
    grouped = same.order_by().values(group)
    return {
        name: Subquery(grouped.annotate(sum=Sum(minor(F(name)))).values("sum")[:1])
        for name in ("gross", "tax")
    }


def _rates_credited(path: str) -> Any:
    """What credit notes of returns took back of invoices that were withdrawn before this one was issued."""
    return DocumentTax.objects.filter(
        document__order=OuterRef(f"{path}order"),
        document__of_return__isnull=False,
        document__corrects__counts_tax=True,
        document__corrects__issued_at__lt=OuterRef(f"{path}issued_at"),
    ).annotate(one=F("document__order"), tax_percent=F("percent"), tax_code=F("code"))


def _sum_credited() -> Subquery:
    return Subquery(
        _rates_credited("").order_by().values("one").annotate(sum=Sum(minor(F("gross")))).values("sum")
    )


def _check_withdrawn(documents: "QuerySet[Document, Any]", found: Findings) -> None:
    """An invoice that was withdrawn and its credit notes add up to nothing, rate by rate."""
    withdrawals = documents.filter(corrects__isnull=False, of_return=None)
    notes = DocumentTax.objects.filter(document__corrects=OuterRef("document")).annotate(
        one=F("document__corrects"), tax_percent=F("percent"), tax_code=F("code")
    )
    invoices = Document.objects.filter(pk__in=withdrawals.values("corrects"), counts_tax=True)
    credited = Document.objects.filter(corrects=OuterRef("pk")).order_by().values("corrects")
    whole = Subquery(credited.annotate(sum=Sum(minor(F("gross")))).values("sum"))
    _check_rates(invoices, _sum_lines(notes, "one"), whole, found)


def _check_rates(
    documents: "QuerySet[Document, Any]", sums: Mapping[str, Any], whole: Any, found: Findings
) -> None:
    taxes = DocumentTax.objects.filter(document__in=documents.values("pk")).select_related("document")
    rows = taxes.annotate(gross_sold=Coalesce(sums["gross"], 0), tax_sold=Coalesce(sums["tax"], 0))
    found.add_rows(
        rows.filter(~Q(gross_sold=minor(F("gross"))) | ~Q(tax_sold=minor(F("tax")))).order_by("pk"),
        lambda row: row.document.number,
        lambda row: (
            f"At {row.percent:f} % it states {word_amount(row.gross)} with {word_amount(row.tax)} tax; the"
            f" lines have {word_minor(row.gross_sold)} with {word_minor(row.tax_sold)}."
        ),
    )
    found.add_rows(
        documents.annotate(whole=whole).exclude(whole=minor(F("gross"))).order_by("pk"),
        lambda row: row.number,
        lambda row: f"It is {word_amount(row.gross)}, for {word_minor(row.whole)}.",
    )


def _check_once(scope: Scope, found: Findings) -> None:
    """An order has at most one valid receipt or invoice that counts its tax, and one that does not."""
    valid = scope.limit_to_orders(Document.objects.valid_sales())
    several = valid.order_by().values("order", "order__reference", "counts_tax").annotate(several=Count("pk"))
    found.add_rows(
        several.filter(several__gt=1).order_by("order"),
        lambda row: row["order__reference"],
        lambda row: (
            f"It has {row['several']} valid receipts and invoices that"
            f" {'count' if row['counts_tax'] else 'do not count'} its tax."
        ),
    )

"""Stores a document with the next number of a register that the caller has locked.

The number is a column of the register's row, so an attempt that is rolled back takes its number back, and a
series has no gaps. The hash is computed from the finished body, and the register is written last.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.documents.bodies import Body, TaxTotal, build_tax
from shop.documents.chain import compute_hash
from shop.documents.hooks import announce
from shop.documents.models import Document, DocumentTax
from shop.documents.queries import format_number
from shop.money.amounts import format_amount
from shop.till.models import Register


def store_document(
    document: Document,
    taxes: Sequence[TaxTotal],
    register: Register,
    body: Body,
    at: datetime | None = None,
) -> Document:
    """Numbers, hashes and stores a document: three statements, or two where it counts no tax.

    `body` gets the number, the time and the sums besides what the caller wrote. The document's sums are
    those of `taxes`; without any it keeps its own. `at` is when it was issued, None for now: the demo makes
    documents of the past.
    """
    if taxes:
        _sum_up(document, taxes)
    _number(document, register, at)
    document.body = _complete_body(document, register, body, taxes)
    document.previous_hash = register.chain
    document.hash = compute_hash(register.chain, document.body)
    document.save(force_insert=True)
    if document.counts_tax:
        _store_taxes(document, taxes)
    register.next_number, register.chain = document.sequence + 1, document.hash
    # Its session too, which a Z-report closes.
    register.save(update_fields=["next_number", "chain", "open_session"])
    announce(document)
    return document


def _sum_up(document: Document, taxes: Sequence[TaxTotal]) -> None:
    for name in ("gross", "net", "tax"):
        setattr(document, name, sum((getattr(tax, name) for tax in taxes), Decimal(0)))


def _number(document: Document, register: Register, at: datetime | None) -> None:
    document.register, document.sequence = register, register.next_number
    document.number = format_number(register.prefix, register.next_number)
    # Read after the register was locked, so that times rise along a series.
    document.issued_at = at or timezone.now()


def _complete_body(document: Document, register: Register, body: Body, taxes: Sequence[TaxTotal]) -> Any:
    return body | {
        "kind": document.kind,
        "number": document.number,
        "register": register.name,
        "issued_at": timezone.localtime(document.issued_at).isoformat(),
        "issued_by": document.issued_by_id,
        "counts_tax": document.counts_tax,
        "taxes": [build_tax(tax) for tax in taxes],
        "gross": format_amount(document.gross),
        "net": format_amount(document.net),
        "tax": format_amount(document.tax),
    }


def _store_taxes(document: Document, taxes: Sequence[TaxTotal]) -> None:
    DocumentTax.objects.bulk_create(
        DocumentTax(
            document=document, code=tax.code, percent=tax.percent, gross=tax.gross, net=tax.net, tax=tax.tax
        )
        for tax in taxes
    )

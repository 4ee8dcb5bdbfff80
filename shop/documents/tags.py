"""Tags for documents: amounts in their own currency, QR codes, what can still be issued for an order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shop.documents.bodies import list_payment_ids
from shop.documents.models import Document
from shop.documents.queries import SALE_KINDS
from shop.money.amounts import format_amount, format_money

register = template.Library()


@register.filter
def in_currency(amount: str | None, currency: str) -> str:
    """Formats an amount of a document, which is text; nothing for None."""
    return "" if amount is None else format_money(Decimal(amount), currency)


@register.filter
def is_amount(amount: str | None) -> bool:
    """Whether an amount of a document is there and not zero."""
    return bool(amount and Decimal(amount))


@register.filter
def find_returned(body: dict[str, Any]) -> str:
    """Returns what came back of an order, less the credit notes that its receipt or invoice subtracts.

    The total of such paper, less this and less what was paid, is its balance.
    """
    credited = sum((Decimal(note["gross"]) for note in body.get("credited", ())), Decimal(0))
    return format_amount(Decimal(body.get("returned", 0)) - credited)


@register.filter
def read_time(text: str) -> datetime:
    """The time that a document prints, with the offset that it was issued in."""
    return datetime.fromisoformat(text)


@register.simple_tag
def qr_code(text: str) -> SafeString:
    """Draws the code that a scanner reads as `text`, dark on light in every theme."""
    drawn = segno.make(text, micro=False, error="m").svg_inline(
        border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    # segno draws it of numbers only.
    return format_html('<span role="img" aria-label="Code of {}">{}</span>', text, mark_safe(drawn))  # noqa: S308


@dataclass(frozen=True)
class Lacking:
    """What can still be issued for an order."""

    receipt: bool
    invoice: bool
    #: The valid invoice, if credit notes have left something of it.
    withdrawable: Document | None
    returns: list[Any]
    payments: list[Any]

    def __bool__(self) -> bool:
        return bool(self.invoice or self.withdrawable or self.returns or self.payments)


@register.simple_tag
def find_lacking(
    order: Any, documents: Collection[Document], returns: Iterable[Any], payments: Iterable[Any]
) -> Lacking:
    """Finds what can be issued for an order with these rows, which are read already."""
    withdrawn = {document.corrects_id for document in documents if document.of_return_id is None}
    valid = [row for row in documents if row.kind in SALE_KINDS and row.pk not in withdrawn]
    noted = {document.of_return_id for document in documents}
    papers = [row for row in documents if row.kind in ("slip", "receipt")]
    printed = {pk for paper in papers for pk in list_payment_ids(paper)}
    can_be_corrected = any(row.counts_tax for row in valid)
    invoice = next((row for row in valid if row.kind == "invoice"), None)
    return Lacking(
        receipt=order.is_sold and not valid,
        invoice=order.is_sold and invoice is None,
        withdrawable=invoice if invoice and _is_something_left(invoice, documents) else None,
        returns=[row for row in returns if can_be_corrected and row.pk not in noted],
        payments=[row for row in payments if row.pk not in printed],
    )


def _is_something_left(invoice: Document, documents: Iterable[Document]) -> bool:
    """Whether the credit notes of returns have left something of an invoice, as `withdraw_invoice` asks."""
    notes = [document.gross for document in documents if document.corrects_id == invoice.pk]
    return not notes or sum(notes, Decimal(0)) != invoice.gross

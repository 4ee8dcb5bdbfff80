"""Withdraws a wrong invoice, such as one for another name: a credit note takes back what is left of it.

No money moves and no goods come back. Then the order has no invoice, and can get a new one. Credit notes of
returns stay valid, so the withdrawal takes back only what they left, and the new invoice states only that.
"""

from collections.abc import Iterable, Sequence

from shop.db.transactions import retried_transaction
from shop.documents import bodies
from shop.documents.bodies import Body, TaxTotal
from shop.documents.errors import NothingToWithdraw, WithdrawalNeedsReason
from shop.documents.issuing import store_document
from shop.documents.models import Document, DocumentTax
from shop.orders.models import Order
from shop.orders.services.locking import lock_order_of
from shop.till.services import lock_register


@retried_transaction
def withdraw_invoice(*, number: str, reason: str, register_id: int, staff_id: int | None) -> Document:
    """Issues the credit note that withdraws an invoice, or returns the one that did.

    Raises NotFound; WithdrawalNeedsReason; NothingToWithdraw for other kinds of documents, and when returns
    have credited all of it; TillClosed.
    """
    order = lock_order_of(documents__number=number)
    invoice = order.documents.get(number=number)
    notes = list(invoice.corrections.order_by("id"))
    for note in notes:
        if note.of_return_id is None:
            return note
    if not reason.strip():
        raise WithdrawalNeedsReason
    left = subtract_taxes(bodies.read_taxes(invoice), notes)
    if invoice.kind != Document.Kind.INVOICE or (notes and not any(tax.gross for tax in left)):
        raise NothingToWithdraw(number)
    note = Document(
        kind=Document.Kind.CREDIT_NOTE,
        order=order,
        corrects=invoice,
        counts_tax=invoice.counts_tax,
        currency=invoice.currency,
        issued_by_id=staff_id,
    )
    body = _build_withdrawal(invoice, notes, reason.strip())
    return store_document(note, left, lock_register(register_id, staff_id), body)


def subtract_taxes(taxes: Sequence[TaxTotal], notes: Iterable[Document]) -> list[TaxTotal]:
    """Subtracts what credit notes state from `taxes`, which it changes.

    A rate of which nothing is left is left out, unless nothing is left of any.
    """
    by_rate = {(tax.code, tax.percent): tax for tax in taxes}
    for row in DocumentTax.objects.filter(document__in=[note.pk for note in notes]):
        key = row.code, row.percent
        tax = by_rate.setdefault(key, TaxTotal(*key))
        tax.gross, tax.net, tax.tax = tax.gross - row.gross, tax.net - row.net, tax.tax - row.tax
    left = list(by_rate.values())
    return [tax for tax in left if tax.gross or tax.tax] or left


def list_credited(order: Order) -> list[Document]:
    """Lists the credit notes of returns whose invoice was withdrawn: a new invoice subtracts them."""
    notes = order.documents.filter(kind=Document.Kind.CREDIT_NOTE).order_by("id")
    withdrawn = {note.corrects_id for note in notes if note.of_return_id is None}
    return [note for note in notes if note.of_return_id is not None and note.corrects_id in withdrawn]


def _build_withdrawal(invoice: Document, notes: Sequence[Document], reason: str) -> Body:
    """Returns the body of a withdrawal: what the invoice states, and the credit notes that it subtracts."""
    names = ("company", "customer", "order", "currency", "prices_include_tax", "lines", "subtotal")
    body = {name: invoice.body[name] for name in (*names, "discount", "discount_percent")}
    return body | {
        "reason": reason,
        "names": bodies.build_named_document(invoice),
        "credited": [*invoice.body.get("credited", []), *map(bodies.build_credited, notes)],
    }

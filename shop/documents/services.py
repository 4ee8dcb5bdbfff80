"""Issues documents. No service changes or deletes one.

`issue_receipt` and `write_credit_note` belong to the transaction of their caller, who has
locked the order and then the register. The others are services of their own; asked twice, they answer with
the document that is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shop.db.errors import NotFound
from shop.db.transactions import retried_transaction
from shop.documents import bodies
from shop.documents.errors import InvoiceNeedsName, NothingToCorrect, NothingToInvoice
from shop.documents.issuing import store_document
from shop.documents.models import Document
from shop.documents.withdrawing import list_credited, subtract_taxes
from shop.money.balance import Balance
from shop.orders.models import Order, OrderLine
from shop.orders.services.locking import lock_order
from shop.payments.models import Payment
from shop.staff.changes import STAMP_FIELDS, stamp_change
from shop.till.models import Register
from shop.till.services import lock_register

if TYPE_CHECKING:  # returns are the feature above this one
    from shop.returns.models import Return, ReturnLine

Kind = Document.Kind


def issue_receipt(
    order: Order,
    lines: Sequence[OrderLine],
    payments: Sequence[Payment],
    register: Register,
    staff_id: int | None,
    at: datetime | None = None,
) -> Document:
    """Issues the receipt of an order that was sold in this transaction: three statements.

    The payments are stored already. One more statement reads the order's customer, if it is not loaded.
    `at` is when it was issued, None for now.
    """
    receipt = Document(kind=Kind.RECEIPT, order=order, currency=order.currency, issued_by_id=staff_id)
    body = bodies.build_sale(order, lines, payments) | {"names": None}
    return store_document(receipt, bodies.sum_taxes(lines), register, body, at)


def _issue_slip(order: Order, payment: Payment, register: Register, staff_id: int | None) -> Document:
    """Issues the slip of one payment or refund, which is stored already; it counts no tax.

    It takes four statements, and one more to read the order's customer, if it is not loaded.
    """
    slip = Document(
        kind=Kind.SLIP,
        order=order,
        payment=payment,
        counts_tax=False,
        gross=payment.amount,
        net=payment.amount,
        tax=Decimal(0),
        currency=payment.currency,
        issued_by_id=staff_id,
    )
    body = bodies.build_head(order) | {
        "payments": [bodies.build_payment(payment)],
        "balance": bodies.format_balance(_compute_balance_after(order, payment)),
    }
    return store_document(slip, [], register, body)


def _compute_balance_after(order: Order, payment: Payment) -> Decimal | None:
    """Computes the balance after a payment: what was paid and returned later does not count."""
    if order.balance is None or order.total is None:
        return None
    paid = order.payments.filter(pk__lte=payment.pk).values_list("amount", flat=True)
    returned = order.returns.filter(created_at__lte=payment.created_at).values_list("gross", flat=True)
    return Balance(order.total, sum(returned, Decimal(0)), sum(paid, Decimal(0))).amount


@retried_transaction
def issue_payment_slip(
    *, reference: str, payment_id: int, register_id: int, staff_id: int | None
) -> Document:
    """Issues the slip of a payment of an order, or returns the slip or receipt that it is on.

    Raises NotFound, TillClosed.
    """
    order = lock_order(reference)
    payment = order.payments.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("payment")
    for paper in order.documents.filter(kind__in=(Kind.SLIP, Kind.RECEIPT)):
        if payment_id in bodies.list_payment_ids(paper):
            return paper
    return _issue_slip(order, payment, lock_register(register_id, staff_id), staff_id)


@retried_transaction
def issue_invoice(
    *, reference: str, register_id: int, staff_id: int | None, name: str = "", address: str = ""
) -> Document:
    """Issues the invoice of an order, or returns the one that is valid. From then on its balance is kept.

    It is for the order's customer, or for `name` at `address`. An invoice after a receipt names the receipt,
    and counts no tax. Raises NotFound, NothingToInvoice, InvoiceNeedsName, TillClosed.
    """
    order = lock_order(reference)
    sales = list(order.documents.valid_sales().order_by("id"))
    for sale in sales:
        if sale.kind == Kind.INVOICE:
            return sale
    _raise_if_not_sold(order)
    if not name and order.customer_id is None:
        raise InvoiceNeedsName(order.reference)
    document = Document(kind=Kind.INVOICE, order=order, counts_tax=not sales, issued_by_id=staff_id)
    more: dict[str, Any] = {"customer": {"name": name, "address": address}} if name else {}
    more["names"] = bodies.build_named_document(sales[0]) if sales else None
    return _issue_sale(document, order, register_id, more)


@retried_transaction
def issue_order_receipt(*, reference: str, register_id: int, staff_id: int | None) -> Document:
    """Issues the receipt of an order that was placed without one. From then on its balance is kept.

    Returns the receipt or invoice that the order has. Raises NotFound, NothingToInvoice, TillClosed.
    """
    order = lock_order(reference)
    if sale := order.documents.valid_sales().order_by("id").first():
        return sale
    _raise_if_not_sold(order)
    document = Document(kind=Kind.RECEIPT, order=order, issued_by_id=staff_id)
    return _issue_sale(document, order, register_id, {"names": None})


def _raise_if_not_sold(order: Order) -> None:
    if not order.is_sold:
        raise NothingToInvoice(order.reference, order.status)


def _issue_sale(document: Document, order: Order, register_id: int, more: dict[str, Any]) -> Document:
    """Issues a receipt or an invoice of a locked order, less what credit notes gave back before."""
    lines, payments = list(order.lines.all()), list(order.payments.order_by("id"))
    register = lock_register(register_id, document.issued_by_id)
    _keep_balance(order, document.issued_by_id)
    credited = list_credited(order)
    body = bodies.build_sale(order, lines, payments) | more
    body["credited"] = [bodies.build_credited(note) for note in credited]
    document.currency = order.currency
    return store_document(document, subtract_taxes(bodies.sum_taxes(lines), credited), register, body)


@retried_transaction
def issue_credit_note(*, reference: str, return_id: int, register_id: int, staff_id: int | None) -> Document:
    """Issues the credit note of a return of an order, or returns the one that it has.

    Raises NotFound; NothingToCorrect while the order has neither receipt nor invoice; TillClosed.
    """
    order = lock_order(reference)
    of_return = order.returns.filter(pk=return_id).first()
    if of_return is None:
        raise NotFound("return")
    if note := of_return.documents.first():
        return note
    corrected = find_corrected(order)
    if corrected is None:
        raise NothingToCorrect
    lines = list(of_return.lines.all())
    return write_credit_note(
        order, of_return, lines, corrected, lock_register(register_id, staff_id), staff_id
    )


@dataclass(frozen=True)
class Corrected:
    """What credit notes of an order correct: what counts its tax, and what the customer holds.

    These are two documents when an invoice was asked for after the receipt.
    """

    taxed: Document
    named: Document


def find_corrected(order: Order) -> Corrected | None:
    """Finds what credit notes of an order correct; None without a valid receipt or invoice: one statement."""
    sales = list(order.documents.valid_sales().order_by("id"))
    taxed = next((sale for sale in sales if sale.counts_tax), None)
    if taxed is None:
        return None
    return Corrected(taxed, next((sale for sale in sales if sale.kind == Kind.INVOICE), taxed))


def write_credit_note(
    order: Order,
    of_return: "Return",
    lines: "Sequence[ReturnLine]",
    corrected: Corrected,
    register: Register,
    staff_id: int | None,
) -> Document:
    """Issues the credit note of a stored return, for whom the invoice was, if there is one.

    It takes three statements, and one more to read the order's customer, if it is not loaded.
    """
    note = Document(
        kind=Kind.CREDIT_NOTE,
        order=order,
        of_return=of_return,
        corrects=corrected.taxed,
        currency=order.currency,
        issued_by_id=staff_id,
    )
    body = bodies.build_head(order) | bodies.build_return(of_return, lines)
    body["names"] = bodies.build_named_document(corrected.named)
    body["customer"] = corrected.named.body["customer"]
    return store_document(note, bodies.sum_taxes(lines), register, body)


def _keep_balance(order: Order, staff_id: int | None) -> None:
    """Begins to keep the balance of an order that has none."""
    if order.balance is None and order.total is not None:
        order.balance = Balance(order.total, order.returned, order.paid).amount
        stamp_change(order, staff_id)
        order.save(update_fields=["balance", *STAMP_FIELDS])

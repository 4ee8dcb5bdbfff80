"""Writes what is printed on documents as data: texts, whole numbers, lists. Amounts are texts.

Everything here works on rows that were read before, and stores nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils import timezone

from shop.documents.models import Document
from shop.money.amounts import format_amount, format_percent
from shop.orders.models import Order, OrderLine
from shop.payments.models import Payment

if TYPE_CHECKING:  # returns are the feature above this one
    from shop.returns.models import Return, ReturnLine

Body = dict[str, Any]


class TaxedRow(Protocol):
    """A sold line, or a line of a return."""

    tax_code: str | None
    tax_percent: Decimal
    gross: Any
    net: Any
    tax: Any


@dataclass
class TaxTotal:
    """The sums of one tax code and percentage."""

    code: str | None
    percent: Decimal
    gross: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


def sum_taxes(rows: Iterable[TaxedRow]) -> list[TaxTotal]:
    """Adds up what is stored on the rows, for each tax code and percentage, in order of appearance."""
    sums: dict[tuple[str | None, Decimal], TaxTotal] = {}
    for row in rows:
        key = row.tax_code, row.tax_percent
        total = sums.setdefault(key, TaxTotal(*key))
        total.gross += row.gross
        total.net += row.net
        total.tax += row.tax
    return list(sums.values())


def build_sale(order: Order, lines: Sequence[OrderLine], payments: Iterable[Payment]) -> Body:
    """What receipts and invoices say: the lines, what was taken off, taxes, payments and the balance."""
    return build_head(order) | {
        "lines": [_build_line(line) for line in lines],
        "subtotal": format_amount(order.subtotal),
        "discount": format_amount(order.discount),
        "discount_percent": _format_optional_percent(order.discount_percent),
        "payments": [build_payment(payment) for payment in payments],
        "returned": format_amount(order.returned),
        "balance": format_balance(order.balance),
    }


def build_head(order: Order) -> Body:
    """What all documents of an order say. The name and address are those of the order's customer."""
    customer = order.customer
    return {
        "company": build_company(),
        "customer": customer and {"name": customer.name, "address": customer.address},
        "order": {
            "reference": order.reference,
            "day": None if order.business_day is None else order.business_day.isoformat(),
        },
        "currency": order.currency,
        "prices_include_tax": order.prices_include_tax,
    }


def build_company() -> Body:
    """Who issues a document."""
    return {
        "name": settings.SHOP_NAME,
        "address": settings.SHOP_ADDRESS,
        "tax_id": settings.SHOP_TAX_ID,
    }


def build_payment(payment: Payment) -> Body:
    return {
        "id": payment.pk,
        "method": payment.method,
        "day": payment.business_day.isoformat(),
        "reference": payment.reference,
        **{
            name: format_amount(getattr(payment, name))
            for name in ("amount", "tendered", "change", "cash", "rounding")
        },
    }


def format_balance(balance: Decimal | None) -> str | None:
    """The balance as text; None while no money is kept for the order."""
    return None if balance is None else format_amount(balance)


def build_return(of_return: "Return", lines: "Iterable[ReturnLine]") -> Body:
    """What credit notes say. A line with the quantity 0 had its price lowered."""
    return {
        "return": {
            "kind": of_return.kind,
            "reason": of_return.reason,
            "day": of_return.business_day.isoformat(),
        },
        "lines": [{"name": line.name, "quantity": line.quantity, **_build_money(line)} for line in lines],
    }


def list_payment_ids(document: Document) -> list[int]:
    """The payments that are printed on a document."""
    return [payment["id"] for payment in document.body.get("payments", ())]


def build_named_document(document: Document) -> Body:
    """What another document says of one that it names."""
    return {
        "kind": document.kind,
        "number": document.number,
        "day": timezone.localtime(document.issued_at).date().isoformat(),
    }


def build_sums(taxes: Iterable[TaxTotal]) -> Body:
    """The taxes of a document, and their sums."""
    rows = list(taxes)
    return {"taxes": [build_tax(row) for row in rows]} | {
        name: format_amount(sum((getattr(row, name) for row in rows), Decimal(0)))
        for name in ("gross", "net", "tax")
    }


def build_credited(note: Document) -> Body:
    """What an invoice, or its withdrawal, says of a credit note that it subtracts."""
    return build_named_document(note) | {"gross": format_amount(note.gross), "net": format_amount(note.net)}


def read_taxes(document: Document) -> list[TaxTotal]:
    """The rates that a document prints, whether it counts them or not."""
    return [
        TaxTotal(row["code"], *(Decimal(row[name]) for name in ("percent", "gross", "net", "tax")))
        for row in document.body["taxes"]
    ]


def build_tax(tax: TaxTotal) -> Body:
    return {
        "code": tax.code,
        "percent": format_percent(tax.percent),
        "gross": format_amount(tax.gross),
        "net": format_amount(tax.net),
        "tax": format_amount(tax.tax),
    }


def _build_line(line: OrderLine) -> Body:
    return {
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": format_amount(line.unit_price),
        "discount": format_amount(line.discount),
        "discount_percent": _format_optional_percent(line.discount_percent),
        "share": format_amount(line.share),
        **_build_money(line),
    }


def _build_money(line: Any) -> Body:
    return {
        "gross": format_amount(line.gross),
        "net": format_amount(line.net),
        "tax": format_amount(line.tax),
        "tax_code": line.tax_code,
        "tax_percent": format_percent(line.tax_percent),
    }


def _format_optional_percent(percent: Decimal | None) -> str | None:
    return None if percent is None else format_percent(percent)

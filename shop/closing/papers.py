"""Reads the figures of a register's documents since its last Z-report.

The counts are annotations of the register's row, so closing a till locks and reads them in one statement.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from shop.documents.bodies import TaxTotal
from shop.documents.models import Document, DocumentTax
from shop.documents.queries import SALE_KINDS
from shop.money.rounding import from_minor
from shop.orders.models import OrderLine
from shop.staff.models import User
from shop.till.figures import sum_minor
from shop.till.models import Register
from shop.till.queries import RegisterQuerySet

_SALE = Q(kind__in=SALE_KINDS, counts_tax=True)
_CREDIT = Q(kind=Document.Kind.CREDIT_NOTE, counts_tax=True)


def read_registers(staff_id: int | None) -> RegisterQuerySet:
    """Returns registers with their open session, annotated with what a report says of their documents.

    - z_sequence, z_body: the sequence and body of the last Z-report; 0 and None before the first
    - first_number, last_number: the first and the last document since then
    - sales, credit_notes, discounted: how many sales, credit notes and sales with a discount there are since
    - clerk: the name of the member of staff with `staff_id`
    """
    last_z = Document.objects.filter(session__register=OuterRef("pk")).order_by("-session__number")
    since = Document.objects.filter(register=OuterRef("pk"), sequence__gt=OuterRef("z_sequence"))
    in_order, discounted = since.order_by("sequence"), since.filter(_SALE).filter(_has_discount())
    return Register.objects.select_related("open_session__opened_by").annotate(
        z_sequence=Coalesce(Subquery(last_z.values("sequence")[:1]), 0),
        z_body=Subquery(last_z.values("body")[:1]),
        first_number=Subquery(in_order.values("number")[:1]),
        last_number=Subquery(in_order.reverse().values("number")[:1]),
        sales=_count(since.filter(_SALE)),
        credit_notes=_count(since.filter(_CREDIT)),
        discounted=_count(discounted),
        clerk=Subquery(User.objects.filter(pk=staff_id or 0).values("username")),
    )


def _has_discount() -> Q:
    """Whether something was taken off the order of a document, or off one of its lines."""
    lines = OrderLine.objects.filter(order=OuterRef("order"), discount__gt=0)
    return Q(order__discount__gt=0) | Q(Exists(lines))


def _count(documents: Any) -> Coalesce:
    counted = documents.order_by().values("register").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def read_taxes(register: Any) -> tuple[list[TaxTotal], list[TaxTotal]]:
    """Returns the taxes of the documents since the last Z-report, by rate: of sales, and of credit notes.

    `register` is a row of `read_registers`.
    """
    taxes = DocumentTax.objects.filter(
        document__register=register, document__sequence__gt=register.z_sequence, document__counts_tax=True
    )
    is_sale = Case(When(document__kind__in=SALE_KINDS, then=1), default=0, output_field=IntegerField())
    rows = taxes.annotate(is_sale=is_sale).values("is_sale", "code", "percent")
    sums: tuple[list[TaxTotal], list[TaxTotal]] = ([], [])
    for row in rows.annotate(**_SUMS).order_by(F("percent").desc(), "code"):
        sums[0 if row["is_sale"] else 1].append(_build_sum(row))
    return sums


_SUMS = {f"{name}_sum": sum_minor(name) for name in ("gross", "net", "tax")}


def _build_sum(row: dict[str, Any]) -> TaxTotal:
    amounts = (from_minor(row[f"{name}_sum"] or 0) for name in ("gross", "net", "tax"))
    return TaxTotal(row["code"], row["percent"], *amounts)


def subtract(sales: list[TaxTotal], returns: list[TaxTotal]) -> list[TaxTotal]:
    """Returns sales less returns, rate by rate."""
    left = {(row.code, row.percent): TaxTotal(row.code, row.percent) for row in [*sales, *returns]}
    for rows, sign in ((sales, 1), (returns, -1)):
        for row in rows:
            total = left[row.code, row.percent]
            for name in ("gross", "net", "tax"):
                setattr(total, name, getattr(total, name) + sign * getattr(row, name))
    return list(left.values())


def sum_gross(rows: list[TaxTotal]) -> Decimal:
    return sum((row.gross for row in rows), Decimal(0))

"""Builds the bodies of X- and Z-reports (see `shop.documents.bodies`). Nothing is read or stored here.

Their keys "returns" and "returned" are about credit notes, which not every return has.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from shop.closing.papers import sum_gross
from shop.documents.bodies import Body, TaxTotal, build_company
from shop.money.amounts import format_amount
from shop.till.figures import MethodFigures, TillFigures
from shop.till.models import CashMovement, TillSession
from shop.till.services import compute_next_float

Taxes = tuple[list[TaxTotal], list[TaxTotal]]


def build_report(register: Any, session: TillSession, figures: TillFigures, taxes: Taxes) -> Body:
    """Returns what both reports say.

    `register` is a row of `read_registers`, `taxes` are what `read_taxes` returns.
    """
    sold, returned = map(sum_gross, taxes)
    paid = sum((row.total for row in figures.methods), Decimal(0))
    return {
        "company": build_company(),
        "currency": settings.SHOP_CURRENCY,
        "z": session.number,
        "opened_by": session.opened_by and session.opened_by.get_username(),
        "opened_at": timezone.localtime(session.opened_at).isoformat(),
        "first_number": register.first_number,
        "last_number": register.last_number,
        "counts": {
            "sales": register.sales,
            "returns": register.credit_notes,
            "discounts": register.discounted,
            "reversals": sum(row.reversals for row in figures.methods),
            "drawer_openings": session.drawer_openings,
        },
        "sold": format_amount(sold),
        "returned": format_amount(returned),
        "paid": format_amount(paid),
        "open_balances": format_amount(sold - returned - paid),
        "methods": [_build_method(row) for row in figures.methods],
        "drawer": _build_drawer(session, figures),
        "perpetual": _build_perpetual(register.z_body, sold, returned),
    }


def build_closing(session: TillSession, pieces: Mapping[Decimal, int], clerk: str | None) -> Body:
    """Returns what only a Z-report says: the count, the difference, and what went to the bank."""
    assert session.closed_at is not None
    assert session.counted is not None
    assert session.banked is not None
    return {
        "closed_by": clerk,
        "closed_at": timezone.localtime(session.closed_at).isoformat(),
        "note": session.note,
        "count": {
            "pieces": [
                {"denomination": format_amount(value), "pieces": number}
                for value, number in sorted(pieces.items(), reverse=True)
                if number
            ],
            "counted": format_amount(session.counted),
            "difference": format_amount(session.difference or Decimal(0)),
            "banked": format_amount(session.banked),
            "next_float": format_amount(compute_next_float(session)),
        },
    }


def _build_method(row: MethodFigures) -> Body:
    amounts = ("taken", "refunded", "reversed", "total")
    counts = ("payments", "refunds", "reversals")
    return (
        {"method": row.method}
        | {name: getattr(row, name) for name in counts}
        | {name: format_amount(getattr(row, name)) for name in amounts}
    )


def _build_drawer(session: TillSession, figures: TillFigures) -> Body:
    kinds: Sequence[str] = CashMovement.Kind.values
    return {
        "float_expected": format_amount(session.float_expected),
        "float": format_amount(session.opening_float),
        "cash": format_amount(figures.cash),
        "rounding": format_amount(figures.rounding),
        "moved": {kind: format_amount(figures.movements.get(kind, Decimal(0))) for kind in kinds},
        "expected": format_amount(figures.expected),
    }


def _build_perpetual(last_z: Body | None, sold: Decimal, returned: Decimal) -> Body:
    """Returns the sums of all that the register ever sold and took back; no Z-report sets them to zero."""
    before = last_z["perpetual"] if last_z else {"sold": "0.00", "returned": "0.00"}
    ever_sold, ever_returned = Decimal(before["sold"]) + sold, Decimal(before["returned"]) + returned
    return {
        "sold": format_amount(ever_sold),
        "returned": format_amount(ever_returned),
        "total": format_amount(ever_sold - ever_returned),
    }

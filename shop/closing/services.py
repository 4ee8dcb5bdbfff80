"""Closes tills. The session and its numbered Z-report are stored in one transaction."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from shop.closing.papers import read_registers, read_taxes, subtract
from shop.closing.reports import build_closing, build_report
from shop.db.transactions import retried_transaction, run_in_transaction
from shop.documents.bodies import Body, build_sums
from shop.documents.issuing import store_document
from shop.documents.models import Document
from shop.till.figures import read_figures
from shop.till.models import TillSession
from shop.till.sessions import Pieces, close_session, find_closed, lock_register_of, raise_if_changed


@retried_transaction
def close_till(
    *,
    session_id: int,
    pieces: Pieces,
    banked: Decimal,
    seen_entries: int | None,
    note: str = "",
    staff_id: int | None,
    at: datetime | None = None,
) -> TillSession:
    """Closes a session with what was counted, and issues its Z-report: ten statements, whatever was sold.

    `seen_entries` is the number of entries (TillFigures.entries) when the page of the count was drawn. A
    number gives no amounts away to somebody who counts blind. Closing a session again with the same figures
    changes nothing. `at` is when it was closed, if not now. Raises NotFound, ClosedOtherwise, TillChanged,
    MoreThanCounted, NegativeAmount.
    """
    register = lock_register_of(session_id, read_registers(staff_id))
    session = register.open_session
    if session is None or session.pk != session_id:
        return find_closed(session_id, pieces, banked)
    figures = read_figures(session)
    raise_if_changed(session, seen_entries, figures)
    taxes = read_taxes(register)
    closed = close_session(register, figures, pieces, banked, note, staff_id, at or timezone.now())
    body = build_report(register, closed, figures, taxes)
    body |= build_closing(closed, pieces, register.clerk)  # type: ignore[attr-defined]  # an annotation
    store_document(_make_document(closed, staff_id), subtract(*taxes), register, body, at)
    return closed


def _make_document(session: TillSession, staff_id: int | None) -> Document:
    """Returns the Z-report without its body. `store_document` adds its number and the sums of its taxes."""
    return Document(
        kind=Document.Kind.Z_REPORT,
        session=session,
        counts_tax=False,
        currency=settings.SHOP_CURRENCY,
        issued_by_id=staff_id,
        gross=Decimal(0),
        net=Decimal(0),
        tax=Decimal(0),
    )


def read_x_report(session_id: int) -> Body | None:
    """Returns what a Z-report of an open session would say now, all of it at one time; None of a closed one.

    It takes four statements and stores nothing. Not `read_in_snapshot`: what was paid seconds ago is in it.
    """

    def read() -> Body | None:
        register = read_registers(None).filter(open_session=session_id).first()
        if register is None or register.open_session is None:
            return None
        taxes = read_taxes(register)
        body = build_report(register, register.open_session, read_figures(register.open_session), taxes)
        return body | build_sums(subtract(*taxes))

    return run_in_transaction("X-report", read)

"""Opens and closes the sessions of registers by hand, and moves cash without a sale.

Each service locks the register's row, as payments do.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from shop.db.errors import NotFound
from shop.db.idempotency import Once
from shop.db.transactions import retried_transaction
from shop.money.cash import TillResult, close_count, count_pieces
from shop.money.errors import ZeroAmount
from shop.money.rounding import from_minor, to_unsigned_minor
from shop.till.errors import (
    CashReasonMissing,
    ClosedOtherwise,
    TillChanged,
    TillClosed,
    TillOpen,
    UnknownCashKind,
)
from shop.till.figures import read_figures
from shop.till.models import CashMovement, Register, TillCount, TillSession
from shop.till.services import compute_next_float

#: Cash of these kinds leaves the drawer.
OUTWARD = (CashMovement.Kind.DROP, CashMovement.Kind.PAYOUT)
Pieces = Mapping[Decimal, int]


@retried_transaction(once=TillSession.objects.all)
def open_till(*, register_id: int, pieces: Pieces, staff_id: int | None, once: Once | None) -> TillSession:
    """Opens a counter's register with the float that was counted. From then on it never opens itself.

    `pieces` is the number of each note and coin. Raises NotFound, TillOpen, NegativeAmount, KeyReused.
    """
    counters = Register.objects.filter(purpose=Register.Purpose.COUNTER, active=True)
    register = counters.select_for_update().filter(pk=register_id).first()
    if register is None:
        raise NotFound("register")
    if register.open_session_id is not None:
        raise TillOpen(register.name)
    last = register.sessions.order_by("-number").first()
    session = TillSession.objects.create(
        register=register,
        number=last.number + 1 if last else 1,
        opened_by_id=staff_id,
        float_expected=compute_next_float(last) if last else Decimal(0),
        opening_float=count_pieces(pieces),
    )
    _store_count(session, TillCount.Moment.OPEN, pieces)
    register.open_session, register.opens_itself = session, False
    register.save(update_fields=["open_session", "opens_itself"])
    return session


@retried_transaction(once=CashMovement.objects.all)
def move_cash(
    *, session_id: int, kind: str, amount: Decimal, reason: str, staff_id: int | None, once: Once | None
) -> CashMovement:
    """Puts cash into the drawer of an open session, or takes it out: `amount` is positive, `kind` says which.

    Raises TillClosed, UnknownCashKind, CashReasonMissing, ZeroAmount, NegativeAmount, NotWholeUnits,
    KeyReused.
    """
    if kind not in CashMovement.Kind.values:
        raise UnknownCashKind(kind)
    if not reason:
        raise CashReasonMissing
    minor = to_unsigned_minor(amount)
    if not minor:
        raise ZeroAmount(amount=amount)
    _lock_open(session_id)
    return CashMovement.objects.create(
        session_id=session_id,
        kind=kind,
        amount=from_minor(-minor if kind in OUTWARD else minor),
        reason=reason,
        author_id=staff_id,
    )


@retried_transaction
def note_drawer_opening(*, session_id: int) -> None:
    """Counts that the drawer was opened without a sale. Raises NotFound, TillClosed."""
    _lock_open(session_id)
    TillSession.objects.filter(pk=session_id).update(drawer_openings=F("drawer_openings") + 1)


@retried_transaction
def close_till(
    *,
    session_id: int,
    pieces: Pieces,
    banked: Decimal,
    seen_entries: int | None,
    note: str = "",
    staff_id: int | None,
) -> TillSession:
    """Closes a session with what was counted. What does not go to the bank is the next float.

    `seen_entries` is how many entries the page of the count knew of (TillFigures.entries), which tells
    somebody who counts blind nothing. Closed again with the same figures it stays as it is. Raises NotFound,
    ClosedOtherwise, TillChanged, MoreThanCounted, NegativeAmount.
    """
    register = _lock_register_of(session_id)
    counted = count_pieces(pieces)
    session = register.open_session
    if session is None or session.pk != session_id:
        return _find_closed(session_id, counted, banked)
    figures = read_figures(session)
    if seen_entries is not None and seen_entries != figures.entries:
        raise TillChanged(seen_entries, figures.entries)
    _store_count(session, TillCount.Moment.CLOSE, pieces)
    _close(session, close_count(figures.expected, counted, banked), banked, note, staff_id)
    register.open_session = None
    session.register = register
    register.save(update_fields=["open_session"])
    return session


def _close(
    session: TillSession, result: TillResult, banked: Decimal, note: str, staff_id: int | None
) -> None:
    """Stores that a session is closed, and with which figures."""
    session.expected, session.difference = result.expected, result.difference
    session.counted = result.expected + result.difference
    session.banked, session.note = banked, note
    session.closed_by_id, session.closed_at = staff_id, timezone.now()
    session.save()


def _find_closed(session_id: int, counted: Decimal, banked: Decimal) -> TillSession:
    """Returns a session that is closed with these figures. Raises ClosedOtherwise."""
    session = TillSession.objects.get(pk=session_id)
    if (session.counted, session.banked) != (counted, banked):
        raise ClosedOtherwise(session.counted or Decimal(0), session.banked or Decimal(0))
    return session


def _lock_register_of(session_id: int) -> Register:
    """Locks the register of a session, and reads its open session. Raises NotFound."""
    rows = Register.objects.select_for_update(of=("self",)).select_related("open_session")
    register = rows.filter(sessions=session_id).first()
    if register is None:
        raise NotFound("till session")
    return register


def _lock_open(session_id: int) -> None:
    """Locks the register of an open session. Raises NotFound, TillClosed."""
    register = _lock_register_of(session_id)
    if register.open_session_id != session_id:
        raise TillClosed(register.name)


def _store_count(session: TillSession, moment: TillCount.Moment, pieces: Pieces) -> None:
    TillCount.objects.bulk_create(
        TillCount(session=session, moment=moment, denomination=denomination, pieces=number)
        for denomination, number in pieces.items()
        if number
    )

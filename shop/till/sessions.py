"""Opens the sessions of registers by hand, and moves cash without a sale.

Each service locks the register's row, as payments do. `shop/closing` closes sessions, with their Z-reports.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import F

from shop.db.errors import NotFound
from shop.db.idempotency import Once
from shop.db.transactions import retried_transaction
from shop.money.cash import compare_count, count_pieces
from shop.money.errors import ZeroAmount
from shop.money.rounding import from_minor, to_unsigned_minor
from shop.till.errors import (
    CashReasonMissing,
    ClosedOtherwise,
    CountsDiffer,
    TillChanged,
    TillClosed,
    TillOpen,
    UnknownCashKind,
)
from shop.till.figures import TillFigures, list_newest
from shop.till.models import CashMovement, Register, TillCount, TillSession
from shop.till.queries import RegisterQuerySet
from shop.till.services import open_session

#: Cash of these kinds leaves the drawer.
OUTWARD = (CashMovement.Kind.DROP, CashMovement.Kind.PAYOUT)
#: So many entries a message names one by one.
MAX_NAMED = 3
Pieces = Mapping[Decimal, int]


@retried_transaction(once=TillSession.objects.all)
def open_till(
    *,
    register_id: int,
    pieces: Pieces,
    amount: Decimal | None = None,
    staff_id: int | None,
    once: Once | None,
) -> TillSession:
    """Opens a counter's register with the float that was counted. From then on it never opens itself.

    The float is the sum of `pieces`, the number of each note and coin; or `amount`, where no pieces were
    counted. Raises NotFound, TillOpen, CountsDiffer, NegativeAmount, NotWholeUnits, KeyReused.
    """
    opening_float = _check_float(pieces, amount)
    register = _lock_closed(register_id)
    register.opens_itself = False
    session = open_session(register, opening_float, staff_id)
    _store_count(session, TillCount.Moment.OPEN, pieces)
    return session


def _lock_closed(register_id: int) -> Register:
    """Locks a counter's register that has no open session. Raises NotFound, TillOpen."""
    counters = Register.objects.filter(purpose=Register.Purpose.COUNTER, active=True)
    register = counters.select_for_update().filter(pk=register_id).first()
    if register is None:
        raise NotFound("register")
    if register.open_session_id is not None:
        raise TillOpen(register.name)
    return register


def _check_float(pieces: Pieces, amount: Decimal | None) -> Decimal:
    """Returns the float. Raises CountsDiffer where the pieces add up to another amount than `amount`."""
    if amount is None:
        return count_pieces(pieces)
    asked = from_minor(to_unsigned_minor(amount, settings.SHOP_DECIMALS), settings.SHOP_DECIMALS)
    if pieces and count_pieces(pieces) != asked:
        raise CountsDiffer(count_pieces(pieces), asked)
    return asked


@retried_transaction(once=CashMovement.objects.all)
def move_cash(
    *, session_id: int, kind: str, amount: Decimal, reason: str, staff_id: int | None, once: Once | None
) -> CashMovement:
    """Puts cash into the drawer of an open session or takes it out, as `kind` says. `amount` is positive.

    Raises TillClosed, UnknownCashKind, CashReasonMissing, ZeroAmount, NegativeAmount, NotWholeUnits,
    KeyReused.
    """
    if kind not in CashMovement.Kind.values:
        raise UnknownCashKind(kind)
    if not reason:
        raise CashReasonMissing
    minor = to_unsigned_minor(amount, settings.SHOP_DECIMALS)
    if not minor:
        raise ZeroAmount(amount=amount)
    _lock_open(session_id)
    return CashMovement.objects.create(
        session_id=session_id,
        kind=kind,
        amount=from_minor(-minor if kind in OUTWARD else minor, settings.SHOP_DECIMALS),
        reason=reason,
        author_id=staff_id,
    )


@retried_transaction(once=TillSession.objects.all)
def note_drawer_opening(*, session_id: int, once: Once | None) -> TillSession:
    """Adds 1 to the number of times the drawer was opened without a sale. Returns the session.

    Raises NotFound, TillClosed, KeyReused.
    """
    _lock_open(session_id)
    TillSession.objects.filter(pk=session_id).update(drawer_openings=F("drawer_openings") + 1)
    return TillSession.objects.get(pk=session_id)


def close_session(
    register: Register,
    figures: TillFigures,
    pieces: Pieces,
    banked: Decimal,
    note: str,
    staff_id: int | None,
    at: datetime,
) -> TillSession:
    """Closes the open session of a locked register with what was counted: two statements.

    What does not go to the bank is the next float. The caller stores the register, whose `open_session` is
    None now. Raises MoreThanCounted, NegativeAmount.
    """
    session = register.open_session
    assert session is not None
    counted = count_pieces(pieces)
    difference = compare_count(figures.expected, counted, banked)
    _store_count(session, TillCount.Moment.CLOSE, pieces)
    session.expected, session.counted, session.difference = figures.expected, counted, difference
    session.banked, session.note = banked, note
    session.closed_by_id, session.closed_at = staff_id, at
    session.save()
    register.open_session = None
    session.register = register
    return session


def find_closed(session_id: int, pieces: Pieces, banked: Decimal) -> TillSession:
    """Returns a closed session. Raises ClosedOtherwise if it was closed with other figures."""
    session = TillSession.objects.get(pk=session_id)
    if (session.counted, session.banked) != (count_pieces(pieces), banked):
        raise ClosedOtherwise(session.counted or Decimal(0), session.banked or Decimal(0))
    return session


def raise_if_changed(session: TillSession, seen_entries: int | None, figures: TillFigures) -> None:
    """Raises TillChanged, with the newest entries, where the page of the count knew another number of them.

    `seen_entries` is that number; None checks nothing.
    """
    if seen_entries is None or seen_entries == figures.entries:
        return
    missed = min(max(figures.entries - seen_entries, 0), MAX_NAMED)
    raise TillChanged(seen_entries, figures.entries, tuple(list_newest(session, missed)))


def lock_register_of(session_id: int, rows: RegisterQuerySet | None = None) -> Register:
    """Returns the register of a session, one of `rows`, with its open session, locked. Raises NotFound."""
    rows = Register.objects.select_related("open_session") if rows is None else rows
    register = rows.select_for_update(of=("self",)).filter(sessions=session_id).first()
    if register is None:
        raise NotFound("till session")
    return register


def _lock_open(session_id: int) -> None:
    """Locks the register of an open session. Raises NotFound, TillClosed."""
    register = lock_register_of(session_id)
    if register.open_session_id != session_id:
        raise TillClosed(register.name, register.pk)


def _store_count(session: TillSession, moment: TillCount.Moment, pieces: Pieces) -> None:
    TillCount.objects.bulk_create(
        TillCount(session=session, moment=moment, denomination=denomination, pieces=number)
        for denomination, number in pieces.items()
        if number
    )

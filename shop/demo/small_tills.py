"""The tills of the small demo: a session for each day, opened, closed with a count, and dated in the past."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from django.utils import timezone

from shop.closing.services import close_till
from shop.demo.small_money import pay_order
from shop.documents.services import issue_receipt
from shop.models import CashMovement, Order, Register, TillSession
from shop.till.denominations import list_denominations
from shop.till.figures import read_figures
from shop.till.services import create_register, lock_register
from shop.till.sessions import move_cash, open_till

#: When a till is opened and closed, unless a payment is earlier or later.
OPENED, CLOSED = time(8, 45), time(18, 15)
FLOAT = Decimal(200)
#: The days, counted from the first one, on which the window cleaner was paid and on which cash was missing.
PAYOUT_DAY, WRONG_DAY = 2, 4
WAGE, MISSING = Decimal(15), Decimal(10)


@dataclass(frozen=True)
class DueOrder:
    """An order that is paid for at `at`. `number` counts the orders of the demo."""

    order: Order
    number: int
    at: datetime
    staff_id: int | None


def run_tills(orders: Sequence[DueOrder], now: datetime, staff_id: int | None) -> None:
    """Takes the money of the orders, a session a day. The one of today stays open."""
    register = _get_new_register()
    by_day = groupby(sorted(orders, key=lambda due: due.at), key=lambda due: timezone.localdate(due.at))
    days = {day: list(due) for day, due in by_day}
    today = timezone.localdate(now)
    days.setdefault(today, [])
    for number, (day, due) in enumerate(sorted(days.items())):
        session = _open(register, min([_at(day, OPENED), now, *(row.at for row in due)]), staff_id)
        for row in due:
            _sell(row, register.pk, now)
        if day != today:
            closed_at = max([_at(day, CLOSED), *(row.at for row in due)])
            _close(session, number, closed_at, staff_id)


def _get_new_register() -> Register:
    """Returns the register that is there from the beginning, or a new one if that was used already."""
    counters = Register.objects.filter(purpose=Register.Purpose.COUNTER, active=True)
    unused = counters.filter(sessions=None).order_by("pk").first()
    if unused is not None:
        return unused
    number = counters.count() + 1
    return create_register.inside(name=f"Demo till {number}", prefix=f"DEMO{number}", once=None)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, timezone.get_current_timezone())


def _open(register: Register, at: datetime, staff_id: int | None) -> TillSession:
    session = open_till.inside(register_id=register.pk, pieces={}, amount=FLOAT, staff_id=staff_id, once=None)
    session.opened_at = at
    session.save(update_fields=["opened_at"])
    return session


def _sell(due: DueOrder, register_id: int, now: datetime) -> None:
    """Takes the money for an order, and issues its receipt at that time."""
    pay_order(due.order, due.number, due.at, now, due.staff_id, register_id)
    order = Order.objects.get(pk=due.order.pk)
    payments = list(order.payments.order_by("id"))
    issue_receipt(
        order, list(order.lines.all()), payments, lock_register(register_id), due.staff_id, at=due.at
    )


def _close(session: TillSession, number: int, at: datetime, staff_id: int | None) -> None:
    """Closes the till of a day. The takings go to the bank, so that each day begins with the same float."""
    if number == PAYOUT_DAY:
        movement = move_cash.inside(
            session_id=session.pk,
            kind=CashMovement.Kind.PAYOUT,
            amount=WAGE,
            reason="Window cleaner",
            staff_id=staff_id,
            once=None,
        )
        CashMovement.objects.filter(pk=movement.pk).update(created_at=at)
    missing = MISSING if number == WRONG_DAY else Decimal(0)
    pieces = dict(_count(read_figures(session).expected - missing))
    counted = sum((value * count for value, count in pieces.items()), Decimal(0))
    close_till.inside(
        session_id=session.pk,
        pieces=pieces,
        banked=max(counted - FLOAT, Decimal(0)),
        seen_entries=None,
        note="Counted twice, no reason found" if missing else "",
        staff_id=staff_id,
        at=at,
    )


def _count(amount: Decimal) -> Iterator[tuple[Decimal, int]]:
    """Yields the notes and coins that add up to an amount, the largest first."""
    for value in list_denominations():
        count, amount = divmod(amount, value)
        yield value, int(count)

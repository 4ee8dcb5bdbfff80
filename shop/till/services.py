"""Locks registers and opens their sessions; creates and renames registers."""

import re
from decimal import Decimal

from django.db.models import Q

from shop.db.errors import InvalidValue, NotFound, raise_all
from shop.db.idempotency import Once
from shop.db.rows import lock_or_raise
from shop.db.transactions import retried_transaction
from shop.till.errors import InvalidPrefix, PrefixTaken, RegisterNameTaken, TillClosed
from shop.till.models import Register, TillSession
from shop.till.queries import RegisterQuerySet

MAX_PREFIX = 8
_PREFIX = re.compile(rf"[A-Z0-9]{{1,{MAX_PREFIX}}}")


def lock_register(register_id: int, staff_id: int | None = None) -> Register:
    """Returns the register with its `open_session`, locked until the transaction ends.

    It takes one statement, and three more where the register has no session and opens itself.
    Raises NotFound, also for a register that is not in use; TillClosed.
    """
    return _lock(Q(pk=register_id), staff_id)


def lock_api_register(staff_id: int | None = None) -> Register:
    """Returns the register for the cash that comes by the JSON API; see `lock_register`."""
    return _lock(Q(purpose=Register.Purpose.API), staff_id)


def find_register_id(chosen: int | None) -> int:
    """Returns the chosen register if it is a counter's and in use, otherwise the first. Raises NotFound."""
    counters = Register.objects.filter(purpose=Register.Purpose.COUNTER, active=True)
    ids = list(counters.order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise NotFound("till")
    return chosen if chosen in ids else ids[0]


def _lock(which: Q, staff_id: int | None) -> Register:
    rows = Register.objects.select_for_update(of=("self",)).select_related("open_session")
    register = rows.filter(which, active=True).order_by("pk").first()
    if register is None:
        raise NotFound("till")
    if register.open_session is None:
        if not register.opens_itself:
            raise TillClosed(register.name, register.pk)
        open_session(register, None, staff_id)
    return register


def open_session(register: Register, opening_float: Decimal | None, staff_id: int | None) -> TillSession:
    """Opens the next session of a locked register, and stores both: three statements.

    Without a counted `opening_float` it begins with what the session before left in the drawer.
    """
    last = register.sessions.order_by("-number").first()
    left = compute_next_float(last) if last else Decimal(0)
    register.open_session = TillSession.objects.create(
        register=register,
        number=last.number + 1 if last else 1,
        opened_by_id=staff_id,
        float_expected=left,
        opening_float=left if opening_float is None else opening_float,
    )
    register.save(update_fields=["open_session", "opens_itself"])
    return register.open_session


def compute_next_float(session: TillSession) -> Decimal:
    """Returns what a closed session left in the drawer."""
    return (session.counted or Decimal(0)) - (session.banked or Decimal(0))


@retried_transaction
def rename_register(*, register_id: int, name: str, prefix: str) -> Register:
    """Changes a register's name, and the prefix of its next document numbers.

    It may go back to a prefix that it had before. Raises NotFound; RegisterNameTaken, PrefixTaken,
    InvalidPrefix, or SeveralErrors.
    """
    register = lock_or_raise(Register, register_id)
    _raise_if_taken(name, prefix, register)
    register.name, register.prefix = name, prefix
    register.save(update_fields=["name", "prefix"])
    return register


@retried_transaction(once=Register.objects.all)
def create_register(*, name: str, prefix: str, once: Once | None) -> Register:
    """Creates a counter's register. Somebody has to open it by hand, with what is in its drawer.

    Raises RegisterNameTaken, PrefixTaken, InvalidPrefix, or SeveralErrors; KeyReused.
    """
    _raise_if_taken(name, prefix, None)
    return Register.objects.create(name=name, prefix=prefix, opens_itself=False)


def _raise_if_taken(name: str, prefix: str, register: Register | None) -> None:
    """Raises InvalidPrefix; RegisterNameTaken or PrefixTaken where another register has them.

    `register` is the one that gets them; None for a new one.
    """
    errors: list[InvalidValue] = []
    others = Register.objects.exclude(pk=register.pk if register else 0)
    if others.filter(name=name).exists():
        errors.append(RegisterNameTaken(name))
    if not _PREFIX.fullmatch(prefix):
        errors.append(InvalidPrefix(prefix, MAX_PREFIX))
    elif (register is None or register.prefix != prefix) and (taken := _find_taken(prefix, others)):
        errors.append(taken)
    raise_all(errors)


def _find_taken(prefix: str, others: RegisterQuerySet) -> PrefixTaken | None:
    """Returns the error of a prefix that one of `others` has, or that documents of one begin with.

    Numbers are unique over all registers. A register may use its own old prefix again, because its sequence
    goes on rising.
    """
    for other in others.filter(prefix=prefix):
        return PrefixTaken(prefix, other.name)
    for other in others.with_documents_of(prefix).order_by()[:1]:
        return PrefixTaken(prefix, other.name, is_old=True)
    return None

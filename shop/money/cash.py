"""Cash: change, rounding to the smallest coin, and what a drawer should hold (R7 and R8 of docs/MONEY.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shop.money.errors import (
    MoreThanCounted,
    MoreThanDue,
    NegativeAmount,
    NothingDue,
    TenderedTooLittle,
    ZeroAmount,
)
from shop.money.rounding import from_minor, round_to_step, to_minor, to_unsigned_minor


@dataclass(frozen=True)
class PaymentFigures:
    """A payment's figures: `amount` lowers the balance, `cash` stays in the drawer. A refund's are negative.

    In cash, `cash` + `rounding` = `amount`. By other methods, all but `amount` are zero.
    """

    amount: Decimal
    tendered: Decimal
    change: Decimal
    cash: Decimal
    rounding: Decimal


def take_cash(
    due: Decimal,
    tendered: Decimal,
    *,
    amount: Decimal | None = None,
    step: Decimal | None = None,
    decimals: int = 2,
) -> PaymentFigures:
    """The payment that `tendered` makes towards `due`.

    With `amount` it pays exactly that much; without, as much of `due` as the money reaches. Only a payment
    that settles all of `due` is rounded to `step`, and only if the customer does not lay down the exact sum.
    """
    owed = _check_due(due, decimals)
    laid_down = to_unsigned_minor(tendered, decimals)
    paid = owed if amount is None else _check_asked(amount, owed, decimals)
    cash = paid
    if paid == owed:
        rounded = round_to_step(owed, _step_to_minor(step, decimals))
        # Small coins stay legal tender: they may pay the exact sum where it is less than the rounded one.
        cash = owed if laid_down == owed or owed <= laid_down < rounded else rounded
    if laid_down < cash:
        if amount is not None:
            raise TenderedTooLittle(tendered=tendered, asked=amount)
        if not laid_down:
            raise ZeroAmount(amount=tendered)
        paid = cash = laid_down
    minors = (paid, laid_down, laid_down - cash, cash, paid - cash)
    return PaymentFigures(*(from_minor(minor, decimals) for minor in minors))


def compute_cash_due(due: Decimal, step: Decimal | None = None, decimals: int = 2) -> Decimal:
    """Returns the cash that pays all of `due`: rounded to `step`, the smallest coin. Raises NothingDue."""
    minor = round_to_step(_check_due(due, decimals), _step_to_minor(step, decimals))
    return from_minor(minor, decimals)


def refund_cash(
    due: Decimal,
    *,
    amount: Decimal | None = None,
    refunded_before: Decimal = Decimal(0),
    given_before: Decimal = Decimal(0),
    step: Decimal | None = None,
    decimals: int = 2,
) -> PaymentFigures:
    """The refund of `amount`, or of all that is `due`, from the drawer.

    All cash refunds of an order are rounded as one sum: `refunded_before` is what the earlier ones settled,
    `given_before` what they took out of the drawer, both positive. Rounded one by one they could add up to
    more than the customer paid.
    """
    owed = _check_due(due, decimals)
    refunded = owed if amount is None else _check_asked(amount, owed, decimals)
    cash = refunded
    if refunded == owed:
        up_to_now = to_unsigned_minor(refunded_before, decimals) + refunded
        given = to_unsigned_minor(given_before, decimals)
        # An earlier refund of a part is not rounded and may have given more; nobody has to bring that back.
        cash = max(0, round_to_step(up_to_now, _step_to_minor(step, decimals)) - given)
    minors = (-refunded, 0, 0, -cash, cash - refunded)
    return PaymentFigures(*(from_minor(minor, decimals) for minor in minors))


def count_pieces(pieces: Mapping[Decimal, int]) -> Decimal:
    """The worth of so many notes and coins of each denomination."""
    for denomination, number in pieces.items():
        if denomination < 0 or number < 0:
            raise NegativeAmount(amount=min(denomination, Decimal(number)))
    return sum((denomination * number for denomination, number in pieces.items()), Decimal(0))


def compute_expected_cash(
    opening_float: Decimal, payments: Iterable[Decimal], movements: Iterable[Decimal]
) -> Decimal:
    """What the drawer should hold: its float, the cash of each payment, and each movement, all signed."""
    return sum(payments, opening_float) + sum(movements, Decimal(0))


def compare_count(expected: Decimal, counted: Decimal, banked: Decimal) -> Decimal:
    """Returns the difference of a count; it is negative where cash is missing.

    Raises NegativeAmount or MoreThanCounted where `banked` cannot go to the bank.
    """
    if banked < 0:
        raise NegativeAmount(amount=banked)
    if banked > counted:
        raise MoreThanCounted(counted=counted, asked=banked)
    return counted - expected


def _check_due(due: Decimal, decimals: int) -> int:
    """`due` in minor units. Raises NothingDue at or below zero."""
    minor = to_minor(due, decimals)
    if minor <= 0:
        raise NothingDue(due=due)
    return minor


def _check_asked(asked: Decimal, owed: int, decimals: int) -> int:
    """`asked` in minor units. Raises an error outside of more than zero to what is owed."""
    minor = to_unsigned_minor(asked, decimals)
    if not minor:
        raise ZeroAmount(amount=asked)
    if minor > owed:
        raise MoreThanDue(due=from_minor(owed, decimals), asked=asked)
    return minor


def _step_to_minor(step: Decimal | None, decimals: int) -> int:
    """The step in minor units; without one, the smallest unit, which rounds nothing."""
    if step is None:
        return 1
    minor = to_unsigned_minor(step, decimals)
    if not minor:
        raise ZeroAmount(amount=step)
    return minor

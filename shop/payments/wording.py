"""Words the errors of payments."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from shop.money.amounts import format_money
from shop.payments import errors
from shop.payments.errors import AccountEntry
from shop.payments.models import Payment
from shop.till.wording import BY_METHOD
from shop.web.times import format_time
from shop.web.wording import word_error

_WANTED = {"pay": "no payment is taken for it", "refund": "nothing was paid for it"}
_NOT_REVERSIBLE = {
    "session": "Its till session is closed. Give the money back as a refund instead.",
    "refunded": "A part of it was given back already. Give the rest back as a refund.",
    "reversal": "It was reversed, or reverses another entry itself.",
    "exchange": "It belongs to an exchange of goods.",
}


@word_error.register
def _(error: errors.NotPayable) -> str:
    return f"{error.reference} is {error.status}: {_WANTED[error.wanted]}."


@word_error.register
def _(error: errors.BalanceChanged) -> str:
    did = _word_entry(error.last, is_own=error.is_own) if error.last else "The balance has changed"
    seen, balance = format_money(error.seen), format_money(error.balance)
    return f"{did}. Nothing of yours was stored: the balance was {seen}, now it is {balance}."


def _word_entry(entry: AccountEntry, *, is_own: bool) -> str:
    """Words an entry, as in "Anna took $60.00 in cash 10 s ago"."""
    who = "You" if is_own else entry.by or "A program"
    amount, when = format_money(abs(entry.amount)), _word_age(entry)
    if entry.method == "return":
        return f"{who} took back goods or a price, {amount}, {when}"
    did = "took" if entry.amount > 0 else "gave back"
    return f"{who} {did} {amount} {BY_METHOD[entry.method]} {when}"


def word_given(given: Iterable[tuple[str, Decimal]]) -> str:
    """Says what goes back: "Give back $5.00 (Card) and $1.90 (Cash)."; see `list_given`."""
    parts = [f"{format_money(amount)} ({Payment.Method(method).label})" for method, amount in given]
    return f"Give back {' and '.join(parts)}." if parts else ""


def _word_age(entry: AccountEntry) -> str:
    seconds = max(0, int((timezone.now() - entry.at).total_seconds()))
    if seconds < 60:
        return f"{seconds} s ago"
    return f"{seconds // 60} min ago" if seconds < 3600 else f"at {format_time(entry.at)}"


@word_error.register
def _(error: errors.UnknownMethod) -> str:
    return "Choose cash, card, transfer or voucher."


@word_error.register
def _(error: errors.AmountMissing) -> str:
    if error.method == "cash":
        return "Give the amount, or the cash that was laid down."
    return "Give the amount."


@word_error.register
def _(error: errors.OnlyCashIsTendered) -> str:
    return "Only cash gives change: give the amount instead."


@word_error.register
def _(error: errors.CardNumberRefused) -> str:
    return "This looks like the number of a card, which is never stored. Give the number of the slip."


@word_error.register
def _(error: errors.PaymentMissing) -> str:
    return "Say which payment is given back. Only cash goes back without one."


@word_error.register
def _(error: errors.OtherMethod) -> str:
    return f"What was paid {BY_METHOD[error.paid_by]} goes back {BY_METHOD[error.paid_by]}, or in cash."


@word_error.register
def _(error: errors.CashRefundAboveLimit) -> str:
    asked, limit = format_money(error.asked), format_money(error.limit)
    before = f", and {format_money(error.before)} went back before" if error.before else ""
    return f"{asked} in cash{before}: more than your limit of {limit} for an order. A manager can allow it."


@word_error.register
def _(error: errors.NotReversible) -> str:
    return f"This payment cannot be reversed. {_NOT_REVERSIBLE[error.why]}"


@word_error.register
def _(error: errors.ReasonMissing) -> str:
    return "Give a reason."


@word_error.register
def _(error: errors.CurrencyChanged) -> str:
    return (
        f"SHOP_CURRENCY is {error.setting}, but payments are stored in {error.stored}: "
        f"set SHOP_CURRENCY={error.stored} again."
    )

"""Words the errors of tills."""

from shop.money.amounts import format_money
from shop.till import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.TillClosed) -> str:
    return f"{error.register} is closed. Open it first."


@word_error.register
def _(error: errors.RegisterNameTaken) -> str:
    return f"Another register is called {error.name}."


@word_error.register
def _(error: errors.PrefixTaken) -> str:
    return f"{error.name} has the prefix {error.prefix} already."


@word_error.register
def _(error: errors.InvalidPrefix) -> str:
    return f"A prefix is 1 to {error.most} capital letters and digits."


@word_error.register
def _(error: errors.TillOpen) -> str:
    return f"{error.register} is open already."


@word_error.register
def _(error: errors.TillChanged) -> str:
    more = error.entries - error.seen
    return f"{more} {'entry' if more == 1 else 'entries'} came in since this page was made. Count again."


@word_error.register
def _(error: errors.ClosedOtherwise) -> str:
    counted, banked = format_money(error.counted), format_money(error.banked)
    return f"This session is closed: {counted} was counted, {banked} went to the bank."


@word_error.register
def _(error: errors.CashReasonMissing) -> str:
    return "Give a reason."


@word_error.register
def _(error: errors.UnknownCashKind) -> str:
    return "Choose more change, to the safe, paid out or found."

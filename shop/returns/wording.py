"""Words the errors of returns, and the reason for the amount of a return."""

from shop.money.amounts import format_money
from shop.returns import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.NothingToReturn) -> str:
    return "Enter how many units of a line come back."


@word_error.register
def _(error: errors.UnknownLines) -> str:
    return f"Not on this order: line {', '.join(map(str, error.lines))}."


@word_error.register
def _(error: errors.ReasonMissing) -> str:
    return "Say why."


@word_error.register
def _(error: errors.ReturnChanged) -> str:
    seen, now = format_money(error.seen), format_money(error.now)
    return f"Nothing was stored: somebody took something back meanwhile. You saw {seen}; now it is {now}."

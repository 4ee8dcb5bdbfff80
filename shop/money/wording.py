"""Words the errors of amounts and quantities."""

from shop.money import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.QuantityOutOfRange) -> str:
    return f"A quantity is between {error.least:,} and {error.most:,}."


@word_error.register
def _(error: errors.PriceOutOfRange) -> str:
    return f"A price is between 0 and {error.most:,}, with two decimals at most."


@word_error.register
def _(error: errors.TotalTooLarge) -> str:
    return "The order's total is too large to be stored."

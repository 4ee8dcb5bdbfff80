"""Words the errors of amounts and quantities."""

from shop.money import errors
from shop.money.amounts import format_money
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


@word_error.register
def _(error: errors.TwoDiscounts) -> str:
    return "A discount is an amount or a percentage, not both."


@word_error.register
def _(error: errors.InvalidPercent) -> str:
    return "A discount is from 0 to 100 percent."


@word_error.register
def _(error: errors.DiscountTooLarge) -> str:
    values = error.values()
    discount, base = format_money(values["discount"]), format_money(values["base"])
    return f"A discount of {discount} is more than the line's {base}."

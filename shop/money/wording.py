"""Words the errors of amounts and quantities."""

from django.conf import settings

from shop.money import errors
from shop.money.amounts import format_money, format_percent
from shop.web.wording import word_error


@word_error.register
def _(error: errors.QuantityOutOfRange) -> str:
    return f"A quantity is between {error.least:,} and {error.most:,}."


@word_error.register
def _(error: errors.PriceOutOfRange) -> str:
    decimals = "with two decimals at most" if settings.SHOP_DECIMALS else "without decimals"
    return f"A price is between 0 and {error.most:,}, {decimals}."


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


@word_error.register
def _(error: errors.MoneyError) -> str:
    return "These amounts cannot be computed."


@word_error.register
def _(error: errors.NotWholeUnits) -> str:
    decimals = error.values()["decimals"]
    return f"An amount is a number {f'with {decimals} decimals at most' if decimals else 'without decimals'}."


@word_error.register
def _(error: errors.NegativeAmount) -> str:
    return "An amount is 0 or more."


@word_error.register
def _(error: errors.ZeroAmount) -> str:
    return "An amount is more than 0."


@word_error.register
def _(error: errors.InvalidQuantity) -> str:
    return "A quantity is 1 or more."


@word_error.register
def _(error: errors.NothingToShare) -> str:
    return "A discount needs a line that costs something."


@word_error.register
def _(error: errors.InvalidBundle) -> str:
    return "A bundle has at least one unit that is paid and one that is free."


@word_error.register
def _(error: errors.DiscountsCollide) -> str:
    return "A line in a bundle has no other discount."


@word_error.register
def _(error: errors.DiscountAboveLimit) -> str:
    values = error.values()
    off, most = format_money(values["discount"]), format_money(values["most"])
    what = "the line" if "position" in values else "the order, all discounts together"
    return (
        f"{off} off {what} is more than your limit of {format_percent(values['limit'])} %, which is {most}. "
        "A manager can allow it."
    )


@word_error.register
def _(error: errors.TaxTooLarge) -> str:
    values = error.values()
    return f"A tax of {format_money(values['tax'])} is more than the line's {format_money(values['gross'])}."


@word_error.register
def _(error: errors.MoreThanBought) -> str:
    return f"Only {error.values()['left']:,} are left that can come back."


@word_error.register
def _(error: errors.MoreThanLeft) -> str:
    return f"Only {format_money(error.values()['left'])} is left of the line."


@word_error.register
def _(error: errors.NothingDue) -> str:
    return "Nothing is due."


@word_error.register
def _(error: errors.MoreThanDue) -> str:
    return f"Only {format_money(error.values()['due'])} is due."


@word_error.register
def _(error: errors.TenderedTooLittle) -> str:
    values = error.values()
    tendered, asked = format_money(values["tendered"]), format_money(values["asked"])
    return f"{tendered} in cash is less than the {asked} that it pays."


@word_error.register
def _(error: errors.MoreThanPaid) -> str:
    return f"Only {format_money(error.values()['paid'])} is left of what was paid."


@word_error.register
def _(error: errors.MoreThanCounted) -> str:
    return f"Only {format_money(error.values()['counted'])} was counted."

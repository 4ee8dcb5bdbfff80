"""Words the errors of taxes."""

from shop.money.amounts import format_percent
from shop.taxes import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.InvalidTaxCode) -> str:
    return f"A tax class has a code of 1 to {error.most} letters, digits, dots, dashes and underscores."


@word_error.register
def _(error: errors.InvalidTaxPercent) -> str:
    return "A tax rate is from 0 to less than 100 percent, with three decimals at most."


@word_error.register
def _(error: errors.RateStartsInPast) -> str:
    return (
        f"A new rate of {error.tax_class} begins today or later, not on {error.valid_from}: "
        "only the first rate of a class may begin in the past."
    )


@word_error.register
def _(error: errors.RateAlreadyValid) -> str:
    return (
        f"{error.tax_class} has {format_percent(error.percent)} % from {error.valid_from} on, which is valid "
        f"already and never changes. Set {format_percent(error.asked)} % from a later day on."
    )


@word_error.register
def _(error: errors.NoTaxRate) -> str:
    return (
        f"Product {error.product} has the tax class {error.tax_class}, which has no rate on {error.day}. "
        "Set one with manage.py set_tax_rate."
    )

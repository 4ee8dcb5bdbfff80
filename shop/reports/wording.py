"""Words the errors of reports."""

from shop.reports import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.DayNotOver) -> str:
    return f"{error.day:%Y-%m-%d} is not over: it is sealed from a quarter past midnight on."


@word_error.register
def _(error: errors.UnknownReport) -> str:
    return f"There is no report named “{error.name}”."


@word_error.register
def _(error: errors.InvalidRange) -> str:
    return f"The last day is not before the first one, and at most {error.most} years after it."

"""Sentences for the errors of the staff services."""

from shop.staff import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.TokenDaysOutOfRange) -> str:
    return f"A token is valid for 1 to {error.most} days."


@word_error.register
def _(error: errors.ConfirmationRefused) -> str:
    return "This is not the name and password of somebody who may confirm it."


@word_error.register
def _(error: errors.TooManyAttempts) -> str:
    return f"There were too many attempts. Try again in {error.seconds} seconds."


@word_error.register
def _(error: errors.PercentOutOfRange) -> str:
    return "A limit is from 0 to 100 percent."

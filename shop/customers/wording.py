"""Words the errors of customers."""

from shop.customers import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.CustomerInUse) -> str:
    return f"{error.name} has orders or credit notes and cannot be deleted. Retire the customer instead."

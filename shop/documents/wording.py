"""Words the errors of documents."""

from shop.documents import errors
from shop.web.wording import word_error


@word_error.register
def _(error: errors.NothingToInvoice) -> str:
    return f"{error.reference} is {error.status}: only what was sold gets a receipt or an invoice."


@word_error.register
def _(error: errors.InvoiceNeedsName) -> str:
    return f"{error.reference} has no customer: an invoice needs the name of the one who gets it."


@word_error.register
def _(error: errors.NothingToCorrect) -> str:
    return "A credit note corrects a receipt or an invoice, and this return's order has none yet."


@word_error.register
def _(error: errors.WithdrawalNeedsReason) -> str:
    return "Say why the invoice is withdrawn: its credit note prints it."


@word_error.register
def _(error: errors.NothingToWithdraw) -> str:
    return f"{error.number} cannot be withdrawn: it is no invoice, or credit notes have taken back all of it."

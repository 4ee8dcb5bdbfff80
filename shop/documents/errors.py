"""What the services of documents raise."""

from dataclasses import dataclass

from shop.db.errors import InvalidValue, ShopError


@dataclass(eq=False)
class NothingToInvoice(ShopError):
    """Only an order that is placed or fulfilled gets a receipt or an invoice."""

    code = "nothing_to_invoice"

    reference: str
    status: str


@dataclass(eq=False)
class InvoiceNeedsName(InvalidValue):
    """An invoice needs a name, and the order has no customer."""

    code = "invoice_needs_name"

    reference: str


class WithdrawalNeedsReason(InvalidValue):
    """The credit note that withdraws an invoice says why."""

    code = "withdrawal_needs_reason"


@dataclass(eq=False)
class NothingToWithdraw(ShopError):
    """Only an invoice is withdrawn, and only if credit notes have left something of it."""

    code = "nothing_to_withdraw"

    number: str


class NothingToCorrect(ShopError):
    """A credit note corrects a receipt or an invoice, and the order has none that is valid."""

    code = "nothing_to_correct"

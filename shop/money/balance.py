"""What is to pay or to refund, where refunds go, what exchanges leave (A6 and R9 of docs/MONEY.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shop.money.errors import MoreThanPaid, NegativeAmount, NothingDue

#: The methods that cannot take money back: what they paid goes back in cash.
REFUNDED_IN_CASH = frozenset({"cash", "exchange"})


@dataclass(frozen=True)
class Balance:
    """An order as an account: what was sold, less what came back, less what was paid."""

    total: Decimal
    returned: Decimal
    paid: Decimal

    @property
    def amount(self) -> Decimal:
        """More than zero: to pay. Less: to refund."""
        return self.total - self.returned - self.paid

    @property
    def to_pay(self) -> Decimal:
        return max(self.amount, Decimal(0))

    @property
    def refund_due(self) -> Decimal:
        return max(-self.amount, Decimal(0))


@dataclass(frozen=True)
class PaymentLeft:
    """A payment and what is left of it after its refunds."""

    payment_id: int
    method: str
    left: Decimal


@dataclass(frozen=True)
class ProposedRefund:
    """`payment_id` names the payment that gets its money back; None is cash from the drawer."""

    payment_id: int | None
    method: str
    amount: Decimal


@dataclass(frozen=True)
class Exchange:
    """`moved` goes from the old order to the new one; then `to_pay` or `refund` is zero, or both are."""

    moved: Decimal
    to_pay: Decimal
    refund: Decimal


def propose_refunds(due: Decimal, payments: Iterable[PaymentLeft]) -> list[ProposedRefund]:
    """Where `due` goes: to the payments that can take it back, in the order given, then cash (R9)."""
    payments = list(payments)
    if due <= 0:
        raise NothingDue(due=due)
    if negative := [payment.left for payment in payments if payment.left < 0]:
        raise NegativeAmount(amount=negative[0])
    paid = sum((payment.left for payment in payments), Decimal(0))
    if due > paid:
        raise MoreThanPaid(paid=paid, asked=due)
    refunds = []
    for payment in payments:
        amount = min(due, payment.left)
        if payment.method not in REFUNDED_IN_CASH and amount:
            refunds.append(ProposedRefund(payment.payment_id, payment.method, amount))
            due -= amount
    if due:
        refunds.append(ProposedRefund(None, "cash", due))
    return refunds


def settle_exchange(refund_due: Decimal, total: Decimal) -> Exchange:
    """What the refund due on the old order pays of the new order's total."""
    if min(refund_due, total) < 0:
        raise NegativeAmount(amount=min(refund_due, total))
    moved = min(refund_due, total)
    return Exchange(moved, to_pay=total - moved, refund=refund_due - moved)

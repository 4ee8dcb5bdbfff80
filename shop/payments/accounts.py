"""What a page shows of an order's account, and the signed field with the balance that it showed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop.money.amounts import MAX_AMOUNT
from shop.money.cash import take_cash
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.refunds import drop_reversed
from shop.payments.tenders import compute_balance
from shop.web.snapshots import LOAD_PAGE_ANEW, Snapshot, check_text


def _decode_balance(value: Any) -> Decimal:
    balance = Decimal(check_text(value))
    if not abs(balance) <= MAX_AMOUNT:
        raise ValueError("no amount")
    return balance


#: The balance of an order, as the page of a payment or a refund showed it; its row is the reference.
BALANCE = Snapshot[Decimal]("balance", LOAD_PAGE_ANEW, str, _decode_balance)


@dataclass(frozen=True)
class AccountRow:
    """An entry, and whether it can be reversed now."""

    payment: Payment
    is_reversible: bool
    is_reversed: bool


@dataclass(frozen=True)
class Account:
    """An order's account: what was sold and what came back, what was paid, what is open."""

    order: Order
    rows: list[AccountRow]

    @property
    def balance(self) -> Decimal:
        return compute_balance(self.order)

    @property
    def is_payable(self) -> bool:
        """Whether there is something to pay, and the order takes payments."""
        return self.balance > 0 and self.order.status in (Order.Status.PLACED, Order.Status.FULFILLED)

    @property
    def refund_due(self) -> Decimal:
        return max(-self.balance, Decimal(0))

    @property
    def cash_due(self) -> Decimal | None:
        """What is to pay in cash, where the smallest coin makes it another amount."""
        step: Decimal | None = settings.SHOP_CASH_STEP
        if step is None or self.balance <= 0:
            return None
        cash = take_cash(self.balance, self.balance + step, step=step).cash
        return cash if cash != self.balance else None


def build_account(order: Order, payments: Iterable[Payment]) -> Account:
    """Returns the account of an order whose payments are loaded with their sessions."""
    payments = list(payments)
    counting = {row.pk for row in drop_reversed(payments)}
    refunded = {row.refund_of_id for row in payments if row.pk in counting}
    return Account(
        order,
        [
            AccountRow(
                row,
                is_reversible=row.pk in counting
                and row.pk not in refunded
                and row.method != Payment.Method.EXCHANGE
                and row.session is not None
                and row.session.closed_at is None,
                is_reversed=row.pk not in counting and row.reverses_id is None,
            )
            for row in payments
        ],
    )

"""What a page shows of an order's account, and the signed field with the balance that it showed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop.money.amounts import MAX_AMOUNT
from shop.money.cash import compute_cash_due
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.refunds import drop_reversed, find_reversal_problems
from shop.payments.tenders import PAYABLE, get_balance
from shop.web.snapshots import LOAD_PAGE_ANEW, Snapshot, check_text


def _decode_balance(value: Any) -> Decimal:
    balance = Decimal(check_text(value))
    if not abs(balance) <= MAX_AMOUNT:
        raise ValueError("no amount")
    return balance


#: The balance that a page about payments or refunds showed; its row is the order's reference.
BALANCE = Snapshot[Decimal]("balance", LOAD_PAGE_ANEW, str, _decode_balance)


@dataclass(frozen=True)
class AccountRow:
    """An entry, whether it can be reversed now, and whether that was done."""

    payment: Payment
    is_reversible: bool
    is_reversed: bool


@dataclass(frozen=True)
class Account:
    """An order with its entries, and what is to pay or to refund."""

    order: Order
    rows: list[AccountRow]

    @property
    def balance(self) -> Decimal:
        return get_balance(self.order).amount

    @property
    def is_payable(self) -> bool:
        """Whether there is something to pay, and the order takes payments."""
        return self.balance > 0 and self.order.status in PAYABLE

    @property
    def refund_due(self) -> Decimal:
        return get_balance(self.order).refund_due

    @property
    def cash_due(self) -> Decimal | None:
        """The balance rounded to the smallest coin; None where that is the same amount."""
        if self.balance <= 0:
            return None
        cash = compute_cash_due(self.balance, settings.SHOP_CASH_STEP, settings.SHOP_DECIMALS)
        return cash if cash != self.balance else None


def build_account(order: Order, payments: Iterable[Payment]) -> Account:
    """Returns the account of an order whose payments are loaded with their sessions."""
    payments = list(payments)
    problems = find_reversal_problems(payments)
    counting = {row.pk for row in drop_reversed(payments)}
    return Account(
        order,
        [
            AccountRow(
                row,
                is_reversible=row.pk not in problems,
                is_reversed=row.pk not in counting and row.reverses_id is None,
            )
            for row in payments
        ],
    )

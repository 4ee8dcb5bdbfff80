"""What the services of payments raise. Amounts out of range are errors of shop/money/errors.py."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from shop.db.errors import InvalidValue, ShopError
from shop.orders.errors import WrongState

#: Why an entry cannot be reversed: it has no open till session, a part of it was refunded, it was reversed
#: or is a reversal itself, or it belongs to an exchange.
ReversalProblem = Literal["session", "refunded", "reversal", "exchange"]


class NotPayable(WrongState):
    """In this status no payment is taken for an order, or no refund is given."""


@dataclass(frozen=True)
class AccountEntry:
    """The latest entry of an order's account, as a message names it."""

    method: str
    amount: Decimal
    by_id: int | None
    by: str
    at: datetime.datetime


@dataclass(eq=False)
class BalanceChanged(ShopError):
    """The balance is not the one that the clerk saw.

    `last` is the latest entry, if there is one; `is_own` says whether the same clerk made it.
    """

    code = "balance_changed"

    seen: Decimal
    balance: Decimal
    last: AccountEntry | None = None
    is_own: bool = False

    def values(self) -> dict[str, Any]:
        return {"seen": self.seen, "balance": self.balance}


@dataclass(eq=False)
class UnknownMethod(InvalidValue):
    """Nobody pays by this method."""

    code = "unknown_method"

    method: str


@dataclass(eq=False)
class AmountMissing(InvalidValue):
    """A payment needs an amount; for cash, what was laid down is enough."""

    code = "amount_missing"

    method: str


@dataclass(eq=False)
class OnlyCashIsTendered(InvalidValue):
    """`tendered` was sent with another method than cash, or without an amount. Only cash gives change."""

    code = "only_cash_is_tendered"

    method: str


class CardNumberRefused(InvalidValue):
    """The reference looks like the number of a card, which is never stored, not even in this error."""

    code = "card_number_refused"


@dataclass(eq=False)
class PaymentMissing(InvalidValue):
    """A refund by another method than cash must name the payment that it gives back."""

    code = "payment_missing"

    method: str


@dataclass(eq=False)
class OtherMethod(InvalidValue):
    """A payment goes back the way it came, or in cash."""

    code = "other_method"

    method: str
    paid_by: str


@dataclass(eq=False)
class CashRefundAboveLimit(InvalidValue):
    """More cash would go back for an order than this person's role may give back.

    `before` went back in cash earlier.
    """

    code = "cash_refund_above_limit"

    limit: Decimal
    before: Decimal
    asked: Decimal


@dataclass(eq=False)
class NotReversible(ShopError):
    """The payment cannot be reversed."""

    code = "not_reversible"

    payment: int
    why: ReversalProblem


class ReasonMissing(InvalidValue):
    """A reversal needs a reason."""

    code = "reason_missing"


@dataclass(eq=False)
class CurrencyChanged(ShopError):
    """Payments are stored in another currency than SHOP_CURRENCY."""

    code = "currency_changed"

    stored: str
    setting: str

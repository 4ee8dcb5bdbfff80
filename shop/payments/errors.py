"""What the services of payments raise. Amounts out of range are errors of shop/money/errors.py."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from shop.db.errors import InvalidValue, ShopError
from shop.orders.errors import WrongState


class NotPayable(WrongState):
    """No money is taken for an order in this status, or none is given back."""


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
    """The balance is not the one that the clerk saw. `last` is the latest entry, where there is one."""

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
    """A payment needs an amount; cash may say what was laid down instead."""

    code = "amount_missing"

    method: str


@dataclass(eq=False)
class OnlyCashIsTendered(InvalidValue):
    """Only cash is laid down, and gives change."""

    code = "only_cash_is_tendered"

    method: str


class CardNumberRefused(InvalidValue):
    """The reference looks like the number of a card, which is never stored. It is not repeated here."""

    code = "card_number_refused"


@dataclass(eq=False)
class PaymentMissing(InvalidValue):
    """Only cash goes back without the payment that it comes from."""

    code = "payment_missing"

    method: str


@dataclass(eq=False)
class OtherMethod(InvalidValue):
    """A payment goes back the way it came, or in cash."""

    code = "other_method"

    method: str
    paid_by: str


@dataclass(eq=False)
class NotReversible(ShopError):
    """The payment cannot be reversed.

    `why`: "session" (its till session is closed, or it has none), "refunded", "reversal", "exchange".
    """

    code = "not_reversible"

    payment: int
    why: Literal["session", "refunded", "reversal", "exchange"]


class ReasonMissing(InvalidValue):
    """Taking an entry back needs a reason."""

    code = "reason_missing"


@dataclass(eq=False)
class CurrencyChanged(ShopError):
    """Payments are stored in another currency than SHOP_CURRENCY."""

    code = "currency_changed"

    stored: str
    setting: str

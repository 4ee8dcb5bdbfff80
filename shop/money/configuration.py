"""Reads the environment variables about money. An error is one sentence that says what to set."""

import os
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision, list_currencies
from django.core.exceptions import ImproperlyConfigured

#: Amounts are stored with so many decimals.
DECIMALS = 2
LARGEST_STEP = Decimal(100)
#: The digits of coins without zeros: 0.05, 0.25, 1 and 10 are coins.
_COIN_DIGITS = {"1", "2", "5", "25"}


def read_currency() -> str:
    """Reads SHOP_CURRENCY, the ISO 4217 code of a currency that has at most two decimals."""
    code = os.environ.get("SHOP_CURRENCY", "USD").strip().upper()
    if code not in list_currencies():
        raise ImproperlyConfigured(f"SHOP_CURRENCY is {code!r}: set an ISO 4217 code such as USD or EUR.")
    if count_decimals(code) > DECIMALS:
        raise ImproperlyConfigured(
            f"SHOP_CURRENCY is {code!r}, which has more than {DECIMALS} decimals: choose another one."
        )
    return code


def count_decimals(currency: str) -> int:
    """Returns how many decimals the amounts of a currency have: two, or none as in JPY."""
    return get_currency_precision(currency)


def read_cash_step(currency: str) -> Decimal | None:
    """Reads SHOP_CASH_STEP, the smallest coin, to which cash is rounded. None: cash is not rounded.

    If it is not set, a currency without decimals, such as JPY, is rounded to 1.
    """
    text = os.environ.get("SHOP_CASH_STEP", "").strip()
    if not text:
        return None if count_decimals(currency) else Decimal(1)
    try:
        step = Decimal(text)
    except InvalidOperation:
        step = Decimal(0)
    if not step.is_finite() or not _is_coin(step):
        raise ImproperlyConfigured(
            f"SHOP_CASH_STEP is {text!r}: set the smallest coin, such as 0.05 or 1, or unset it."
        )
    return step


def _is_coin(step: Decimal) -> bool:
    """Whether a coin can have this value: whole cents, with the digits 1, 2, 5 or 25 and zeros."""
    if not Decimal(1).scaleb(-DECIMALS) <= step <= LARGEST_STEP or step != round(step, DECIMALS):
        return False
    digits = "".join(map(str, step.as_tuple().digits))
    return digits.strip("0") in _COIN_DIGITS

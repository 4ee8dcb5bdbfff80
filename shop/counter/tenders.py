"""What a clerk types when the customer pays.

- a number: cash that was laid down; `=`: cash, exactly what is due
- `c`, `t`, `v`: all that is left by card, by transfer, with a voucher; with a number after it, so much
- several with `+` between them: `c 20 + 50`
"""

import re
from decimal import Decimal

from shop.counter.errors import NotATender
from shop.money.cash import compute_cash_due
from shop.payments.tenders import Tender

LETTERS = {"c": "card", "t": "transfer", "v": "voucher"}
#: Eight digits and more before the decimals are a barcode: no customer lays that down.
_TENDER = re.compile(r"(=)|([ctv])? ?(?:(\d{1,7})(?:[.,](\d{1,2}))?)?", re.ASCII)


def read_tenders(typed: str) -> tuple[Tender, ...]:
    """Returns what a text means; nothing for an empty one. Raises NotATender."""
    if not typed.strip():
        return ()
    return tuple(_read_tender(part) for part in typed.split("+"))


def _read_tender(part: str) -> Tender:
    text = " ".join(part.casefold().split())
    match = _TENDER.fullmatch(text)
    if not text or match is None:
        raise NotATender(part.strip())
    exact, letter, whole, decimals = match.groups()
    if exact:
        return Tender("cash")
    amount = Decimal(f"{whole}.{decimals or 0}") if whole else None
    if letter:
        return Tender(LETTERS[letter], amount)
    return Tender("cash", tendered=amount)


def fill_in(tender: Tender, balance: Decimal, step: Decimal | None) -> Tender:
    """Returns a tender without an amount as one of all that is left: in cash, as it is rounded."""
    if tender.amount is not None or tender.tendered is not None:
        return tender
    if tender.method == "cash":
        return Tender("cash", tendered=compute_cash_due(balance, step))
    return Tender(tender.method, balance, reference=tender.reference)

"""Reads what a clerk types when the customer pays.

- `50`: cash laid down; `=`: exactly what is due, in cash
- `c`, `t`, `v`: all that is due by card, by transfer, by voucher; `c 20`: this amount by card
- `c 20 + 50`: several of these
"""

import re
from decimal import Decimal

from shop.counter.errors import NotATender
from shop.payments.tenders import Tender

_LETTERS = {"c": "card", "t": "transfer", "v": "voucher"}
#: Characters of a text; a longer one is refused, because cut off it could mean another amount.
MAX_TYPED = 200
#: Eight digits or more are a barcode that was scanned into the field, and no amount.
_TENDER = re.compile(r"(=)|([ctv])? ?(?:(\d{1,7})(?:[.,](\d{1,2}))?)?", re.ASCII)


def read_tenders(typed: str) -> tuple[Tender, ...]:
    """Returns the tenders that a text means; none for an empty text. Raises NotATender."""
    if len(typed) > MAX_TYPED:
        raise NotATender(f"{typed[:MAX_TYPED]}…")
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
        return Tender("cash", typed=part.strip())
    amount = Decimal(f"{whole}.{decimals or 0}") if whole else None
    if letter:
        return Tender(_LETTERS[letter], amount, typed=part.strip())
    return Tender("cash", tendered=amount, typed=part.strip())

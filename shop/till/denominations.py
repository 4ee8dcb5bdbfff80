"""The notes and coins of each currency, which the page of a count lists."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

_OF = {
    "EUR": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
    "CHF": "1000 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "GBP": "50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "CAD": "100 50 20 10 5 2 1 0.25 0.10 0.05",
    "AUD": "100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "SEK": "1000 500 200 100 50 20 10 5 2 1",
    "JPY": "10000 5000 2000 1000 500 100 50 10 5 1",
}
#: For every other currency.
_OTHERS = "1000 500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01"


def list_denominations() -> Sequence[Decimal]:
    """Returns the notes and coins of the shop's currency, the largest first."""
    return [Decimal(text) for text in _OF.get(settings.SHOP_CURRENCY, _OTHERS).split()]

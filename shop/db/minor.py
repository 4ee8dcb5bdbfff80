"""Amounts in whole minor units (cents), computed by the database.

SQLite keeps an amount as a binary fraction. Rounded to a whole number it is exact, and so are sums of them.
"""

from typing import Any

from django.db.models import BigIntegerField, DecimalField, ExpressionWrapper
from django.db.models.functions import Cast, Round


def minor(amount: Any, units: int = 100) -> Cast:
    """Returns the expression that turns an amount into whole units, of which one major unit has `units`."""
    product = ExpressionWrapper(amount * units, output_field=DecimalField(max_digits=20, decimal_places=2))
    return Cast(Round(product), BigIntegerField())

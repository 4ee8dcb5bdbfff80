"""Conditions for CHECK constraints on amounts of money."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, Q
from django.db.models.functions import Round
from django.db.models.lookups import Exact


def is_zero(amount: Any) -> Q:
    """The condition that an expression over amounts is 0, rounded to cents.

    SQLite computes with binary fractions, in which 0.1 + 0.2 is not 0.3; all amounts that it stores have
    fifteen digits at most, so that a difference of a cent is never rounded away.
    """
    difference = ExpressionWrapper(amount, output_field=DecimalField(max_digits=18, decimal_places=2))
    return Q(Exact(Round(difference, precision=2), Decimal(0)))

"""Amounts in whole minor units (cents), computed by the database.

SQLite keeps an amount as a binary fraction. Rounded to a whole number it is exact, and so are sums of them.
"""

from typing import Any

from django.db.models import BigIntegerField, Func


def minor(amount: Any, units: int = 100) -> Func:
    """Returns the expression that turns an amount into whole units, of which one major unit has `units`.

    Written with Django's own functions, SQLite would cast each row's amount four times.
    """
    template = "CAST(ROUND(%(expressions)s * %(units)s) AS bigint)"
    return Func(amount, template=template, units=units, output_field=BigIntegerField())

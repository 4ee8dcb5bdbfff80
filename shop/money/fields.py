"""Columns of amounts and percentages."""

from typing import Any

from django.db import models


class _FixedDecimalField(models.DecimalField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A decimal number. The class sets its digits; migrations hold a plain DecimalField."""

    digits = decimals = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"max_digits": self.digits, "decimal_places": self.decimals})

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


class AmountField(_FixedDecimalField):
    """An amount of money with two decimals."""

    digits, decimals = 18, 2


class PercentField(_FixedDecimalField):
    """A percentage with three decimals."""

    digits, decimals = 6, 3

"""Every write to tax classes and rates."""

import datetime
import re
from decimal import Decimal
from typing import Literal, NamedTuple

from django.utils import timezone

from shop.db.transactions import retried_transaction
from shop.taxes.errors import InvalidTaxCode, InvalidTaxPercent, RateAlreadyValid, RateStartsInPast
from shop.taxes.models import TaxClass, TaxRate

MAX_CODE = 20
_CODE = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_CODE}}}")


class RateChange(NamedTuple):
    """A rate, and what was done for it to be there."""

    rate: TaxRate
    outcome: Literal["created", "changed", "unchanged"]


@retried_transaction
def set_tax_rate(*, code: str, percent: Decimal, valid_from: datetime.date | None) -> RateChange:
    """Makes the rate of a class from a day on (None: today), and the class where it is new.

    Raises InvalidTaxCode, InvalidTaxPercent, RateStartsInPast, RateAlreadyValid.
    """
    _check_code(code)
    _check_percent(percent)
    today = timezone.localdate()
    day = valid_from or today
    tax_class = TaxClass.objects.select_for_update().filter(pk=code).first()
    tax_class = tax_class or TaxClass.objects.create(code=code, name=code)
    rates = {rate.valid_from: rate for rate in tax_class.rates.all()}
    rate = rates.get(day)
    if rate is None:
        if rates and day < today:
            raise RateStartsInPast(code, day)
        made = TaxRate.objects.create(tax_class=tax_class, valid_from=day, percent=percent)
        return RateChange(made, "created")
    if rate.percent == percent:
        return RateChange(rate, "unchanged")
    if day <= today:
        raise RateAlreadyValid(code, day, rate.percent, percent)
    rate.percent = percent
    rate.save(update_fields=["percent"])
    return RateChange(rate, "changed")


def _check_code(code: str) -> None:
    """Raises InvalidTaxCode."""
    if not _CODE.fullmatch(code):
        raise InvalidTaxCode(code, MAX_CODE)


def _check_percent(percent: Decimal) -> None:
    """Raises InvalidTaxPercent, for what is no finite number too."""
    if not percent.is_finite() or not 0 <= percent < 100 or percent != round(percent, 3):
        raise InvalidTaxPercent(percent)

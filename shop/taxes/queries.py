"""Reads of tax rates."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from shop.db.querysets import ShopQuerySet

if TYPE_CHECKING:
    from shop.taxes.models import TaxRate  # noqa: F401


def select_percent_today(tax_class: str) -> Subquery:
    """The rate that is valid today of the class at the path `tax_class`, as a column of a larger query."""
    begun = apps.get_model("shop", "TaxRate").objects.filter(
        tax_class=OuterRef(tax_class), valid_from__lte=timezone.localdate()
    )
    return Subquery(begun.order_by("-valid_from").values("percent")[:1])


class TaxRateQuerySet(ShopQuerySet["TaxRate"]):
    """Tax rates."""

    def valid_on(self, day: datetime.date) -> Self:
        """The rate of each class on a day; none of a class whose first rate begins later."""
        begun = self.model._default_manager.filter(tax_class=OuterRef("tax_class"), valid_from__lte=day)
        return self.filter(valid_from=Subquery(begun.order_by("-valid_from").values("valid_from")[:1]))

    def percents_on(self, day: datetime.date) -> dict[str, Decimal]:
        """The percentage of each class on a day, by the code of the class."""
        return dict(self.valid_on(day).values_list("tax_class_id", "percent"))

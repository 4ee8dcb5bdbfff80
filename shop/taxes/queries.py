"""Reads of tax rates."""

from django.apps import apps
from django.db.models import OuterRef, Subquery
from django.utils import timezone


def select_percent_today(tax_class: str) -> Subquery:
    """The rate that is valid today of the class at the path `tax_class`, as a column of a larger query."""
    begun = apps.get_model("shop", "TaxRate").objects.filter(
        tax_class=OuterRef(tax_class), valid_from__lte=timezone.localdate()
    )
    return Subquery(begun.order_by("-valid_from").values("percent")[:1])

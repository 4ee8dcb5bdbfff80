"""Refuses to start with another SHOP_CURRENCY than payments are stored in: no amount is converted."""

from django.conf import settings
from django.db import connections

from shop.payments.errors import CurrencyChanged
from shop.payments.models import Payment


def check_currency(using: str) -> None:
    """Raises CurrencyChanged if payments are stored in another currency. Before `migrate` there are none."""
    connection = connections[using]
    if Payment._meta.db_table not in connection.introspection.table_names():
        return
    stored = Payment.objects.using(using).order_by("id").values_list("currency", flat=True).last()
    if stored is not None and stored != settings.SHOP_CURRENCY:
        raise CurrencyChanged(stored, settings.SHOP_CURRENCY)

"""Products with a tax class, for tests."""

import datetime
from decimal import Decimal
from typing import Any

from shop.models import Product, TaxClass
from shop.taxes.services import set_tax_rate
from testing.factories import ProductFactory


def make_taxed_product(price: str, percent: str | None, **more: Any) -> Product:
    """Makes a product whose tax class has its percentage as code; without a class for None."""
    if percent is None:
        return ProductFactory(unit_price=Decimal(price), **more)
    set_tax_rate(code=percent, percent=Decimal(percent), valid_from=datetime.date(2020, 1, 1))
    return ProductFactory(unit_price=Decimal(price), tax_class=TaxClass.objects.get(pk=percent), **more)

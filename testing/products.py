"""Products with a tax class, for tests."""

import datetime
from decimal import Decimal
from typing import Any

from shop.models import Product, TaxClass, User
from shop.products import services as products
from shop.taxes.services import set_tax_rate
from testing.factories import ProductFactory, version_of


def make_taxed_product(price: str, percent: str | None, **more: Any) -> Product:
    """Makes a product whose tax class has its percentage as code; without a class for None."""
    if percent is None:
        return ProductFactory(unit_price=Decimal(price), **more)
    set_tax_rate(code=percent, percent=Decimal(percent), valid_from=datetime.date(2020, 1, 1))
    return ProductFactory(unit_price=Decimal(price), tax_class=TaxClass.objects.get(pk=percent), **more)


def reprice(product: Product, price: str, staff: User | None = None) -> None:
    """Changes the price through the service, and nothing else."""
    now = Product.objects.get(pk=product.pk)
    products.update_product(
        product_id=now.pk,
        name=now.name,
        unit_price=Decimal(price),
        sku=now.sku,
        barcode=now.barcode,
        seen_version=version_of(now),
        staff_id=staff.pk if staff else None,
    )

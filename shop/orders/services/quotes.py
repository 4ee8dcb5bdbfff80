"""What an order would cost today. Nothing is stored, and stock is not looked at."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.money.errors import TotalTooLarge
from shop.money.pricing import Discount, Line, PricedOrder, price_order
from shop.orders.errors import NotOnSale, TooManyOfProduct
from shop.products.models import Product
from shop.taxes.errors import NoTaxRate
from shop.taxes.models import TaxRate


class QuoteItem(NamedTuple):
    """So many of one product, with a discount of their own."""

    product_id: int
    quantity: int
    discount: Discount


def quote_order(*, items: Sequence[QuoteItem], discount: Discount) -> PricedOrder:
    """Returns the figures at today's prices and tax rates, one line for each item, in their order.

    Raises TooManyOfProduct, NotOnSale, NoTaxRate, DiscountTooLarge, TotalTooLarge.
    """
    _refuse_too_many(items)
    products = Product.objects.in_bulk({item.product_id for item in items})
    wanted = dict.fromkeys(item.product_id for item in items)
    missing = [pk for pk in wanted if pk not in products or not products[pk].active]
    if missing:
        raise NotOnSale(missing)
    today = timezone.localdate()
    percents = TaxRate.objects.percents_on(today)
    lines = [_make_line(item, products[item.product_id], percents, today) for item in items]
    priced = price_order(lines, prices_include_tax=settings.SHOP_PRICES_INCLUDE_TAX, discount=discount)
    # With net prices the total may be the larger one, with a discount the subtotal.
    largest = max(priced.subtotal, priced.total)
    if largest > MAX_AMOUNT:
        raise TotalTooLarge(largest, MAX_AMOUNT)
    return priced


def _refuse_too_many(items: Sequence[QuoteItem]) -> None:
    """Raises TooManyOfProduct where the lines of a product add up to more than an order holds."""
    wanted = Counter[int]()
    for item in items:
        wanted[item.product_id] += item.quantity
    for pk, quantity in wanted.most_common(1):
        if quantity > MAX_QUANTITY:
            raise TooManyOfProduct(pk, quantity, MAX_QUANTITY)


def _make_line(
    item: QuoteItem, product: Product, percents: Mapping[str, Decimal], day: datetime.date
) -> Line:
    """A line for the arithmetic. A product without a tax class has the rate 0. Raises NoTaxRate."""
    code = product.tax_class_id
    if code is not None and code not in percents:
        raise NoTaxRate(product.pk, code, day)
    return Line(
        quantity=item.quantity,
        unit_price=product.unit_price,
        tax_percent=Decimal(0) if code is None else percents[code],
        tax_code=code,
        discount=item.discount,
    )

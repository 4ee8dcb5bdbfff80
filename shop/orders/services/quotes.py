"""What an order would cost today. Nothing is stored, and stock is not looked at."""

from collections.abc import Sequence

from shop.money.pricing import Discount, PricedOrder
from shop.orders.errors import NotOnSale
from shop.orders.models import Order
from shop.orders.pricing import price_draft, set_discount
from shop.orders.services.new_orders import Item, build_new_line, count_products
from shop.products.models import Product


def quote_order(*, items: Sequence[Item], discount: Discount) -> PricedOrder:
    """Returns the figures at today's prices and tax rates, one line for each item, in their order.

    Raises TooManyOfProduct, NotOnSale, NoTaxRate, DiscountTooLarge, TotalTooLarge.
    """
    wanted = count_products(items)
    products = Product.objects.with_percent_today().in_bulk(wanted)
    missing = [pk for pk in wanted if pk not in products or not products[pk].active]
    if missing:
        raise NotOnSale(missing)
    order = Order()
    set_discount(order, discount, "")
    lines = [
        build_new_line(order, position, item, products[item.product_id])
        for position, item in enumerate(items, start=1)
    ]
    return price_draft(order, lines)

"""What an order would cost today. Nothing is stored, and stock is not looked at."""

from collections.abc import Sequence

from shop.money.pricing import Discount, PricedOrder
from shop.orders.models import Order
from shop.orders.pricing import price_draft, set_discount
from shop.orders.services.new_orders import Item, build_lines, count_products
from shop.products.models import Product


def quote_order(*, items: Sequence[Item], discount: Discount) -> PricedOrder:
    """Returns the figures at today's prices and tax rates, one line for each item, in their order.

    Raises TooManyOfProduct, NotOnSale, NoTaxRate, DiscountTooLarge, TotalTooLarge.
    """
    wanted = count_products(items)
    order = Order()
    set_discount(order, discount, "")
    products = Product.objects.with_percent_today().in_bulk(wanted)
    return price_draft(order, build_lines(order, items, products))

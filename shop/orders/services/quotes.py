"""What an order would cost today. Nothing is stored, and stock is not looked at."""

from collections.abc import Sequence

from shop.money.pricing import Discount, PricedOrder
from shop.orders.errors import NotOnSale
from shop.orders.models import Order, OrderLine
from shop.orders.pricing import price_draft, set_discount
from shop.orders.services.new_orders import Item, count_products
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
    return price_draft(order, [_build_line(item, products[item.product_id]) for item in items])


def _build_line(item: Item, product: Product) -> OrderLine:
    """A line that is priced and never stored."""
    line = OrderLine(product=product, quantity=item.quantity, unit_price=product.unit_price)
    line.percent_today = product.percent_today
    set_discount(line, item.discount, "")
    return line

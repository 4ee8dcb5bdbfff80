"""Reads the product that a clerk adds to a draft, with its tax rate."""

from shop.db.rows import get_or_raise
from shop.orders.errors import NotOneMatch
from shop.products.models import Product

#: Matches that a page shows to choose from; if there are more, the clerk types another word.
MAX_CHOICES = 8


def find_product(words: str) -> Product:
    """Returns the one product that `words`, which are no code, match. Raises NotOneMatch."""
    matches = Product.objects.with_percent_today().active().choices(words, MAX_CHOICES + 1)
    if len(matches) != 1:
        raise NotOneMatch(words, matches)
    return matches[0]


def get_product(product_id: int) -> Product:
    """Returns the product with its tax rate. Raises NotFound."""
    return get_or_raise(Product, product_id, Product.objects.with_percent_today())

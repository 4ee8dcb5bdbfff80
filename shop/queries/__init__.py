"""Reads: QuerySet methods, chainable, the same SQL features on every database."""

from shop.queries.base import ShopQuerySet
from shop.queries.customers import CustomerQuerySet
from shop.queries.orders import FIRST_DAY, LAST_DAY, REFERENCE_LENGTH, OrderQuerySet
from shop.queries.products import ProductQuerySet
from shop.queries.saved_views import SavedViewQuerySet
from shop.queries.search import MATCHED

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "MATCHED",
    "REFERENCE_LENGTH",
    "CustomerQuerySet",
    "OrderQuerySet",
    "ProductQuerySet",
    "SavedViewQuerySet",
    "ShopQuerySet",
]

"""Reads of customers."""

from typing import TYPE_CHECKING

from shop.queries.search import SearchableQuerySet

if TYPE_CHECKING:
    from shop.models import Customer  # noqa: F401


class CustomerQuerySet(SearchableQuerySet["Customer"]):
    """Customers."""

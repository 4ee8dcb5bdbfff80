"""Reads of customers."""

from typing import TYPE_CHECKING

from shop.search.querysets import SearchableQuerySet

if TYPE_CHECKING:
    from shop.customers.models import Customer  # noqa: F401


class CustomerQuerySet(SearchableQuerySet["Customer"]):
    """Customers."""

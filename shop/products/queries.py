"""Reads of products."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db.models import Case, Q, When

from shop.search.querysets import SearchableQuerySet
from shop.taxes.queries import select_percent_today

if TYPE_CHECKING:
    from shop.products.models import Product


class ProductQuerySet(SearchableQuerySet["Product"]):
    def with_code(self, code: str) -> Self:
        """Products with exactly this code: the SKU as typed first, then in capitals, then the barcode."""
        rank = Case(When(sku=code, then=0), When(sku=code.upper(), then=1), default=2)
        return self.filter(Q(sku__in={code, code.upper()}) | Q(barcode=code)).order_by(rank)

    def find_matches(self, typed: str, limit: int) -> "list[Product]":
        """Returns the product with exactly this code or, if there is none, active products that match."""
        return list(self.with_code(typed)[:1] or self.active().choices(typed, limit))

    def filter_by_stock(self, which: str) -> Self:
        """Products that are "low", "tracked" or "untracked"."""
        if which == "low":
            return self.filter(low_stock__isnull=False)
        return self.filter(stock__isnull=which == "untracked")

    def nearly_sold_out(self) -> Self:
        """Active, tracked products with little stock or none, the lowest stock first."""
        return self.filter(active=True, low_stock__isnull=False).order_by("low_stock", "id")

    def with_percent_today(self) -> Self:
        """Adds `percent_today`, the tax rate of the product's class that is valid today; None without one."""
        return self.annotate(percent_today=select_percent_today("tax_class"))

    def locked(self, product_ids: Iterable[int]) -> Self:
        """These products, locked in the order of their ids, so that two orders cannot deadlock."""
        return self.filter(pk__in=sorted(product_ids)).order_by("pk").select_for_update()

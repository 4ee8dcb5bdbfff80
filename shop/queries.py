"""Reads: QuerySet methods, chainable, the same SQL features on every database."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Self, TypedDict, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop import text
from shop.queries_live import WatchedOrders

if TYPE_CHECKING:
    from shop.models import Customer, Order, Product  # noqa: F401

ModelT = TypeVar("ModelT", bound=models.Model)

#: Letters and digits of an order's reference.
REFERENCE_LENGTH = 7
#: Words of a query that count: no name has more, and each is a condition of the SQL.
MAX_WORDS = 40
#: Up to so many, their orders are fetched by their ids; SQLite takes 999 parameters a statement.
FEW_CUSTOMERS, FEW_PRODUCTS, FEW_LINES = 500, 300, 800
#: How `best_first` sorts: by the word that matched, then by the row's id.
MATCHED = ("matched", "matched_id")
#: Days outside these cannot be turned into a moment in every time zone.
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(9000, 1, 1)


def _begins(word: str, term: str = "term") -> Q:
    """Terms with this beginning, as one range of the index on their bytes."""
    first = word.encode()
    # No byte of UTF-8 is 255, so nothing that begins with `first` sorts behind this.
    return Q(**{f"{term}__gte": first, f"{term}__lt": first + b"\xff"})


def _typed_words(query: str) -> list[str]:
    """The words of a query, longest first: it is likely to be the rarest."""
    return sorted(dict.fromkeys(text.words(query)), key=len, reverse=True)[:MAX_WORDS]


class ShopQuerySet(models.QuerySet[ModelT], Generic[ModelT]):
    """What all lists share."""

    def after(self, order_by: tuple[str, ...], values: tuple[Any, ...] | None) -> Self:
        """Rows behind a cursor: sorted by `order_by`, beyond `values` of the last row seen.

        `order_by` names two fields, both rising or both falling ("-" before them), the second
        unique; `values` are theirs on that row, or None for the first page.
        """
        rows = self.order_by(*order_by)
        if values is None:
            return rows
        (key, tie), (last_key, last_tie) = (name.lstrip("-") for name in order_by), values
        beyond = "lt" if order_by[0].startswith("-") else "gt"
        return rows.filter(
            # The first condition repeats what the second implies, so that it can bound the index.
            Q(**{f"{key}__{beyond}e": last_key}),
            Q(**{f"{key}__{beyond}": last_key}) | Q(**{f"{tie}__{beyond}": last_tie}),
        )


class SearchableQuerySet(ShopQuerySet[ModelT]):
    """Rows that have search terms."""

    def search(self, query: str) -> Self:
        """Rows in which every typed word begins a word of theirs, case and accents folded.

        A query without a single letter or digit finds nothing; an empty one finds everything.
        """
        typed = _typed_words(query)
        if not typed:
            return self.none() if query.strip() else self
        terms, owner = self._terms()
        return self.filter(*(Q(pk__in=terms.filter(_begins(word)).values(owner)) for word in typed))

    def best_first(self, query: str) -> Self:
        """What `search` finds, in the order of `MATCHED`: the words that the longest typed one begins.

        An exact word comes before longer ones. Rows are read in the order of the index on the
        words, so the first page costs as much for a letter that everybody has as for a rare name.
        """
        typed = _typed_words(query)
        if not typed:
            return self.none() if query.strip() else self
        terms, owner = self._terms()
        rows = self.filter(_begins(typed[0], "terms__term")).annotate(
            matched=F("terms__term"), matched_id=F(f"terms__{owner}")
        )
        own = terms.filter(**{owner: OuterRef("matched_id")})
        earlier = own.filter(term__gte=typed[0].encode(), term__lt=OuterRef("matched"))
        others = [Exists(own.filter(_begins(word))) for word in typed[1:]]
        return rows.filter(*others, ~Exists(earlier)).order_by(*MATCHED)

    @property
    def is_best_first(self) -> bool:
        """Whether these rows can be sorted by `MATCHED`."""
        return "matched" in self.query.annotations

    def _terms(self) -> "tuple[models.QuerySet[Any], str]":
        """The terms of all rows, and the name of their owner."""
        term_model: Any = self.model._meta.get_field("terms").related_model
        return term_model._default_manager.all(), str(self.model._meta.model_name)

    def matching(self, query: str, pk: OuterRef) -> "models.QuerySet[Any]":
        """The row `pk` of an outer query, if a search finds it: for Exists(), tested row by row."""
        terms, owner = self._terms()
        own = terms.filter(**{owner: OuterRef("pk")})
        return self.filter(pk=pk).filter(*(Exists(own.filter(_begins(word))) for word in _typed_words(query)))

    def by_name(self) -> Self:
        """In the order of their folded names."""
        return self.order_by("name_key", "id")

    def find(self, pk: int) -> ModelT | None:
        """The row with this id, if there is one."""
        return self.filter(pk=pk).first()

    def choices(self, query: str, limit: int) -> list[ModelT]:
        """The best matches of a search, at most so many, in the order of their names."""
        return sorted(self.best_first(query)[:limit], key=attrgetter("name_key", "pk"))

    def active(self) -> Self:
        """Without those that are retired."""
        return self.filter(active=True)

    def shown(self, which: str) -> Self:
        """The retired ones for "retired", else all."""
        return self.filter(active=False) if which == "retired" else self


class CustomerQuerySet(SearchableQuerySet["Customer"]):
    """Customers."""


class ProductQuerySet(SearchableQuerySet["Product"]):
    """Products."""

    def with_code(self, code: str) -> Self:
        """Products with exactly this SKU (as typed, then in capitals), then the one with this barcode."""
        rank = Case(When(sku=code, then=0), When(sku=code.upper(), then=1), default=2)
        return self.filter(Q(sku__in={code, code.upper()}) | Q(barcode=code)).order_by(rank)

    def resolve(self, typed: str, limit: int) -> "list[Product]":
        """What a clerk typed: the product with exactly this code, or those that a search finds."""
        return list(self.with_code(typed)[:1] or self.active().choices(typed, limit))

    def with_stock(self, which: str) -> Self:
        """Products that are "low", "tracked" or "untracked"."""
        if which == "low":
            return self.filter(stock__lte=settings.SHOP_LOW_STOCK)
        return self.filter(stock__isnull=which == "untracked")

    def low_stock(self) -> Self:
        """Active, tracked products that are nearly or quite sold out, lowest first."""
        return self.filter(active=True, stock__lte=settings.SHOP_LOW_STOCK).order_by("stock", "id")

    def locked(self, product_ids: Iterable[int]) -> Self:
        """These products, locked in the order of their ids, so that two orders cannot deadlock."""
        return self.filter(pk__in=sorted(product_ids)).order_by("pk").select_for_update()


class Sales(TypedDict):
    """Figures of a day: how many orders, and their value."""

    orders: int
    value: Decimal


class OrderQuerySet(WatchedOrders, ShopQuerySet["Order"]):
    """Orders."""

    def for_list(self) -> Self:
        """With what one row of a list shows."""
        return self.select_related("customer", "placed_by", "created_by")

    def with_lines(self, *related: str) -> Self:
        """With all their lines, and what `related` names of each, in one more statement."""
        lines = apps.get_model("shop", "OrderLine").objects.select_related(*related or [None])
        return self.prefetch_related(models.Prefetch("lines", lines, to_attr="line_list"))

    def naming(self, code: str) -> Self:
        """With `named_product`: the id of the product that has exactly this code, if one does."""
        named = apps.get_model("shop", "Product").objects.with_code(code).values("pk")[:1]
        return self.annotate(named_product=Subquery(named))

    def open_drafts(self) -> Self:
        """Drafts somebody has begun (each change raises `version`), newest first."""
        return self.filter(status="draft", version__gt=1).order_by("-dated_at", "-id")

    def untouched(self, staff_id: int) -> Self:
        """Drafts that this member of staff opened and nobody has put anything into."""
        return self.filter(status="draft", created_by=staff_id, version=1)

    def with_reference(self, typed: str) -> Self:
        """Orders whose reference begins as typed, in any case, with or without its dash.

        A query without a single letter or digit finds nothing.
        """
        letters = "".join(char for char in typed.upper() if char.isalnum())
        if not letters.isascii() or not 0 < len(letters) <= REFERENCE_LENGTH:
            return self.none()
        # A range of the index under every collation, since all references are as long.
        first, last = (
            f"{padded[:3]}-{padded[3:]}" for padded in (letters.ljust(REFERENCE_LENGTH, end) for end in "2Z")
        )
        return self.filter(reference__gte=first, reference__lte=last)

    def of(self, customer: "Customer") -> Self:
        """A customer's orders, newest first."""
        return self.filter(customer=customer).order_by("-dated_at", "-id")

    def containing(self, product: "Product") -> Self:
        """The latest orders that have a line with this product, newest first."""
        # Ids rise with time, so the newest lines' orders are found by the index alone.
        lines = product.order_lines.order_by("-order").values_list("order", flat=True).distinct()
        return self.filter(pk__in=list(lines[:50])).order_by("-dated_at", "-id")

    def of_customer(self, query: str) -> Self:
        """Orders of the customers that a search finds.

        Looks first how many that are: the orders of a few are fetched and sorted, while with many
        the list is walked through in its own order, since a page of it is soon full.
        """
        customers = apps.get_model("shop", "Customer").objects
        few = _few(customers.best_first(query).values_list("pk", flat=True), FEW_CUSTOMERS)
        if few is not None:
            return self.filter(customer__in=few)
        return self.filter(Exists(customers.matching(query, OuterRef("customer"))))

    def with_product(self, query: str) -> Self:
        """Orders that have a line with one of the products that a search finds; see `of_customer`."""
        products = apps.get_model("shop", "Product").objects
        lines = apps.get_model("shop", "OrderLine").objects
        few = _few(products.best_first(query).values_list("pk", flat=True), FEW_PRODUCTS)
        if few is None:
            theirs = lines.filter(Exists(products.matching(query, OuterRef("product"))))
            return self.filter(Exists(theirs.filter(order=OuterRef("pk"))))
        theirs = lines.filter(product__in=few)
        orders = _few(theirs.order_by().values_list("order", flat=True), FEW_LINES)
        if orders is not None:
            return self.filter(pk__in=orders)
        return self.filter(Exists(theirs.filter(order=OuterRef("pk"))))

    def by_clerk(self, staff_id: int) -> Self:
        """Orders that this member of staff placed or, while nobody has placed them, opened."""
        return self.alias(clerk=Coalesce("placed_by", "created_by")).filter(clerk=staff_id)

    def sold(self) -> Self:
        """Placed or fulfilled: what counts as a sale."""
        return self.filter(status__in=["placed", "fulfilled"])

    def dated(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """From the beginning of `first` to the end of `last`, in the shop's time zone."""
        rows = self
        if first:
            rows = rows.filter(dated_at__gte=_midnight(max(first, FIRST_DAY)))
        if last:
            rows = rows.filter(dated_at__lt=_midnight(min(last, LAST_DAY) + datetime.timedelta(days=1)))
        return rows

    def sales(self) -> Sales:
        """Number and value of these orders. Aggregates every row: narrow it to a day first."""
        figures = self.aggregate(orders=Count("pk"), value=Sum("subtotal"))
        return Sales(orders=figures["orders"], value=figures["value"] or Decimal(0))


def _few(ids: "models.QuerySet[Any, int]", most: int) -> set[int] | None:
    """These ids, unless there are more than `most`."""
    found = set(ids[: most + 1])
    return found if len(found) <= most else None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))

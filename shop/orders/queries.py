"""Reads of orders."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.db.querysets import ShopQuerySet
from shop.orders.reference import find_range, find_references, parse_reference
from shop.taxes.queries import select_percent_today

if TYPE_CHECKING:
    from shop.customers.models import Customer
    from shop.orders.models import Order, OrderLine  # noqa: F401
    from shop.products.models import Product

#: Up to these numbers of rows their ids go into the statement (bench/BEFORE_AFTER.md, "a name that many
#: customers have"). SQLite allows 32,766 in one.
FEW_CUSTOMERS, FEW_PRODUCTS, FEW_LINES = 1000, 300, 800
#: Days outside this range have no date and time in some time zones.
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(9000, 1, 1)


class OrderLineQuerySet(ShopQuerySet["OrderLine"]):
    def with_products(self) -> Self:
        """Reads the products too, and `percent_today`: the rate of their tax class; None without one."""
        return self.select_related("product").annotate(
            percent_today=select_percent_today("product__tax_class")
        )


def prefetch_sold_lines() -> "models.Prefetch[str, Any, str]":
    """Returns what reads the lines of orders into `line_list`, with `returned_quantity`."""
    returned = apps.get_model("shop", "ReturnLine").objects.filter(line=OuterRef("pk")).order_by()
    units = returned.values("line").annotate(units=Sum("quantity")).values("units")
    lines = apps.get_model("shop", "OrderLine").objects.annotate(
        returned_quantity=Coalesce(Subquery(units), 0)
    )
    return models.Prefetch("lines", lines, to_attr="line_list")


class OrderQuerySet(ShopQuerySet["Order"]):
    def for_list(self) -> Self:
        """Reads the customer and the clerks too, which a row of a list shows."""
        return self.select_related("customer", "placed_by", "created_by")

    def with_lines(self) -> Self:
        """Reads the lines and their products into `line_list` in one more statement."""
        lines = apps.get_model("shop", "OrderLine").objects.with_products()
        return self.prefetch_related(models.Prefetch("lines", lines, to_attr="line_list"))

    def with_sold_lines(self) -> Self:
        """Reads the lines into `line_list` with `returned_quantity`, in one more statement."""
        return self.prefetch_related(prefetch_sold_lines())

    def annotate_line_count(self) -> Self:
        """Adds `line_count`: the number of lines."""
        lines = apps.get_model("shop", "OrderLine").objects.filter(order=OuterRef("pk")).order_by()
        count = lines.values("order").annotate(count=Count("pk")).values("count")
        return self.annotate(line_count=Coalesce(Subquery(count), 0))

    def annotate_product_id(self, code: str) -> Self:
        """Adds `product_id_of_code`: the id of the product with exactly this code, or None."""
        product_ids = apps.get_model("shop", "Product").objects.with_code(code).values("pk")[:1]
        return self.annotate(product_id_of_code=Subquery(product_ids))

    def open_drafts(self) -> Self:
        """Drafts that somebody has changed since they were opened, newest first."""
        return self.filter(status="draft", version__gt=1).order_by("-dated_at", "-id")

    def parked_by(self, staff_id: int) -> Self:
        """Drafts that this member of staff opened and put aside, newest first."""
        parked = self.filter(status="draft", parked_at__isnull=False, created_by=staff_id)
        return parked.order_by("-dated_at", "-id")

    def untouched_drafts(self, staff_id: int) -> Self:
        """Drafts that this member of staff opened and that nobody has changed (so `version` is 1)."""
        return self.filter(status="draft", created_by=staff_id, version=1)

    def with_number(self, typed: str) -> Self:
        """Orders with exactly this reference (in any case, with or without its dash) or external number."""
        reference = parse_reference(typed)
        has_number = models.Q(external_number=typed)
        return self.filter(has_number | models.Q(reference=reference) if reference else has_number)

    def find_placed(self, typed: str) -> "Order | None":
        """The order, placed and perhaps cancelled later, whose reference was typed or scanned, with its dash.

        None for other text.
        """
        references = find_references([typed.strip()])
        return self.placed().filter(reference=references[0]).first() if references else None

    def with_reference(self, typed: str) -> Self:
        """Orders whose reference begins as typed, in any case, with or without its dash.

        Text without any letter or digit finds nothing.
        """
        ends = find_range(typed)
        return self.filter(reference__range=ends) if ends else self.none()

    def of_customer(self, customer: "Customer") -> Self:
        """A customer's orders, newest first."""
        return self.filter(customer=customer).order_by("-dated_at", "-id")

    def latest_with_product(self, product: "Product") -> Self:
        """The orders with this product that were stored last, newest first.

        Those are the latest ones, unless old orders were imported since.
        """
        # Ids rise as rows are stored, so the index alone finds these lines' orders.
        lines = product.order_lines.order_by("-order").values_list("order", flat=True).distinct()
        return self.filter(pk__in=list(lines[:50])).order_by("-dated_at", "-id")

    def matching_customer(self, query: str) -> Self:
        """Orders of the customers that a search finds.

        If there are few such customers, the database reads all their orders and sorts them. If there are
        many, it reads the list in its own order and checks each customer: a page is full after a few rows.
        """
        customers = apps.get_model("shop", "Customer").objects
        few = _fetch_if_few(customers.best_first(query).values_list("pk", flat=True), FEW_CUSTOMERS)
        if few is not None:
            return self.filter(customer__in=few)
        return self.filter(Exists(customers.matching(query, OuterRef("customer"))))

    def matching_product(self, query: str) -> Self:
        """Orders that have a line with one of the products that a search finds; see `matching_customer`."""
        products = apps.get_model("shop", "Product").objects
        lines = apps.get_model("shop", "OrderLine").objects
        few = _fetch_if_few(products.best_first(query).values_list("pk", flat=True), FEW_PRODUCTS)
        if few is None:
            matching = lines.filter(Exists(products.matching(query, OuterRef("product"))))
            return self.filter(Exists(matching.filter(order=OuterRef("pk"))))
        matching = lines.filter(product__in=few)
        orders = _fetch_if_few(matching.order_by().values_list("order", flat=True), FEW_LINES)
        if orders is not None:
            return self.filter(pk__in=orders)
        return self.filter(Exists(matching.filter(order=OuterRef("pk"))))

    def by_clerk(self, staff_id: int) -> Self:
        """Orders that this member of staff placed or, while nobody has placed them, opened."""
        return self.alias(clerk=Coalesce("placed_by", "created_by")).filter(clerk=staff_id)

    def read_desk_values(self, reference: str) -> list[tuple[Any, ...]]:
        """Returns what the desk shows of an order and other people can change.

        One row for each line; a single row if the order has no line.
        """
        rows = self.filter(reference=reference).order_by("lines__id")
        return list(rows.values_list("version", "status", "customer__version", "lines__product__stock"))

    def placed(self) -> Self:
        """Orders that were placed, those that were fulfilled or cancelled later too."""
        return self.exclude(placed_at=None)

    def between_days(self, first: datetime.date | None, last: datetime.date | None) -> Self:
        """Orders from the beginning of `first` to the end of `last`, in the shop's time zone."""
        rows = self
        if first:
            rows = rows.filter(dated_at__gte=_get_midnight(max(first, FIRST_DAY)))
        if last:
            rows = rows.filter(dated_at__lt=_get_midnight(min(last, LAST_DAY) + datetime.timedelta(days=1)))
        return rows


def _fetch_if_few(ids: "models.QuerySet[Any, int]", most: int) -> set[int] | None:
    """Returns these ids; None if there are more than `most`."""
    fetched = set(ids[: most + 1])
    return fetched if len(fetched) <= most else None


def _get_midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))

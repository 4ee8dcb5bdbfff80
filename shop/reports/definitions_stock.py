"""Reports of what is in stock, and of which products matter most."""

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Cast, Floor
from django.urls import reverse
from django.utils import timezone

from shop.db.minor import minor
from shop.orders.models import OrderLine
from shop.products.models import Product
from shop.reports.days import Days
from shop.reports.definitions_goods import NET, make_product_line, read_names, round_cost
from shop.reports.rankings import Ranking, join_sums, rank_sums
from shop.reports.rollups import PRODUCTS, TAXES
from shop.reports.sums import Reader
from shop.reports.tables import Column, Report, ReportLine, Table, get_rate, read_first

ABC_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("class", "Class"),
    Column("quantity", "Sold", "count", "sold-lines"),
    Column("net", "Sales less returns", "amount"),
    Column("rate", "Share up to here", "rate"),
)


def _read_abc(reader: Reader, limit: int | None) -> Table:
    """Reads products with sales, the largest first: the first 80 % are A, up to 95 % is B, the rest is C."""
    figures = ("quantity", "sales", "returns")
    parts = reader.split(PRODUCTS, "product", figures)
    # Those with more returns than sales are not part of the whole. They are few, at the end of the index.
    ranking = Ranking("product", figures, NET, where=f"{NET} > 0", adds_losses=True)
    rows, left_out = read_first(lambda most: rank_sums(parts, ranking, limit=most), limit)
    total = reader.read_total(TAXES, ("sales", "returns"))
    whole = total["sales"] - total["returns"] - rows[0][-1] if rows else 0
    names = read_names([row[0] for row in rows])
    lines, before = [], 0
    for pk, quantity, sales, returns, _ in rows:
        letter = "A" if before * 100 < whole * 80 else "B" if before * 100 < whole * 95 else "C"
        before += (net := sales - returns)
        values = {"class": letter, "quantity": quantity, "net": net, "rate": get_rate(before, whole)}
        lines.append(make_product_line(pk, names, **values))
    return Table(lines, {"net": whole}, left_out)


STOCK_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("stock", "In stock", "count"),
    Column("unit_cost", "Unit cost", "cost"),
    Column("value", "Value", "amount"),
)


def _read_stock_value(reader: Reader, limit: int | None) -> Table:
    """Reads tracked products with stock, the most valuable first. One without a cost has no value."""
    worth = Cast(F("stock") * minor(F("cost"), 10_000), BigIntegerField())
    stocked = (
        Product.objects.filter(stock__gt=0)
        .annotate(worth=worth)
        .order_by(F("worth").desc(nulls_last=True), "pk")
    )
    valued = stocked.values_list("pk", "sku", "name", "stock", "cost", "worth")
    rows, left_out = read_first(lambda most: list(valued[:most]), limit)
    lines = [
        ReportLine(
            {
                "sku": sku,
                "name": name,
                "stock": stock,
                "unit_cost": cost,
                "value": None if value is None else round_cost(value),
            },
            {},
            reverse("product-detail", args=[pk]),
        )
        for pk, sku, name, stock, cost, value in rows
    ]
    # Each product's value is a whole number of cents, and the total is their sum. Without Floor CockroachDB
    # would divide with decimals.
    cents = Cast(Floor((F("worth") + 50) / 100), BigIntegerField())
    totals = stocked.order_by().aggregate(value=Sum(cents), stock=Sum("stock"))
    return Table(lines, {name: int(total or 0) for name, total in totals.items()}, left_out)


SLOW_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("stock", "In stock", "count"),
    Column("sold", "Sold", "count", "sold-lines"),
    Column("cover", "Days of stock", "count", adds_up=False),
    Column("last_sold", "Last sold", "day"),
)
#: Those that were not sold, the most pieces first; then by the days that they last.
SLOWEST_FIRST = (
    "CASE WHEN quantity > 0 THEN 1 ELSE 0 END,"
    " CASE WHEN quantity > 0 THEN stock * 1.0 / quantity ELSE stock END DESC, product"
)


def _read_slow_movers(reader: Reader, limit: int | None) -> Table:
    """Reads products in stock: unsold ones, then those that last longest at the pace of these days."""
    stocked = Product.objects.filter(stock__gt=0, active=True).order_by().values_list("pk", "stock")
    parts = reader.split(PRODUCTS, "product", ("quantity",))
    names = ("product", "stock")
    found, left_out = read_first(
        lambda most: join_sums(stocked, names, parts, "quantity", order_by=SLOWEST_FIRST, limit=most), limit
    )
    rows = _read_last_sold([pk for pk, *_ in found])
    # Days to come have no sales yet.
    days_so_far = Days(reader.days.first, min(reader.days.last, timezone.localdate())).length
    lines = [
        ReportLine(
            {
                "sku": rows[pk].sku,
                "name": rows[pk].name,
                "stock": stock,
                "sold": sold,
                "cover": stock * days_so_far // sold if sold > 0 else None,
                "last_sold": rows[pk].last_sold,
            },
            {"product": pk},
            reverse("product-detail", args=[pk]),
        )
        for pk, stock, sold in found
    ]
    return Table(lines, {}, left_out)


def _read_last_sold(ids: list[int]) -> dict[int, Any]:
    """Returns the products with `last_sold`, the day of the order that was stored last.

    The latest day of all their orders would take half a second where much-sold products are listed.
    """
    last = OrderLine.objects.filter(product=OuterRef("pk"), order__business_day__isnull=False)
    day = Subquery(last.order_by("-order").values("order__business_day")[:1])
    return Product.objects.only("sku", "name").annotate(last_sold=day).in_bulk(ids)


STOCK_REPORTS = (
    Report(
        "abc",
        "ABC of products",
        ABC_COLUMNS,
        _read_abc,
        about="A: the products that make the first 80 % of sales less returns, B: up to 95 %, C: the rest.",
    ),
    Report(
        "stock-value",
        "Stock value",
        STOCK_COLUMNS,
        _read_stock_value,
        about="Stock × unit cost, now. Products without a cost have no value.",
        of_days=False,
    ),
    Report(
        "slow-movers",
        "Slow movers",
        SLOW_COLUMNS,
        _read_slow_movers,
        about="Products in stock: first those not sold on these days, then those that last longest.",
    ),
)

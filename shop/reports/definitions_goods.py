"""Reports of products and customers: sales, margin, ABC, stock value, slow movers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.functions import Cast
from django.urls import reverse

from shop.customers.models import Customer
from shop.money.rounding import round_half_up
from shop.orders.models import OrderLine
from shop.products.models import Product
from shop.reports.facts import WALK_IN, minor
from shop.reports.rollups import CUSTOMERS, PRODUCTS, Rollup
from shop.reports.sums import Reader, Row
from shop.reports.tables import Column, Line, Report, Table, get_rate

#: Above so many rows all names are read at once.
MANY = 5000
NET_FIRST = "SUM(sales) - SUM(returns) DESC, {key}"


def read_largest(reader: Reader, rollup: Rollup, key: str, limit: int | None) -> list[Row]:
    """Returns the rows with the largest net sales. Rows whose sums are all 0 are left out."""
    rows = reader.read(rollup, key, order_by=NET_FIRST.format(key=key), limit=limit)
    return [row for row in rows if any(row.sums.values())]


def read_names(rows: Iterable[Row]) -> dict[int, tuple[str, str]]:
    """Returns SKU and name of the products of these rows, by id."""
    ids = [row.keys["product"] for row in rows]
    products = Product.objects.order_by()
    if len(ids) <= MANY:
        return {pk: (row.sku, row.name) for pk, row in products.only("sku", "name").in_bulk(ids).items()}
    return {pk: (sku, name) for pk, sku, name in products.values_list("pk", "sku", "name")}


def make_product_line(row: Row, names: dict[int, tuple[str, str]], **values: Any) -> Line:
    pk = row.keys["product"]
    sku, name = names.get(pk, ("", f"product {pk}, deleted"))
    link = reverse("product-detail", args=[pk]) if sku else ""
    return Line({"sku": sku, "name": name, **values}, dict(row.keys), link)


def is_cut(rows: list[Row], limit: int | None) -> bool:
    return limit is not None and len(rows) >= limit


PRODUCT_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("quantity", "Sold", "count", "sold-lines"),
    Column("sales", "Sales", "amount", "sold-lines"),
    Column("returns", "Returns", "amount", "returned-lines"),
    Column("net", "Net", "amount"),
)


def _read_products(reader: Reader, limit: int | None) -> Table:
    rows = read_largest(reader, PRODUCTS, "product", limit)
    names, total = read_names(rows), reader.read_total(PRODUCTS)
    lines = [make_product_line(row, names, **_get_product_values(row.sums)) for row in rows]
    return Table(lines, _get_product_values(total), is_cut(rows, limit))


def _get_product_values(sums: dict[str, int]) -> dict[str, int]:
    values = {name: sums[name] for name in ("quantity", "sales", "returns")}
    return values | {"net": sums["sales"] - sums["returns"]}


CUSTOMER_COLUMNS = (
    Column("customer", "Customer"),
    Column("orders", "Orders", "count", "sales"),
    Column("sales", "Sales", "amount", "sales"),
    Column("returns", "Returns", "amount", "returns"),
    Column("net", "Net", "amount"),
)


def _read_customers(reader: Reader, limit: int | None) -> Table:
    rows = read_largest(reader, CUSTOMERS, "customer", limit)
    ids = [row.keys["customer"] for row in rows]
    some = Customer.objects.order_by()
    if len(ids) <= MANY:
        names = {pk: row.name for pk, row in some.only("name").in_bulk(ids).items()}
    else:
        names = dict(some.values_list("pk", "name"))
    lines = []
    for row in rows:
        pk, sums = row.keys["customer"], row.sums
        values = {name: sums[name] for name in ("orders", "sales", "returns")}
        values["net"] = sums["sales"] - sums["returns"]
        link = reverse("customer-detail", args=[pk]) if pk in names else ""
        name = "Walk-in" if pk == WALK_IN else names.get(pk, "–")
        lines.append(Line({"customer": name, **values}, dict(row.keys), link))
    whole = reader.read_total(CUSTOMERS)
    totals = {name: whole[name] for name in ("orders", "sales", "returns")}
    return Table(lines, totals | {"net": whole["sales"] - whole["returns"]}, is_cut(rows, limit))


MARGIN_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("revenue", "Revenue", "amount"),
    Column("costed", "With known cost", "amount"),
    Column("known", "Known", "rate"),
    Column("cost", "Cost", "amount"),
    Column("margin", "Margin", "amount"),
    Column("rate", "Margin %", "rate"),
)


def _read_margin(reader: Reader, limit: int | None) -> Table:
    order = "SUM(costed_net) * 100 - SUM(cost) DESC, product"
    rows = reader.read(PRODUCTS, "product", order_by=order, limit=limit)
    rows = [row for row in rows if row.sums["costed_net"] or row.sums["cost"]]
    names = read_names(rows)
    lines = [make_product_line(row, names, **_get_margin(row.sums)) for row in rows]
    return Table(lines, _get_margin(reader.read_total(PRODUCTS)), is_cut(rows, limit))


def _get_margin(sums: dict[str, int]) -> dict[str, int | None]:
    revenue, costed = sums["sales_net"] - sums["returns_net"], sums["costed_net"]
    cost = _round_cost(sums["cost"])
    return {
        "revenue": revenue,
        "costed": costed,
        "known": get_rate(costed, revenue),
        "cost": cost,
        "margin": costed - cost,
        "rate": get_rate(costed - cost, costed),
    }


def _round_cost(ten_thousandths: int) -> int:
    """Returns a cost in cents."""
    sign = -1 if ten_thousandths < 0 else 1
    return sign * ((abs(ten_thousandths) + 50) // 100)


ABC_COLUMNS = (
    Column("class", "Class"),
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("quantity", "Sold", "count", "sold-lines"),
    Column("net", "Net", "amount"),
    Column("rate", "Share up to here", "rate"),
)


def _read_abc(reader: Reader, limit: int | None) -> Table:
    """Reads products with sales, the largest first: the first 80 % are A, up to 95 % is B, the rest is C."""
    rows = [row for row in read_largest(reader, PRODUCTS, "product", limit) if _get_net(row) > 0]
    # Those with more returns than sales are not part of the whole.
    whole = sum(map(_get_net, rows)) if limit is None else _sum_positive(reader)
    names, lines, before = read_names(rows), [], 0
    for row in rows:
        letter = "A" if before * 100 < whole * 80 else "B" if before * 100 < whole * 95 else "C"
        before += _get_net(row)
        values = {"class": letter, "quantity": row.sums["quantity"], "net": _get_net(row)}
        lines.append(make_product_line(row, names, **values, rate=get_rate(before, whole)))
    return Table(lines, {"net": whole}, is_cut(rows, limit))


def _get_net(row: Row) -> int:
    return row.sums["sales"] - row.sums["returns"]


def _sum_positive(reader: Reader) -> int:
    return sum(net for row in reader.read(PRODUCTS, "product") if (net := _get_net(row)) > 0)


STOCK_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("stock", "In stock", "count"),
    Column("unit_cost", "Unit cost", "text"),
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
    rows = list(stocked.values_list("pk", "sku", "name", "stock", "cost", "worth")[:limit])
    lines = [
        Line(
            {
                "sku": sku,
                "name": name,
                "stock": stock,
                "unit_cost": "" if cost is None else f"{cost:.4f}".rstrip("0").rstrip("."),
                "value": None if value is None else _round_cost(value),
            },
            {},
            reverse("product-detail", args=[pk]),
        )
        for pk, sku, name, stock, cost, value in rows
    ]
    # Each product's value is a whole number of cents, and the total is their sum.
    values = stocked.order_by().values_list("worth", "stock")
    totals = {"value": 0, "stock": 0}
    for value, stock in values:
        totals["value"] += 0 if value is None else _round_cost(value)
        totals["stock"] += stock or 0
    return Table(lines, totals, limit is not None and len(lines) == limit)


SLOW_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("stock", "In stock", "count"),
    Column("sold", "Sold", "count", "sold-lines"),
    Column("cover", "Days of stock", "count", adds_up=False),
    Column("last_sold", "Last sold", "day"),
)


def _read_slow_movers(reader: Reader, limit: int | None) -> Table:
    """Reads products in stock: unsold ones, then those that last longest at the pace of these days."""
    sold = {row.keys["product"]: row.sums["quantity"] for row in reader.read(PRODUCTS, "product")}
    stocked = list(Product.objects.filter(stock__gt=0, active=True).order_by().values_list("pk", "stock"))
    count = reader.days.length

    def get_cover(pk: int, stock: int) -> int | None:
        return round_half_up(stock * count // units) if (units := sold.get(pk, 0)) > 0 else None

    found = [(pk, stock or 0, get_cover(pk, stock or 0)) for pk, stock in stocked]
    found.sort(key=lambda row: (row[2] is not None, -(row[2] or row[1]), row[0]))
    shown = found[:limit]
    last = OrderLine.objects.filter(product=OuterRef("pk"), order__business_day__isnull=False)
    with_last = Product.objects.annotate(
        last_sold=Subquery(last.order_by("-order").values("order__business_day")[:1])
    )
    rows = with_last.in_bulk([pk for pk, *_ in shown])
    lines = [
        Line(
            {
                "sku": rows[pk].sku,
                "name": rows[pk].name,
                "stock": stock,
                "sold": sold.get(pk, 0),
                "cover": days,
                "last_sold": rows[pk].last_sold,  # type: ignore[attr-defined]  # annotated above
            },
            {"product": pk},
            reverse("product-detail", args=[pk]),
        )
        for pk, stock, days in shown
    ]
    return Table(lines, {}, len(found) > len(shown))


GOODS_REPORTS = (
    Report("sales-by-product", "Sales by product", PRODUCT_COLUMNS, _read_products, "bars"),
    Report("sales-by-customer", "Sales by customer", CUSTOMER_COLUMNS, _read_customers, "bars"),
    Report(
        "margin",
        "Margin by product",
        MARGIN_COLUMNS,
        _read_margin,
        "bars",
        figure="margin",
        about="Without tax, less returns. The margin is of the revenue whose cost was known at the sale.",
    ),
    Report(
        "abc",
        "ABC of products",
        ABC_COLUMNS,
        _read_abc,
        about="A: the products that make the first 80 % of net sales, B: the next 15 %, C: the rest.",
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

"""Reports of products and customers: sales and margin."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from shop.customers.models import Customer
from shop.products.models import Product
from shop.reports.facts import WALK_IN
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
    cost = round_cost(sums["cost"])
    return {
        "revenue": revenue,
        "costed": costed,
        "known": get_rate(costed, revenue),
        "cost": cost,
        "margin": costed - cost,
        "rate": get_rate(costed - cost, costed),
    }


def round_cost(ten_thousandths: int) -> int:
    """Returns a cost in cents."""
    sign = -1 if ten_thousandths < 0 else 1
    return sign * ((abs(ten_thousandths) + 50) // 100)


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
)

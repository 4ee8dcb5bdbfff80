"""Reports of products and customers: sales and margin."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse

from shop.customers.models import Customer
from shop.products.models import Product
from shop.reports.definitions_days import SALES_FIGURES, build_sales
from shop.reports.facts import WALK_IN
from shop.reports.rankings import Ranking
from shop.reports.rollups import CUSTOMERS, PRODUCTS, TAXES, TOTALS, Rollup
from shop.reports.sums import Reader, Row
from shop.reports.tables import Column, Report, ReportLine, Table, get_rate, read_first

#: Above so many rows all names are read at once.
MANY = 5000
#: SQL of the figures that reports rank by: sales less returns, and the margin in hundredths of cents.
#: Stored months and years have indexes of them.
NET = "sales - returns"
MARGIN = "costed_net * 100 - cost"


def _read_largest(
    reader: Reader, rollup: Rollup, key: str, figures: tuple[str, ...], limit: int | None
) -> tuple[Sequence[Row], bool]:
    """Returns the rows with the largest sales less returns, and whether there are more.

    Rows whose sums are all 0 are left out.
    """
    ranking = Ranking(key, figures, NET, where=" OR ".join(f"{name} <> 0" for name in figures))
    return read_first(lambda most: reader.rank(rollup, ranking, limit=most), limit)


def read_names(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Returns SKU and name of these products, by id."""
    products = Product.objects.order_by()
    if len(ids) <= MANY:
        return {pk: (row.sku, row.name) for pk, row in products.only("sku", "name").in_bulk(ids).items()}
    return {pk: (sku, name) for pk, sku, name in products.values_list("pk", "sku", "name")}


def make_product_line(pk: int, names: dict[int, tuple[str, str]], **values: Any) -> ReportLine:
    sku, name = names.get(pk, ("", f"product {pk}, deleted"))
    link = reverse("product-detail", args=[pk]) if sku else ""
    return ReportLine({"sku": sku, "name": name, **values}, {"product": pk}, link)


PRODUCT_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("quantity", "Sold", "count", "sold-lines"),
    Column("sales", "Sales", "amount", "sold-lines"),
    Column("returns", "Returns", "amount", "returned-lines"),
    Column("net", "Sales less returns", "amount"),
)


def _read_products(reader: Reader, limit: int | None) -> Table:
    figures = ("quantity", "sales", "returns")
    rows, left_out = _read_largest(reader, PRODUCTS, "product", figures, limit)
    total = reader.read_total(TAXES, figures)  # the same lines, in fewer rows
    lines = _make_product_lines(rows, _get_product_values)
    return Table(lines, _get_product_values(total), left_out)


def _make_product_lines(
    rows: Sequence[Row], get_values: Callable[[dict[str, int]], dict[str, Any]]
) -> list[ReportLine]:
    names = read_names([row.keys["product"] for row in rows])
    return [make_product_line(row.keys["product"], names, **get_values(row.sums)) for row in rows]


def _get_product_values(sums: dict[str, int]) -> dict[str, int]:
    values = {name: sums[name] for name in ("quantity", "sales", "returns")}
    return values | {"net": sums["sales"] - sums["returns"]}


CUSTOMER_COLUMNS = (
    Column("customer", "Customer"),
    Column("orders", "Orders", "count", "sales"),
    Column("sales", "Sales", "amount", "sales"),
    Column("returns", "Returns", "amount", "returns"),
    Column("net", "Sales less returns", "amount"),
)


def _read_customers(reader: Reader, limit: int | None) -> Table:
    rows, left_out = _read_largest(reader, CUSTOMERS, "customer", SALES_FIGURES, limit)
    ids = [row.keys["customer"] for row in rows]
    some = Customer.objects.order_by()
    if len(ids) <= MANY:
        names = {pk: row.name for pk, row in some.only("name").in_bulk(ids).items()}
    else:
        names = dict(some.values_list("pk", "name"))
    lines = []
    for row in rows:
        pk = row.keys["customer"]
        link = reverse("customer-detail", args=[pk]) if pk in names else ""
        name = "Walk-in" if pk == WALK_IN else names.get(pk, "–")
        lines.append(ReportLine({"customer": name, **build_sales(row.sums)}, dict(row.keys), link))
    whole = reader.read_total(TOTALS, SALES_FIGURES)  # the same orders, in fewer rows
    return Table(lines, build_sales(whole), left_out)


MARGIN_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Product"),
    Column("revenue", "Revenue", "amount"),
    Column("costed", "With known cost", "amount"),
    Column("known", "Share with known cost", "rate"),
    Column("cost", "Cost", "amount"),
    Column("margin", "Margin", "amount"),
    Column("rate", "Margin %", "rate"),
)


def _read_margin(reader: Reader, limit: int | None) -> Table:
    figures = ("sales_net", "returns_net", "cost", "costed_net")
    ranking = Ranking("product", figures, MARGIN, where="costed_net <> 0 OR cost <> 0")
    rows, left_out = read_first(lambda most: reader.rank(PRODUCTS, ranking, limit=most), limit)
    lines = _make_product_lines(rows, _get_margin)
    return Table(lines, _get_margin(reader.read_total(TAXES, figures)), left_out)


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
        charted="margin",
        about="Without tax, less returns. The margin is of the revenue whose cost was known at the sale.",
    ),
)

"""Reports by tax rate and payment method, of discounts and of reasons for returns."""

from decimal import Decimal
from typing import Any

from shop.money.amounts import format_percent
from shop.payments.models import Payment
from shop.reports.definitions_days import make_table
from shop.reports.rollups import METHODS, REASONS, TAXES, TOTALS
from shop.reports.sums import Reader
from shop.reports.tables import Column, Report, ReportLine, Table, get_rate, read_first
from shop.returns.models import Return
from shop.staff.models import User
from shop.till.models import Register

TAX_COLUMNS = (
    Column("sales", "Sales", "amount", "sold-lines"),
    Column("sales_net", "Sales without tax", "amount"),
    Column("sales_tax", "Tax on sales", "amount"),
    Column("returns", "Returns", "amount", "returned-lines"),
    Column("returns_net", "Returns without tax", "amount"),
    Column("returns_tax", "Tax on returns", "amount"),
    Column("net", "Sales less returns", "amount"),
    Column("tax", "Tax due", "amount"),
)


def _read_by_tax_rate(reader: Reader, limit: int | None) -> Table:
    lines = []
    for keys, sums in reader.read(TAXES, "code", "percent"):
        values = dict(sums) | {"net": sums["sales"] - sums["returns"]}
        values["tax"] = sums["sales_tax"] - sums["returns_tax"]
        name = "not recorded" if keys["code"] is None else keys["code"]
        percent: Decimal | None = None if keys["code"] is None else keys["percent"]
        keys["percent"] = format_percent(keys["percent"])
        lines.append(ReportLine({"tax_class": name, "percent": percent, **values}, keys))
    lines.sort(key=lambda line: (-(line.values["percent"] or -1), line.values["tax_class"]))
    return make_table(TAX_COLUMNS, lines)


#: "net" is here what was paid less what was refunded.
METHOD_COLUMNS = (
    Column("payments", "Payments", "count", "payments"),
    Column("paid", "Paid", "amount", "payments"),
    Column("refunds", "Refunds", "count", "payments"),
    Column("refunded", "Refunded", "amount", "payments"),
    Column("rounding", "Rounding", "amount"),
    Column("net", "Paid less refunded", "amount", "payments"),
)


def _read_by_method(reader: Reader, limit: int | None) -> Table:
    registers = dict(Register.objects.values_list("pk", "name"))
    lines = [
        ReportLine(
            {
                "method": Payment.Method(keys["method"]).label,
                "register": registers.get(keys["register"], "–"),
                **sums,
                "net": sums["paid"] - sums["refunded"],
            },
            keys,
        )
        for keys, sums in reader.read(METHODS, "method", "register")
    ]
    lines.sort(key=lambda line: (line.values["method"], line.values["register"]))
    return make_table(METHOD_COLUMNS, lines)


#: "net" is here what orders were sold for; nothing is taken off it for returns.
DISCOUNT_COLUMNS = (
    Column("orders", "Orders", "count", "sales"),
    Column("before", "Before discounts", "amount"),
    Column("discount", "Discounts", "amount"),
    Column("rate", "Share", "rate"),
    Column("net", "Sold for", "amount"),
)


def _read_discounts(reader: Reader, limit: int | None) -> Table:
    """Reads discounts by clerk. Where prices are without tax, both amounts have the tax of what was sold."""
    names = dict(User.objects.values_list("pk", "username"))
    lines = []
    for keys, sums in reader.read(TOTALS, "clerk"):
        if not sums["orders"]:
            continue
        before = sums["sales"] + sums["discount"]
        values: dict[str, Any] = {"before": before, "discount": sums["discount"], "net": sums["sales"]}
        values |= {"orders": sums["orders"], "rate": get_rate(sums["discount"], before)}
        lines.append(ReportLine({"clerk": names.get(keys["clerk"], "–"), **values}, {"clerk": keys["clerk"]}))
    lines.sort(key=lambda line: (-line.values["discount"], line.values["clerk"]))
    table = make_table(DISCOUNT_COLUMNS, lines)
    table.totals["rate"] = get_rate(table.totals["discount"], table.totals["before"])
    return table


#: "net" is here the amount of the returns, with its tax.
REASON_COLUMNS = (
    Column("return_count", "Returns", "count", "returns"),
    Column("net", "Returned", "amount", "returns"),
    Column("rate", "Share of sales", "rate"),
)


def _read_reasons(reader: Reader, limit: int | None) -> Table:
    sales, order = reader.read_total(TOTALS)["sales"], "SUM(returns) DESC, kind, reason"
    rows, left_out = read_first(
        lambda most: reader.read(REASONS, "kind", "reason", order_by=order, limit=most), limit
    )
    lines = [
        ReportLine(
            {
                "kind": Return.Kind(keys["kind"]).label,
                "reason": keys["reason"],
                "return_count": sums["return_count"],
                "net": sums["returns"],
                "rate": get_rate(sums["returns"], sales),
            },
            keys,
        )
        for keys, sums in rows
    ]
    whole = reader.read_total(REASONS)
    totals: dict[str, Any] = {"return_count": whole["return_count"], "net": whole["returns"]}
    totals["rate"] = get_rate(whole["returns"], sales)
    return Table(lines, totals, left_out)


MONEY_REPORTS = (
    Report(
        "sales-by-tax-rate",
        "Sales by tax rate",
        (Column("tax_class", "Tax class"), Column("percent", "Tax rate", "percent"), *TAX_COLUMNS),
        _read_by_tax_rate,
        about="Sums of the taxes that were stored with each line when it was sold or returned.",
    ),
    Report(
        "sales-by-payment-method",
        "Payments by method",
        (Column("method", "Method"), Column("register", "Till"), *METHOD_COLUMNS),
        _read_by_method,
        "bars",
        about="Money that came in and went out on these days, whatever day its order is from.",
    ),
    Report(
        "discounts",
        "Discounts by clerk",
        (Column("clerk", "Clerk"), *DISCOUNT_COLUMNS),
        _read_discounts,
        "bars",
        charted="discount",
    ),
    Report(
        "returns",
        "Returns by reason",
        (Column("kind", "Kind"), Column("reason", "Reason"), *REASON_COLUMNS),
        _read_reasons,
        "bars",
    ),
)

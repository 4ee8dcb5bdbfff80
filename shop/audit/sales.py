"""A1 to A5 of docs/MONEY.md: what orders were sold for, and what their lines gave back."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, When

from shop.audit.scope import (
    BASE,
    Findings,
    Scope,
    read_id_ranges,
    sum_minor,
    word_amount,
    word_minor,
)
from shop.db.minor import minor
from shop.money.pricing import compute_tax
from shop.money.returning import find_wrong_part
from shop.orders.models import OrderLine
from shop.returns.figures import read_part, start_line
from shop.returns.models import ReturnLine


def check_lines(scope: Scope, found: Findings) -> None:
    """A1: quantity × price, less both discounts, is the line's gross (its net where prices are net)."""
    lines = scope.limit_to_orders(OrderLine.objects.all())
    found.rows += lines.count()
    price = Case(When(order__prices_include_tax=True, then=minor(F("gross"))), default=minor(F("net")))
    wrong = lines.annotate(
        computed=minor(BASE - F("discount") - F("share")),
        stored=price,
        added=minor(F("net")) + minor(F("tax")) - minor(F("gross")),
    ).filter(Q(gross=None) | ~Q(computed=F("stored")) | ~Q(added=0))

    def word(line: Any) -> str:
        if line.gross is None:
            return "The line was sold, and has no amounts."
        return (
            f"Quantity × price less discounts is {word_minor(line.computed)}; stored are gross"
            f" {word_amount(line.gross)}, net {word_amount(line.net)} and tax {word_amount(line.tax)}."
        )

    found.add_rows(wrong.select_related("order").order_by("pk"), _name, word)


def check_shares(scope: Scope, found: Findings) -> None:
    """A2: the shares add up to the order's discount, which is at most what its lines cost."""
    lines = scope.limit_to_orders(OrderLine.objects.all())
    found.rows += scope.orders().count()
    sums = (
        lines.order_by()
        .values("order", "order__reference", "order__discount")
        .annotate(shares=sum_minor(F("share")), cost=sum_minor(BASE - F("discount")))
        .filter(~Q(shares=minor(F("order__discount"))) | Q(cost__lt=F("shares")))
    )
    found.add_rows(
        sums.order_by("order"),
        lambda row: row["order__reference"],
        lambda row: (
            f"The order's discount is {word_amount(row['order__discount'])}; the shares of its lines, which"
            f" cost {word_minor(row['cost'])}, add up to {word_minor(row['shares'])}."
        ),
    )


def check_totals(scope: Scope, found: Findings) -> None:
    """A3: total and tax of an order are the sums of its lines."""
    orders = scope.orders()
    found.rows += orders.count()
    sums = (
        scope.limit_to_orders(OrderLine.objects.all())
        .order_by()
        .values("order", "order__reference", "order__total", "order__tax")
        .annotate(gross_sum=sum_minor(F("gross")), tax_sum=sum_minor(F("tax")))
        .filter(~Q(gross_sum=minor(F("order__total"))) | ~Q(tax_sum=minor(F("order__tax"))))
    )
    found.add_rows(
        sums.order_by("order"),
        lambda row: row["order__reference"],
        lambda row: (
            f"Total {word_amount(row['order__total'])} and tax {word_amount(row['order__tax'])} are stored;"
            f" the lines add up to {word_minor(row['gross_sum'])} and {word_minor(row['tax_sum'])}."
        ),
    )
    empty = orders.filter(~Exists(OrderLine.objects.filter(order=OuterRef("pk"))), ~Q(total=0))
    found.add_rows(
        empty.order_by("pk"),
        lambda order: order.reference,
        lambda order: f"Total {word_amount(order.total)} is stored, and there is no line.",
    )


def check_taxes(scope: Scope, found: Findings) -> None:
    """A4: the tax of an order's lines with one code and percentage is R5 of their sum."""
    for first, last in read_id_ranges(scope.orders()):
        lines = scope.limit_to_orders(OrderLine.objects.filter(order__gte=first, order__lte=last))
        sums = (
            # Lines without tax have nothing to round. Most imported lines have none.
            lines.exclude(tax_percent=0, tax=0)
            .order_by()
            .values("order__reference", "order__prices_include_tax", "tax_code", "tax_percent")
            .annotate(
                gross_sum=sum_minor(F("gross")), net_sum=sum_minor(F("net")), tax_sum=sum_minor(F("tax"))
            )
        )
        for row in sums:
            found.rows += 1
            _check_tax(row, found)


def _check_tax(row: dict[str, Any], found: Findings) -> None:
    includes_tax = row["order__prices_include_tax"]
    amount, stored = int(row["gross_sum"] if includes_tax else row["net_sum"]), int(row["tax_sum"])
    computed = compute_tax(amount, Decimal(row["tax_percent"]), includes_tax=includes_tax)
    if computed != stored:
        found.add(
            row["order__reference"],
            f"The tax {row['tax_code']} of {row['tax_percent']:f} % {'in' if includes_tax else 'on'}"
            f" {word_minor(amount)} is {word_minor(computed)}; the lines have {word_minor(stored)}.",
        )


def check_returned_lines(scope: Scope, found: Findings) -> None:
    """A5: each return of a line gave what R6 gives, and no more came back than was sold."""
    returned = ReturnLine.objects.filter(line=OuterRef("pk"))
    lines = scope.limit_to_orders(OrderLine.objects.filter(Exists(returned)))
    for first, last in read_id_ranges(lines):
        rows = scope.limit_to_orders(
            ReturnLine.objects.filter(line__gte=first, line__lte=last), "line__order"
        )
        rows = rows.select_related("line__order").order_by("line", "of_return", "pk")
        for line, parts in groupby(rows, key=attrgetter("line")):
            found.rows += 1
            _check_parts(line, parts, found)


def _check_parts(line: OrderLine, rows: Iterable[ReturnLine], found: Findings) -> None:
    if line.gross is None or line.tax is None:
        found.add(_name(line), "It came back, and has no amounts.")
        return
    parts = [read_part(row) for row in rows]
    wrong = find_wrong_part(start_line(line), parts)
    if wrong is not None:
        part = parts[wrong]
        found.add(
            _name(line),
            f"Its return number {wrong + 1}, of {part.quantity} units and {word_amount(part.gross)} with"
            f" {word_amount(part.tax)} tax, is not what R6 gives: the line was {line.quantity} units and"
            f" {word_amount(line.gross)} with {word_amount(line.tax)} tax.",
        )


def _name(line: OrderLine) -> str:
    return f"{line.order.reference} line {line.position}"

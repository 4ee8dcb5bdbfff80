"""A6 to A8 and A12 of docs/MONEY.md: returns, payments, exchanges, stock that came back."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from shop.audit.scope import Findings, Scope, sum_minor, word_amount, word_minor
from shop.db.minor import minor
from shop.payments.models import Payment
from shop.products.models import StockMovement
from shop.returns.models import Return, ReturnLine

REVERSALS = Payment.objects.filter(reverses=OuterRef("pk"))


def check_balances(scope: Scope, found: Findings) -> None:
    """A6: returned and paid are the sums of the entries, and the balance is what they leave."""
    found.rows += scope.orders().count()
    for facts, column, amount in ((Return, "returned", "gross"), (Payment, "paid", "amount")):
        _check_entries(scope, found, facts, column, amount)
    kept = scope.orders().filter(balance__isnull=False)
    left = minor(F("total") - F("returned") - F("paid"))
    found.add_rows(
        kept.annotate(left=left).exclude(left=minor(F("balance"))).order_by("pk"),
        lambda row: row.reference,
        lambda row: f"The balance is {word_amount(row.balance)}, and {word_minor(row.left)} is left.",
    )
    _check_return_sums(scope, found)


def _check_entries(scope: Scope, found: Findings, facts: Any, column: str, amount: str) -> None:
    """Finds orders whose `column` is not the sum of their entries, also where there is no entry."""
    entries = scope.limit_to_orders(facts._default_manager.all()).order_by()
    sums = entries.values("order", "order__reference", f"order__{column}").annotate(
        entered=sum_minor(F(amount))
    )
    found.add_rows(
        sums.exclude(entered=minor(F(f"order__{column}"))).order_by("order"),
        lambda row: row["order__reference"],
        lambda row: (
            f"{column.capitalize()} is {word_amount(row[f'order__{column}'])}; the entries add up to"
            f" {word_minor(row['entered'])}."
        ),
    )
    without = ~Exists(facts._default_manager.filter(order=OuterRef("pk")))
    found.add_rows(
        scope.orders().filter(without).exclude(**{column: 0}).order_by("pk"),
        lambda order: order.reference,
        lambda order: (
            f"{column.capitalize()} is {word_amount(getattr(order, column))}, and there is no entry."
        ),
    )


def _check_return_sums(scope: Scope, found: Findings) -> None:
    """Each return is the sum of its lines, an imported credit note too."""
    names = ("gross", "net", "tax")
    sums = {f"{name}_sum": sum_minor(F(f"lines__{name}")) for name in names}
    wrong = Q()
    for name in names:
        wrong |= ~Q(**{f"{name}_sum": minor(F(name))})
    found.add_rows(
        scope.limit_to_days(Return.objects.select_related("order"))
        .annotate(**sums)
        .filter(wrong)
        .order_by("pk"),
        lambda row: row.order.reference if row.order else row.external_number,
        lambda row: (
            f"Return {row.pk} is {word_amount(row.gross)} with {word_amount(row.tax)} tax; its lines add up"
            f" to {word_minor(row.gross_sum)} with {word_minor(row.tax_sum)}."
        ),
    )


def check_refunds(scope: Scope, found: Findings) -> None:
    """A7: no payment gave back more than it took, and a reversal is its payment with the other sign."""
    payments = scope.limit_to_orders(Payment.objects.select_related("order"))
    found.rows += payments.count()
    _check_given_back(payments, found)
    wrong_reversals = payments.filter(reverses__isnull=False).filter(
        ~Q(order=F("reverses__order"))
        | ~Q(method=F("reverses__method"))
        | ~Q(amount=-F("reverses__amount"))
        | ~Q(cash=-F("reverses__cash"))
    )
    found.add_rows(
        wrong_reversals.select_related("reverses").order_by("pk"),
        lambda row: row.order.reference,
        lambda row: (
            f"Payment {row.pk} of {word_amount(row.amount)} reverses payment {row.reverses_id} of"
            f" {word_amount(row.reverses.amount)}, and is not the same with the other sign."
        ),
    )
    sums = payments.order_by().values("order", "order__reference").annotate(paid=sum_minor(F("amount")))
    found.add_rows(
        sums.filter(paid__lt=0).order_by("order"),
        lambda row: row["order__reference"],
        lambda row: f"Its payments add up to {word_minor(row['paid'])}.",
    )


def _check_given_back(payments: Any, found: Findings) -> None:
    """Finds payments of which more was given back than they took.

    A refund that was reversed does not count. A reversal gives back all of its payment.
    """
    given = (
        Payment.objects.filter(Q(refund_of=OuterRef("pk")) & ~Exists(REVERSALS) | Q(reverses=OuterRef("pk")))
        .order_by()
        # One group of all rows: Django leaves a constant out of GROUP BY, but not a difference of columns.
        .annotate(one=F("pk") - F("pk"))
        .values("one")
        .annotate(sum=Sum(minor(F("amount"))))
        .values("sum")
    )
    taken = payments.filter(amount__gt=0).annotate(
        given=Coalesce(Subquery(given), 0), taken=minor(F("amount"))
    )
    found.add_rows(
        taken.filter(taken__lt=-F("given")).order_by("pk"),
        lambda row: row.order.reference,
        lambda row: f"Payment {row.pk} took {word_minor(row.taken)} and gave back {word_minor(-row.given)}.",
    )


def check_exchanges(scope: Scope, found: Findings) -> None:
    """A8: the two halves of an exchange add up to nothing."""
    halves = scope.limit_to_orders(Payment.objects.select_related("order", "pair"))
    paired = halves.filter(pair__isnull=False)
    found.rows += paired.count()
    found.add_rows(
        paired.filter(~Q(amount=-F("pair__amount")) | Q(order=F("pair__order"))).order_by("pk"),
        lambda row: row.order.reference,
        lambda row: (
            f"Payment {row.pk} of {word_amount(row.amount)} is the other half of payment {row.pair_id} of"
            f" {word_amount(row.pair.amount)}: they are of two orders, and add up to 0.00."
        ),
    )
    alone = halves.filter(method="exchange", pair=None, reverses=None, refund_of=None)
    found.add_rows(
        alone.filter(~Exists(Payment.objects.filter(pair=OuterRef("pk")))).order_by("pk"),
        lambda row: row.order.reference,
        lambda row: f"Payment {row.pk} of {word_amount(row.amount)} is an exchange without its other half.",
    )


def check_restocked(scope: Scope, found: Findings) -> None:
    """A12: what went back into stock is what the lines of returns say."""
    lines = ReturnLine.objects.filter(restock=True, of_return__order__isnull=False)
    back = scope.limit_to_orders(lines, "of_return__order").order_by()
    found.rows += back.count()
    units = (
        back.values("of_return__order", "of_return__order__reference", "product", "product__name")
        .annotate(units=Sum("quantity"), moved=Coalesce(Subquery(_sum_moved()), 0))
        .order_by("of_return__order", "product")
    )
    found.add_rows(
        units.exclude(units=F("moved")),
        lambda row: row["of_return__order__reference"],
        lambda row: (
            f"{row['units']} of {row['product__name']} went back by its returns, {row['moved']} in stock."
        ),
    )
    movements = StockMovement.objects.filter(reason="returned", order__isnull=False)
    lines_of = lines.filter(of_return__order=OuterRef("order"), product=OuterRef("product"))
    found.add_rows(
        scope.limit_to_orders(movements).filter(~Exists(lines_of)).select_related("order", "product"),
        lambda row: row.order.reference,
        lambda row: f"{row.quantity} of {row.product.name} went back into stock, and no return says so.",
    )


def _sum_moved() -> Any:
    """Returns how many units of a product came back into stock by movements of an order."""
    moved = StockMovement.objects.filter(
        reason="returned", order=OuterRef("of_return__order"), product=OuterRef("product")
    )
    return moved.order_by().values("order").annotate(sum=Sum("quantity")).values("sum")

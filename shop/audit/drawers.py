"""A9 of docs/MONEY.md: what drawers should hold, and what was counted in them."""

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from shop.audit.scope import Findings, Scope, word_amount, word_minor
from shop.db.minor import minor
from shop.payments.models import Payment
from shop.till.models import CashMovement, TillCount, TillSession


def check_sessions(scope: Scope, found: Findings) -> None:
    """A9: expected cash, counts, the next float, and the times of cash payments."""
    sessions = TillSession.objects.select_related("register")
    if scope.start:
        sessions = sessions.filter(Q(closed_at=None) | Q(closed_at__gte=scope.start))
    found.rows += sessions.count()
    _check_expected(sessions, found)
    _check_counts(sessions, found)
    _check_floats(sessions, found)
    _check_times(sessions, found)


def _check_expected(sessions: "QuerySet[TillSession, Any]", found: Findings) -> None:
    cash = select_session_sum(Payment, "cash")
    moved = select_session_sum(CashMovement, "amount")
    closed = sessions.filter(closed_at__isnull=False).annotate(
        held=minor(F("opening_float")) + cash + moved,
        missing=minor(F("counted") - F("expected") - F("difference")),
    )
    found.add_rows(
        closed.filter(~Q(held=minor(F("expected"))) | ~Q(missing=0)).order_by("pk"),
        _name,
        lambda row: (
            f"Expected is {word_amount(row.expected)}; float, payments and movements add up to"
            f" {word_minor(row.held)}. Counted is {word_amount(row.counted)}, the difference"
            f" {word_amount(row.difference)}."
        ),
    )


def select_session_sum(facts: Any, column: str, session: str = "pk") -> Coalesce:
    """Returns the sum of a column over the rows of a session, whose id the larger query has in `session`."""
    rows = facts._default_manager.filter(session=OuterRef(session)).order_by().values("session")
    sums = Subquery(rows.annotate(sum=Sum(minor(F(column)))).values("sum"))
    return Coalesce(sums, 0, output_field=BigIntegerField())


def _check_counts(sessions: "QuerySet[TillSession, Any]", found: Findings) -> None:
    """What was counted by denomination adds up; a session may be opened or closed without such a count."""
    for moment, column in (("open", "opening_float"), ("close", "counted")):
        counts = TillCount.objects.filter(session=OuterRef("pk"), moment=moment).order_by()
        pieces = counts.values("session").annotate(sum=Sum(minor(F("denomination") * F("pieces"))))
        counted = sessions.annotate(pieces=Subquery(pieces.values("sum"))).filter(pieces__isnull=False)
        found.add_rows(
            counted.filter(~Q(pieces=minor(F(column))) | Q(**{column: None})).order_by("pk"),
            _name,
            lambda row, column=column: (  # type: ignore[misc]
                f"{column.replace('_', ' ').capitalize()} is {word_amount(getattr(row, column))}; the pieces"
                f" add up to {word_minor(row.pieces)}."
            ),
        )


def _check_floats(sessions: "QuerySet[TillSession, Any]", found: Findings) -> None:
    before = TillSession.objects.filter(
        register=OuterRef("register"), number=OuterRef("number") - 1, closed_at__isnull=False
    )
    left = before.annotate(left=minor(F("counted") - F("banked"))).values("left")
    found.add_rows(
        sessions.annotate(left=Subquery(left))
        .filter(left__isnull=False)
        .exclude(left=minor(F("float_expected")))
        .order_by("pk"),
        _name,
        lambda row: (
            f"The expected float is {word_amount(row.float_expected)}; the session before left"
            f" {word_minor(row.left)}."
        ),
    )


def _check_times(sessions: "QuerySet[TillSession, Any]", found: Findings) -> None:
    late = Q(created_at__lt=F("session__opened_at")) | Q(created_at__gt=F("session__closed_at"))
    payments = Payment.objects.filter(late, method="cash", session__in=sessions.values("pk"))
    found.add_rows(
        payments.select_related("order").order_by("pk"),
        lambda row: row.order.reference,
        lambda row: f"Payment {row.pk} in cash is outside of its till's session.",
    )


def _name(session: TillSession) -> str:
    return f"{session.register.name} Z{session.number}"

"""The facts that reports add up: sales, sold lines, returns, returned lines and payments, a row for each.

Each kind of fact has keys (what it is grouped by) and figures (what is added up) in whole minor units.
A report, the sealing of a day and the list of the rows behind a figure use the same ones, so they agree.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractHour, ExtractIsoWeekDay

from shop.db.minor import minor
from shop.orders.models import Order, OrderLine
from shop.payments.models import Payment
from shop.returns.models import Return, ReturnLine

#: An order's date and time are within this of its business day, in any time zone.
A_DAY = datetime.timedelta(days=1)
BIG: "BigIntegerField[int, int]" = BigIntegerField()
#: The customer number of walk-ins.
WALK_IN = 0


NOTHING = Value(0, output_field=BIG)
ONE = Value(1, output_field=BIG)
UNITS = Cast("quantity", BIG)


@dataclass(frozen=True)
class Facts:
    """One kind of facts. `dated` is the path to the order whose date limits what is read, if there is one."""

    rows: Callable[[], QuerySet[Any]]
    day: str
    keys: Mapping[str, Any]
    figures: Mapping[str, Any]
    dated: str | None = None

    def between(self, first: datetime.date, last: datetime.date) -> QuerySet[Any]:
        """Returns the facts of these days, and of no others."""
        rows = self.rows().filter(**{f"{self.day}__range": (first, last)})
        if self.dated is None:
            return rows
        # The day of a sale has no index; its date has.
        begin = datetime.datetime.combine(first - A_DAY, datetime.time.min, datetime.UTC)
        end = datetime.datetime.combine(last + 2 * A_DAY, datetime.time.max, datetime.UTC)
        return rows.filter(**{f"{self.dated}dated_at__range": (begin, end)})

    def select(self, rows: QuerySet[Any], keys: tuple[str, ...], figures: tuple[str, ...]) -> QuerySet[Any]:
        """Returns keys and figures of each row, 0 for a figure that this kind of facts does not have."""
        wanted = {f"_{key}": self.keys[key] for key in keys}
        wanted |= {f"_{figure}": self.figures.get(figure, NOTHING) for figure in figures}
        selected: QuerySet[Any] = rows.order_by().annotate(**wanted).values_list(*wanted)
        return selected


SALES = Facts(
    rows=lambda: Order.objects.filter(business_day__isnull=False),
    day="business_day",
    dated="",
    keys={
        "day": F("business_day"),
        "weekday": ExtractIsoWeekDay("business_day"),
        "hour": ExtractHour("placed_at"),
        "clerk": Coalesce("placed_by", "created_by"),
        "customer": Coalesce("customer", Value(WALK_IN), output_field=BIG),
    },
    figures={
        "orders": ONE,
        "sales": minor(F("total")),
        "sales_tax": minor(F("tax")),
        "discount": minor(F("subtotal"))
        - minor(F("total"))
        + Case(When(prices_include_tax=False, then=minor(F("tax"))), default=NOTHING, output_field=BIG),
    },
)

SOLD_LINES = Facts(
    rows=lambda: OrderLine.objects.filter(order__business_day__isnull=False),
    day="order__business_day",
    dated="order__",
    keys={
        "day": F("order__business_day"),
        "product": F("product"),
        "code": F("tax_code"),
        "percent": F("tax_percent"),
    },
    figures={
        "quantity": UNITS,
        "sales": minor(F("gross")),
        "sales_net": minor(F("net")),
        "sales_tax": minor(F("tax")),
        "discount": minor(F("discount")) + minor(F("share")),
        "cost": Coalesce(UNITS * minor(F("unit_cost"), 10_000), NOTHING, output_field=BIG),
        "costed_net": Case(
            When(unit_cost__isnull=False, then=minor(F("net"))), default=NOTHING, output_field=BIG
        ),
    },
)

RETURNS = Facts(
    rows=Return.objects.all,
    day="business_day",
    keys={
        "day": F("business_day"),
        "weekday": ExtractIsoWeekDay("business_day"),
        "hour": ExtractHour("created_at"),
        "clerk": F("author"),
        "customer": Coalesce("order__customer", "customer", Value(WALK_IN), output_field=BIG),
        "kind": F("kind"),
        "reason": F("reason"),
    },
    figures={
        "return_count": ONE,
        "returns": minor(F("gross")),
        "returns_tax": minor(F("tax")),
    },
)

_KNOWN_COST = Q(line__unit_cost__isnull=False)
RETURNED_LINES = Facts(
    rows=ReturnLine.objects.all,
    day="of_return__business_day",
    keys={
        "day": F("of_return__business_day"),
        "product": F("product"),
        "code": F("tax_code"),
        "percent": F("tax_percent"),
    },
    figures={
        "returned_quantity": UNITS,
        "returns": minor(F("gross")),
        "returns_net": minor(F("net")),
        "returns_tax": minor(F("tax")),
        "cost": Coalesce((NOTHING - UNITS) * minor(F("line__unit_cost"), 10_000), NOTHING, output_field=BIG),
        "costed_net": Case(
            When(_KNOWN_COST, then=NOTHING - minor(F("net"))), default=NOTHING, output_field=BIG
        ),
    },
)

PAYMENTS = Facts(
    rows=Payment.objects.all,
    day="business_day",
    keys={
        "day": F("business_day"),
        "method": F("method"),
        "register": F("session__register"),
    },
    figures={
        "payments": Case(When(amount__gt=0, then=ONE), default=NOTHING, output_field=BIG),
        "paid": Case(When(amount__gt=0, then=minor(F("amount"))), default=NOTHING, output_field=BIG),
        "refunds": Case(When(amount__lt=0, then=ONE), default=NOTHING, output_field=BIG),
        "refunded": Case(
            When(amount__lt=0, then=NOTHING - minor(F("amount"))), default=NOTHING, output_field=BIG
        ),
        "rounding": minor(F("rounding")),
    },
)

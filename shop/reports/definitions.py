"""All reports by name, and those of open balances and tills."""

import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from shop.db.minor import minor
from shop.orders.models import Order
from shop.orders.money_columns import OPEN_BALANCE
from shop.reports.days import ONE_DAY
from shop.reports.definitions_days import DAY_REPORTS, make_table
from shop.reports.definitions_goods import GOODS_REPORTS
from shop.reports.definitions_money import MONEY_REPORTS
from shop.reports.definitions_stock import STOCK_REPORTS
from shop.reports.errors import UnknownReport
from shop.reports.sums import Reader
from shop.reports.tables import Column, Report, ReportLine, Table, add_up, read_first
from shop.till.models import Register, TillSession

#: Days since the sale, and how an age is called.
AGES = ((0, "today"), (7, "1 to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"))
OLDEST = "more than 90 days"

BALANCE_COLUMNS = (
    Column("age", "Age"),
    Column("to_pay_orders", "Orders to pay", "count"),
    Column("to_pay", "To pay", "amount"),
    Column("to_refund_orders", "Orders to refund", "count"),
    Column("to_refund", "To refund", "amount"),
)


def _read_balances(reader: Reader, limit: int | None) -> Table:
    today = timezone.localdate()
    ages = {name: dict.fromkeys((column.name for column in BALANCE_COLUMNS[1:]), 0) for _, name in AGES}
    ages[OLDEST] = dict.fromkeys((column.name for column in BALANCE_COLUMNS[1:]), 0)
    by_day = Order.objects.filter(OPEN_BALANCE).order_by().values("business_day")
    to_pay = Q(balance__gt=0)
    owed = minor(F("balance"))
    for row in by_day.annotate(
        to_pay_orders=Count("pk", filter=to_pay),
        to_pay=Sum(owed, filter=to_pay),
        to_refund_orders=Count("pk", filter=~to_pay),
        to_refund=Sum(owed, filter=~to_pay),
    ):
        age = ages[_get_age(today, row.pop("business_day"))]
        row["to_refund"] = -(row["to_refund"] or 0)
        for name, value in row.items():
            age[name] += int(value or 0)
    return make_table(BALANCE_COLUMNS, [ReportLine({"age": name, **values}) for name, values in ages.items()])


def _get_age(today: datetime.date, day: datetime.date) -> str:
    days = (today - day).days
    return next((name for most, name in AGES if days <= most), OLDEST)


TILL_COLUMNS = (
    Column("day", "Closed", "day"),
    Column("register", "Till"),
    Column("number", "Z", "count", adds_up=False),
    Column("clerk", "Closed by"),
    Column("expected", "Expected", "amount"),
    Column("counted", "Counted", "amount"),
    Column("difference", "Difference", "amount"),
)


def _read_tills(reader: Reader, limit: int | None) -> Table:
    """Reads the sessions that were closed on these days, the newest first, however long they were open."""
    begin, end = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
        for day in (reader.days.first, reader.days.last + ONE_DAY)
    )
    opened = Q(opened_at__gte=begin, opened_at__lt=end) | Q(pk__in=_find_sessions_before(begin))
    sessions = (
        TillSession.objects.filter(opened, closed_at__isnull=False)
        .annotate(day=TruncDate("closed_at"))
        .filter(day__range=reader.days)
        .order_by("-closed_at", "-id")
        .values("day", "register__name", "number", "closed_by__username", "expected", "counted", "difference")
    )
    lines = []
    for row in sessions:
        values: dict[str, Any] = {"day": row["day"], "register": row["register__name"]}
        values |= {"number": row["number"], "clerk": row["closed_by__username"] or "–"}
        values |= {name: int(row[name].scaleb(2)) for name in ("expected", "counted", "difference")}
        lines.append(ReportLine(values))
    shown, left_out = read_first(lambda most: lines[:most], limit)
    return Table(list(shown), add_up(TILL_COLUMNS, lines), left_out)


def _find_sessions_before(begin: datetime.datetime) -> list[int]:
    """Returns the last session of each register that was opened before a time.

    The sessions of a register follow each other, so no other one of before can have been open at that time.
    """
    # By number: there is an index of a register's sessions by it.
    earlier = TillSession.objects.filter(register=OuterRef("pk"), opened_at__lt=begin).order_by("-number")
    found = Register.objects.order_by().annotate(last=Subquery(earlier.values("pk")[:1]))
    return [pk for pk in found.values_list("last", flat=True) if pk is not None]


BALANCE_AND_TILL_REPORTS = (
    Report(
        "open-balances",
        "Open balances by age",
        BALANCE_COLUMNS,
        _read_balances,
        about="Orders whose money is kept and that are not settled, now, by the days since the sale.",
        of_days=False,
    ),
    Report(
        "till-differences",
        "Till differences",
        TILL_COLUMNS,
        _read_tills,
        about="Till sessions that were closed on these days, the newest first.",
    ),
)

REPORTS = {
    report.name: report
    for report in (*DAY_REPORTS, *MONEY_REPORTS, *GOODS_REPORTS, *STOCK_REPORTS, *BALANCE_AND_TILL_REPORTS)
}


def get_report(name: str) -> Report:
    """Returns a report. Raises UnknownReport."""
    if name not in REPORTS:
        raise UnknownReport(name)
    return REPORTS[name]

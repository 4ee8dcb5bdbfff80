"""Reports and the home page with very many orders, on both engines; sealing a day of 5,000 orders."""

import time
from contextlib import ExitStack

from bench.datasets import patient, postgresql, sqlite
from bench.figures import percentile
from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from bench.staff_requests import StaffRequests
from bench.taking_turns import Asker
from testing.servers import serve

REPORT_MS, HOME_MS, SEAL_SECONDS = 200.0, 100.0, 2.0
#: Orders of the day that is sealed; copies of its own orders are added up to this number.
BUSY_DAY = 5_000
#: Of ten, the slowest one would be their p95.
REQUESTS = 20
HOME = "home"
#: Prints the address of each report with each preset, one a line. In the middle of a month the last 30 days
#: have the most days that no stored month covers: those of the slowest reports follow without a preset.
ADDRESSES = """
import datetime
from django.utils import timezone
from shop.reports.days import make_presets
from shop.reports.definitions import REPORTS
for name, report in REPORTS.items():
    for preset in make_presets(timezone.localdate()) if report.of_days else ["today"]:
        print(f"/reports/{name}/?range={preset}")
today = timezone.localdate()
first = today.replace(day=1) - datetime.timedelta(15)
for name in ("sales-by-product", "sales-by-customer", "margin", "abc", "slow-movers"):
    print(f"/reports/{name}/?first={first}&last={today}")
"""
#: Prints sales and returns in cents: of the report of all months, then of a plain SUM of all facts.
EXACT = """
import datetime
from django.db.models import F, Sum
from shop.db.minor import minor
from shop.models import Order, Return
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report
from shop.reports.tables import write_records
report, days = REPORTS["sales-by-month"], Days(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31))
rows = list(write_records(report, read_report(report, days).table))
print(*[sum(round(float(row[name]) * 100) for row in rows) for name in ("sales", "returns")])
for model, amount in ((Order, "total"), (Return, "gross")):
    facts = model.objects.filter(business_day__isnull=False)
    print(facts.aggregate(sum=Sum(minor(F(amount))))["sum"])
"""
#: Fills a past day up with orders, seals it, and prints how many it had and the seconds; then undoes it all.
SEAL = f"""
import datetime, time
from django.db import connection, transaction
from shop.models import Order, OrderLine, SealedDay
from shop.orders.reference import new_reference
from shop.reports.services import seal_day, unseal_days
def copy_row(row, **values):
    fields = [field.attname for field in row._meta.concrete_fields if field.name != "id"]
    return type(row)(**{{name: getattr(row, name) for name in fields}} | values)
def draw_references(count):
    # One of so many may be that of one of a million orders.
    drawn = {{new_reference() for _ in range(count + 100)}}
    taken = Order.objects.filter(reference__in=drawn).values_list("reference", flat=True)
    return [*drawn.difference(taken)][:count]
sealed = SealedDay.objects.order_by("-day").values_list("day", flat=True)[30]
if connection.vendor != "sqlite":
    # Python builds rows for longer than a session of shop may be idle.
    connection.cursor().execute("SET idle_in_transaction_session_timeout = 0")
with transaction.atomic():
    unseal_days([sealed])
    near = Order.objects.between_days(sealed - datetime.timedelta(1), sealed + datetime.timedelta(1))
    rows = list(near.filter(business_day=sealed).with_lines())
    sources = [rows[number % len(rows)] for number in range({BUSY_DAY} - len(rows))]
    orders = [
        copy_row(source, reference=reference, external_number=None)
        for source, reference in zip(sources, draw_references(len(sources)), strict=True)
    ]
    Order.objects.bulk_create(orders)
    lines = [
        copy_row(line, order_id=order.pk)
        for order, source in zip(orders, sources)
        for line in source.line_list
    ]
    OrderLine.objects.bulk_create(lines)
    began = time.perf_counter()
    seal_day.inside(day=sealed)
    print(len(rows) + len(orders), len(lines), time.perf_counter() - began)
    transaction.set_rollback(True)
"""


def measure(setup: Setup) -> Findings:
    """Each report at each preset, asked of two servers by turns by one client."""
    servers = {"SQLite": sqlite(setup.scale.orders), "PostgreSQL": postgresql(setup, setup.scale.orders)}
    began = time.monotonic()
    for server in servers.values():
        patient(server).manage("seal_days")
    sealing = time.monotonic() - began
    # The first page pays for what a server reads and imports once, so it is not the one of 100 ms.
    addresses = [*servers["SQLite"].run_python("manage.py", "shell", "-v0", "-c", ADDRESSES).split(), "/"]
    table = Table(
        f"Reports at {setup.scale.orders:,} orders", ["page", *(f"{name}, p95 ms" for name in servers)]
    )
    measured = list(zip(addresses, _ask(servers, addresses), strict=True))
    table.rows = [[path, *(f"{ms:.1f}" for ms in figures)] for path, figures in measured]
    table.notes = [
        f"One client, {REQUESTS} requests each, by turns. Sealing all days of both took {sealing:.0f} s.",
        "Those without a preset are no part of the bar: they read as the last 30 days in mid-month.",
    ]
    bars = [check(name, server) for check in (_compare, _seal) for name, server in servers.items()]
    return Findings([table], [*_bars(measured), *bars])


def _ask(servers: dict[str, MeasuredServer], addresses: list[str]) -> list[list[float]]:
    """Returns the p95 of each address on each server."""
    figures = []
    with ExitStack() as stack:
        for server in servers.values():
            stack.enter_context(serve(server))
        managers = [StaffRequests(server, "manager") for server in servers.values()]
        asker = stack.enter_context(Asker(list(servers.values())))
        for path in addresses:
            taken = asker.ask([manager.get(path) for manager in managers], REQUESTS)
            figures.append([percentile(times, 95) for times in taken])
    return figures


def _bars(measured: list[tuple[str, list[float]]]) -> list[Bar]:
    bars = []
    for what, most, rows in (
        ("home", HOME_MS, [row for row in measured if row[0] == "/"]),
        ("every report at every preset", REPORT_MS, [row for row in measured if "?range=" in row[0]]),
    ):
        path, worst = max(((path, max(figures)) for path, figures in rows), key=lambda row: row[1])
        bars.append(
            Bar(f"{what}: p95", f"≤ {most:.0f} ms", f"{worst:.0f} ms at most ({path})", worst <= most)
        )
    return bars


def _compare(name: str, server: MeasuredServer) -> Bar:
    sales, returns, *facts = patient(server).run_python("manage.py", "shell", "-v0", "-c", EXACT).split()[-4:]
    off = abs(int(sales) - int(facts[0])) + abs(int(returns) - int(facts[1]))
    return Bar(f"all sales and returns for a plain SUM, {name}", "0.00 off", f"{off / 100:.2f} off", off == 0)


def _seal(name: str, server: MeasuredServer) -> Bar:
    text = patient(server).run_python("manage.py", "shell", "-v0", "-c", SEAL)
    orders, lines, seconds = text.split()[-3:]
    said = f"{float(seconds):.2f} s ({int(lines):,} lines)"
    what = f"sealing a day of {int(orders):,} orders, {name}"
    return Bar(what, f"≤ {SEAL_SECONDS:.0f} s", said, float(seconds) <= SEAL_SECONDS)

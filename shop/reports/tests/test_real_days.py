"""The real orders: the report of their days equals the table of sales and credit notes beside them."""

import datetime
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from shop.models import SealedDay
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report
from shop.reports.services import seal_day
from shop.reports.tables import write_records

RETAIL = Path(os.environ.get("RETAIL_DATA") or settings.BASE_DIR / "../shared/data/online-retail")
DAYS = Days(datetime.date(2010, 12, 1), datetime.date(2010, 12, 9))
#: Day of December 2010, orders, sales, returns.
TABLE = [
    (1, 136, "58960.79", "325.23"),
    (2, 143, "47748.38", "1541.10"),
    (3, 73, "46943.71", "1323.25"),
    (5, 88, "31774.95", "391.00"),
    (6, 108, "54830.46", "970.28"),
    (7, 85, "99618.20", "54559.15"),
    (8, 123, "45389.98", "1200.14"),
    (9, 132, "53586.18", "1054.05"),
]


@pytest.mark.skipif(not list(RETAIL.glob("*.csv")), reason=f"no files in RETAIL_DATA ({RETAIL.name})")
@pytest.mark.django_db(transaction=True)  # each batch commits
def test_sales_by_day_equal_the_table_of_the_real_files_sealed_and_unsealed(tmp_path: Path) -> None:
    files = sorted(map(str, RETAIL.glob("*.csv")))
    call_command("import_orders", *files, "--rejects", str(tmp_path / "rejects.csv"))
    table = [
        {
            "day": f"2010-12-{day:02}",
            "orders": str(orders),
            "sales": sales,
            "returns": returns,
            "net": str(Decimal(sales) - Decimal(returns)),
        }
        for day, orders, sales, returns in TABLE
    ]
    report = REPORTS["sales-by-day"]

    assert [dict(row) for row in write_records(report, read_report(report, DAYS).table)] == table
    for day, *_ in TABLE:
        seal_day(day=datetime.date(2010, 12, day))
    assert SealedDay.objects.count() == len(TABLE)
    assert [dict(row) for row in write_records(report, read_report(report, DAYS).table)] == table

"""Facts of a past day unseal it, in the transaction that stores them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shop.files import imports
from shop.models import DayTotal, Order, SealedDay
from shop.orders.past_days import note_changed_days
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report
from shop.reports.services import seal_day, seal_due, unseal_days
from shop.reports.tables import write_records
from testing.retail import HEADER
from testing.transactions import run_at_once

DAY = datetime.date(2011, 1, 10)


def write_orders(path: Path, numbers: range) -> Path:
    rows = [f"{number},A,LAMP,2,2011-01-10 09:{number % 60:02}:00,1.50,,UK" for number in numbers]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


def read_day() -> list[Any]:
    report = REPORTS["sales-by-day"]
    return [dict(row) for row in write_records(report, read_report(report, Days(DAY, DAY)).table)]


def make_row(orders: int, sales: str) -> dict[str, str]:
    return {"day": "2011-01-10", "orders": str(orders), "sales": sales, "returns": "0.00", "net": sales}


@pytest.mark.django_db
def test_an_import_unseals_its_days(tmp_path: Path) -> None:
    call_command("import_orders", str(write_orders(tmp_path / "a.csv", range(1, 3))))
    seal_due()
    assert read_day() == [make_row(2, "6.00")]
    assert DayTotal.objects.exists()

    call_command("import_orders", str(write_orders(tmp_path / "b.csv", range(3, 4))))
    assert not SealedDay.objects.filter(day=DAY).exists()
    assert read_day() == [make_row(3, "9.00")]

    seal_due()
    assert SealedDay.objects.filter(day=DAY).exists()
    assert read_day() == [make_row(3, "9.00")]


@pytest.mark.django_db(transaction=True)
def test_unsealing_needs_the_transaction_of_the_change() -> None:
    with pytest.raises(RuntimeError):
        unseal_days([DAY])


def test_facts_of_today_are_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr("shop.orders.past_days.listeners", [heard.append])

    note_changed_days([datetime.date.today(), None])  # noqa: DTZ011
    assert heard == []
    note_changed_days([DAY, DAY])
    assert heard == [[DAY]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(4))
def test_sealing_while_an_import_stores_orders_of_that_day_loses_none(
    tmp_path: Path, round_number: int
) -> None:
    call_command("import_orders", str(write_orders(tmp_path / "a.csv", range(1, 4))))
    later = write_orders(tmp_path / "b.csv", range(10, 30))

    run_at_once(
        lambda: call_command("import_orders", str(later)),
        lambda: seal_day(day=DAY),
        lambda: seal_day(day=DAY),
    )

    count = Order.objects.filter(business_day=DAY).count()
    assert count == 23
    assert read_day() == [make_row(count, "69.00")]
    seal_due()
    assert read_day() == [make_row(count, "69.00")]


@pytest.mark.django_db
def test_an_import_that_is_undone_leaves_the_day_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("import_orders", str(write_orders(tmp_path / "a.csv", range(1, 3))))
    seal_due()
    monkeypatch.setattr(imports, "_store_keys", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        call_command("import_orders", str(write_orders(tmp_path / "b.csv", range(3, 4))))
    assert SealedDay.objects.filter(day=DAY).exists()
    assert read_day() == [make_row(2, "6.00")]

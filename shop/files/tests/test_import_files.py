"""What an import does with files, invoices and values that are not as they should be."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError

from shop.files.retail_rows import COLUMNS, Reason, RetailLine, Source, parse_row
from shop.models import Order, OrderLine, User
from testing.pages import signed_in
from testing.retail import FIRST_RUN, HEADER, MESSY, MIDDLE, NEW, OLD, run, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    return writer(tmp_path)


def test_an_invoice_continued_in_another_file_is_rejected_not_doubled(write: Callable[..., Path]) -> None:
    first = write("a.csv", OLD)
    rest = write("b.csv", OLD.replace("OLD LAMP,1", "OLD LAMP,2"))

    figures = run(first, rest)
    again = run(first, rest)

    assert (figures["lines"], figures["skipped"]) == (1, {"invoice_continued": 1})
    assert again["skipped"] == {"invoice_continued": 1, "already_imported": 1}
    assert OrderLine.objects.get().quantity == 1


def test_an_invoice_continued_at_the_end_of_its_file_is_rejected(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", OLD, MIDDLE, OLD.replace("OLD LAMP,1", "OLD LAMP,2")))

    assert (figures["lines"], figures["skipped"]) == (2, {"invoice_continued": 1})


def test_a_rejected_row_of_another_invoice_does_not_end_an_invoice(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", OLD, "C7,A,,-1,2011-01-10 09:00:00,1.00,,UK", OLD))

    assert (figures["orders"], figures["lines"]) == (1, 2)


def test_byte_order_mark_and_carriage_returns_are_tolerated(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbf" + MESSY.read_bytes().replace(b"\n", b"\r\n"))

    assert run(path) == FIRST_RUN


def test_a_file_that_is_missing_stops_before_anything_is_written() -> None:
    with pytest.raises(CommandError, match=r"There is no file .*nowhere\.csv"):
        run(MESSY, Path("nowhere.csv"))
    assert not Order.objects.exists()


def test_a_file_with_another_header_stops_before_anything_is_written(write: Callable[..., Path]) -> None:
    wrong = write("wrong.csv", OLD, header="Invoice,StockCode")
    with pytest.raises(CommandError, match=f"first line must be {HEADER}"):
        run(MESSY, wrong)
    with pytest.raises(CommandError, match="first line must be"):
        run(write("empty.csv", header=""))
    assert not Order.objects.exists()


def test_rejects_never_overwrite_an_input(write: Callable[..., Path]) -> None:
    path = write("a.csv", OLD)
    with pytest.raises(CommandError, match="one of the files to import"):
        run(path, rejects=path)
    assert OLD in path.read_text()


def test_a_run_without_rejects_leaves_no_file(write: Callable[..., Path]) -> None:
    before = set(Path(settings.VAR_DIR).glob("rejects-*"))

    run(write("a.csv", OLD))

    assert set(Path(settings.VAR_DIR).glob("rejects-*")) == before


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("InvoiceNo", "c12", Reason.CREDIT_QUANTITY),
        ("InvoiceNo", "1" * 41, Reason.UNREADABLE),
        ("Description", "nul \0 in it", Reason.UNREADABLE),
        ("Quantity", "1.5", Reason.UNREADABLE),
        ("Quantity", "1_000", Reason.UNREADABLE),
        ("Quantity", "-0", Reason.ADJUSTMENT),
        ("InvoiceDate", "2011-02-29 09:00:00", Reason.UNREADABLE),
        ("InvoiceDate", "2011-01-10", Reason.UNREADABLE),
        ("InvoiceDate", "1899-12-31 23:59:59", Reason.UNREADABLE),
        ("InvoiceDate", "9000-01-02 00:00:00", Reason.UNREADABLE),
        ("InvoiceDate", "0001-01-01 00:00:00", Reason.UNREADABLE),
        ("InvoiceDate", "9999-12-31 23:59:59", Reason.UNREADABLE),
        ("UnitPrice", "NaN", Reason.UNREADABLE),
        ("UnitPrice", "1e99", Reason.UNREADABLE),
        ("UnitPrice", "1e-99", Reason.INEXACT_PRICE),
        ("UnitPrice", "2.1000000000000000000000000000001", Reason.UNREADABLE),
        ("UnitPrice", "2.100000000000000000000000000001", Reason.INEXACT_PRICE),
        ("UnitPrice", "-0.001", Reason.NEGATIVE_PRICE),
        ("UnitPrice", "", Reason.UNREADABLE),
        ("CustomerID", "17850.5", Reason.UNREADABLE),
    ],
)
def test_a_value_that_cannot_be_stored_as_it_is(column: str, value: str, reason: Reason) -> None:
    row = read_row(**{column: value})

    assert not isinstance(row, RetailLine)
    assert row.reason == reason


@pytest.mark.parametrize(
    ("column", "value", "field", "read"),
    [
        ("UnitPrice", "2.1", "unit_price", "2.10"),
        ("UnitPrice", "2.1000", "unit_price", "2.10"),
        ("UnitPrice", "-0.0", "unit_price", "0.00"),
        ("UnitPrice", "9999999999999.99", "unit_price", "9999999999999.99"),
        ("Quantity", "1000000", "quantity", "1000000"),
        ("CustomerID", "17850", "customer", "17850"),
        ("CustomerID", "17850.0", "customer", "17850"),
        ("StockCode", " 85123a ", "sku", "85123A"),
    ],
)
def test_a_value_that_is_stored_exactly(column: str, value: str, field: str, read: str) -> None:
    assert str(getattr(read_row(**{column: value}), field)) == read


@pytest.mark.parametrize("day", ["1900-01-01", "9000-01-01"])
def test_the_first_and_the_last_possible_day_are_imported_and_found(
    day: str, write: Callable[..., Path], clerk: User
) -> None:
    assert run(write("a.csv", OLD.replace("2011-01-10", day)))["orders"] == 1

    page = signed_in(clerk).get("/orders/", {"first": day, "last": day})

    assert Order.objects.get().reference in page.content.decode()


def test_a_day_outside_them_is_rejected_with_the_bounds(write: Callable[..., Path], tmp_path: Path) -> None:
    figures = run(write("a.csv", OLD.replace("2011", "1811"), NEW), rejects=tmp_path / "rejects.csv")

    assert (figures["orders"], figures["skipped"]) == (1, {"unreadable": 1})
    assert "InvoiceDate is not between 1900-01-01 and 9000-01-01." in (tmp_path / "rejects.csv").read_text()


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("-2+3;=cmd|' /C calc'!A0", "'-2+3;'=cmd|' /C calc'!A0"),
        ("x;@SUM(A1)", "x;'@SUM(A1)"),
        ("x;y", "x;y"),
    ],
)
def test_no_reject_is_a_formula(row: str, cell: str, write: Callable[..., Path], tmp_path: Path) -> None:
    run(write("=a.csv", row), rejects=tmp_path / "rejects.csv")

    with open(tmp_path / "rejects.csv", newline="") as file:
        _, reject = csv.reader(file)
    assert (reject[0], reject[4]) == ("'=a.csv", cell)


def read_row(**changed: str) -> Any:
    good = dict(zip(COLUMNS, OLD.split(","), strict=True))
    fields = [changed.get(column, good[column]) for column in COLUMNS]
    return parse_row(Source("a.csv", 2, ",".join(fields)), fields)


def test_a_quote_that_is_never_closed_costs_one_row_only(write: Callable[..., Path]) -> None:
    stray = '8,B,"UNCLOSED,1,2011-01-10 09:00:00,1.00,,UK'
    figures = run(write("a.csv", stray, *(OLD.replace("1,", f"{n},", 1) for n in range(100, 150))))

    assert (figures["orders"], figures["skipped"]) == (50, {"unreadable": 1})


def test_a_line_that_is_too_long_is_one_row(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", "x" * 100_000, OLD))

    assert (figures["rows"], figures["orders"], figures["skipped"]) == (2, 1, {"unreadable": 1})

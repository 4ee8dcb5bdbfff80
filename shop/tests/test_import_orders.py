"""Import of real orders: every kind of mess, once and again, and the figures of the real files."""

import csv
import itertools
import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from shop import retail_invoices
from shop.errors import Busy
from shop.management.commands import import_orders
from shop.models import Customer, Order, OrderEvent, OrderLine, Product, ProductTerm
from shop.retail_rows import COLUMNS, Line, Reason, Source, line_of
from shop.services import imports, orders, products

pytestmark = pytest.mark.django_db

MESSY = Path(__file__).parent / "data" / "messy.csv"
RETAIL = Path(os.environ.get("SHOP_RETAIL_DATA") or settings.BASE_DIR / "../shared/data/online-retail")
HEADER = ",".join(COLUMNS)
SKIPPED = {
    "credit_note": 1,
    "adjustment": 2,
    "inexact_price": 1,
    "negative_price": 1,
    "unreadable": 12,
    "bad_encoding": 1,
    "other_customer": 1,
    "invoice_continued": 1,
    "invoice_too_large": 1,
}
FIRST_RUN = {
    "rows": 29,
    "orders": 4,
    "lines": 8,
    "products": 4,
    "customers": 3,
    "value": "97.34",
    "skipped": SKIPPED,
}
NOTHING = {"orders": 0, "lines": 0, "products": 0, "customers": 0, "value": "0.00"}


def run(*files: Path, **options: Any) -> dict[str, Any]:
    """The figures that `--json` prints as its last line."""
    out = StringIO()
    call_command("import_orders", *files, json=True, stdout=out, **options)
    figures: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return figures


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as a file: write("a.csv", "9001,A,LAMP,1,2011-01-10 09:00:00,1.00,,UK")."""

    def _write(name: str, *rows: str, header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_bytes("\n".join([header, *rows, ""]).encode())
        return path

    return _write


def stored() -> tuple[list[Any], list[Any], list[Any]]:
    """Everything an import makes, without ids."""
    return (
        list(
            Order.objects.order_by("external_number", "lines__position").values_list(
                "external_number",
                "customer__external_number",
                "subtotal",
                "dated_at",
                "lines__product__sku",
                "lines__name",
                "lines__quantity",
                "lines__unit_price",
            )
        ),
        list(Product.objects.order_by("sku").values_list("sku", "name", "name_key", "unit_price", "stock")),
        list(Customer.objects.order_by("external_number").values_list("external_number", "name")),
    )


def test_every_kind_of_mess_is_counted_and_nothing_else_is_lost(tmp_path: Path) -> None:
    assert run(MESSY, rejects=tmp_path / "rejects.csv") == FIRST_RUN

    lines, goods, people = stored()
    assert [(line[0], line[1], *line[4:]) for line in lines] == [
        ("9001", "17850", "MUG-1", "BLUE MUG", 6, Decimal("2.55")),
        ("9001", "17850", "85123A", "LAMP, SMALL", 2, Decimal("4.25")),
        ("9001", "17850", "MUG-1", "BLUE MUG", 1, Decimal("2.55")),
        ("9004", None, "MUG-1", "BLUE MUG NEW", 10, Decimal("2.10")),
        ("9004", None, "SAMPLE", "SAMPLE", 1, Decimal("0.00")),
        ("9005", "12346", "PLATE", 'PLATE "12"', 3, Decimal("10.00")),
        ("9005", "12346", "PLATE", "TWO LINES", 1, Decimal("10.00")),
        ("A9006", "12347", "MUG-1", "OLD MUG", 1, Decimal("9.99")),
    ]
    assert goods == [
        ("85123A", "LAMP, SMALL", "lamp, small", Decimal("4.25"), None),
        ("MUG-1", "BLUE MUG NEW", "blue mug new", Decimal("2.10"), None),
        ("PLATE", "TWO LINES", "two lines", Decimal("10.00"), None),
        ("SAMPLE", "SAMPLE", "sample", Decimal("0.00"), None),
    ]
    assert people == [(number, f"Customer {number}") for number in ("12346", "12347", "17850")]


def test_rejects_name_file_line_reason_and_the_row_byte_for_byte(tmp_path: Path) -> None:
    run(MESSY, rejects=tmp_path / "rejects.csv")

    with open(tmp_path / "rejects.csv", encoding="utf-8", errors="surrogateescape", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["file", "line", "reason", "detail", "row"]
    assert {row[0] for row in rows} == {"messy.csv"}
    assert all(row[3] for row in rows)
    assert sorted((int(row[1]), row[2]) for row in rows) == [
        (5, "credit_note"),
        (6, "adjustment"),
        (7, "adjustment"),
        (10, "inexact_price"),
        (11, "negative_price"),
        *((number, "unreadable") for number in range(12, 23)),
        (23, "bad_encoding"),
        (24, "unreadable"),
        (28, "other_customer"),
        (30, "invoice_continued"),
        (32, "invoice_too_large"),
    ]
    original = MESSY.read_bytes().split(b"\n")
    for row in rows:
        assert row[4].encode(errors="surrogateescape") == original[int(row[1]) - 1]


def test_an_imported_order_is_placed_on_its_own_date_with_one_event() -> None:
    run(MESSY)

    order = Order.objects.get(external_number="9001")
    event = order.events.get()
    assert order.status == Order.Status.PLACED
    assert order.subtotal == Decimal("26.35")
    assert order.placed_at == order.dated_at
    assert timezone.localtime(order.dated_at).replace(tzinfo=None) == datetime(2011, 1, 10, 9)  # noqa: DTZ001
    assert order.placed_by is None
    assert (event.kind, event.author) == (OrderEvent.Kind.IMPORTED, None)
    assert event.detail == "Invoice 9001, United Kingdom, from messy.csv"


def test_imported_rows_are_found_by_search() -> None:
    run(MESSY)

    assert [p.sku for p in Product.objects.search("mug new")] == ["MUG-1"]
    assert [c.external_number for c in Customer.objects.search("178")] == ["17850"]
    for product in Product.objects.all():
        terms = ProductTerm.objects.filter(product=product).values_list("term", flat=True)
        assert {bytes(term).decode() for term in terms} == product.search_terms()


def test_the_same_file_again_adds_nothing_and_rejects_the_same() -> None:
    run(MESSY)
    before = stored()

    again = run(MESSY)

    assert again == FIRST_RUN | NOTHING | {"skipped": SKIPPED | {"already_imported": 8}}
    assert stored() == before


def test_the_same_file_twice_in_one_run() -> None:
    figures = run(MESSY, MESSY)

    twice = {reason: 2 * count for reason, count in SKIPPED.items()}
    assert figures == FIRST_RUN | {"rows": 58, "skipped": twice | {"already_imported": 8}}


def test_a_corrected_order_is_still_known_again() -> None:
    run(MESSY)
    line = OrderLine.objects.filter(order__external_number="9001").first()
    assert line
    orders.correct_line(line_id=line.pk, quantity=5, unit_price=Decimal(2), reason="", staff_id=None)

    assert run(MESSY)["skipped"] == SKIPPED | {"already_imported": 8}


def test_a_run_killed_half_way_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    run(MESSY)
    expected = stored()
    OrderLine.objects.all().delete()
    for model in (Order, Product, Customer):
        model.objects.all().delete()
    monkeypatch.setattr(retail_invoices, "BATCH_ROWS", 4)
    batches = iter([True, False])

    def killed(**given: Any) -> imports.Imported:
        if not next(batches):
            raise KeyboardInterrupt
        return imports.import_invoices(**given)

    with monkeypatch.context() as patched:
        patched.setattr(import_orders, "import_invoices", killed)
        with pytest.raises(KeyboardInterrupt):
            run(MESSY)
    assert Order.objects.count() == 1

    figures = run(MESSY)

    assert (figures["orders"], figures["lines"]) == (3, 5)
    assert figures["skipped"] == SKIPPED | {"already_imported": 3}
    assert stored() == expected


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_batches_of_any_size_give_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retail_invoices, "BATCH_ROWS", size)

    assert run(MESSY) == FIRST_RUN
    assert Product.objects.get(sku="MUG-1").unit_price == Decimal("2.10")


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_met_a_conflict_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[list[str]] = []
    remember = imports._remember

    def conflict_once(made: list[Order], *given: Any) -> None:
        attempts.append([order.reference for order in made])
        if len(attempts) == 1:
            provoke_conflict()
        remember(made, *given)

    monkeypatch.setattr(imports, "_remember", conflict_once)

    assert run(MESSY) == FIRST_RUN
    lost, stored_again, later_batch = attempts
    assert set(Order.objects.values_list("reference", flat=True)) == {*stored_again, *later_batch}
    assert not {*lost} & {*stored_again}


def provoke_conflict() -> None:
    """Makes the database itself refuse, from within an open transaction."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 10")
            cursor.execute("BEGIN IMMEDIATE")
    finally:
        other.close()


def test_a_database_that_stays_busy_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**given: Any) -> None:
        raise Busy(Busy.detail)

    monkeypatch.setattr(import_orders, "import_invoices", busy)

    with pytest.raises(CommandError, match="run the same command again"):
        run(MESSY)


OLD = "1,A,OLD LAMP,1,2011-01-10 09:00:00,1.00,,UK"
MIDDLE = "2,A,LAMP,1,2011-01-11 09:00:00,2.00,,UK"
NEW = "3,A,NEW LAMP,1,2011-01-12 09:00:00,3.00,,UK"


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
@pytest.mark.parametrize("runs", [1, 3])
def test_name_and_price_are_those_of_the_latest_row_in_whatever_order(
    order: tuple[int, ...], runs: int, write: Callable[..., Path]
) -> None:
    files = [write(f"{number}.csv", (OLD, MIDDLE, NEW)[number]) for number in order]
    for group in [files] if runs == 1 else [[file] for file in files]:
        run(*group)
    for file in files:
        run(file)

    product = Product.objects.get()
    assert (product.name, product.unit_price) == ("NEW LAMP", Decimal("3.00"))


def test_of_rows_with_the_same_date_the_one_read_last_counts(write: Callable[..., Path]) -> None:
    run(write("a.csv", OLD, OLD.replace("OLD", "OTHER").replace("1.00", "1.50")))

    assert list(Product.objects.values_list("name", "unit_price")) == [("OTHER LAMP", Decimal("1.50"))]


def test_a_row_without_description_takes_the_name_that_is_known(write: Callable[..., Path]) -> None:
    run(write("a.csv", "1,A,,1,2011-01-10 09:00:00,1.00,,UK", OLD.replace("1,A", "2,A", 1)))
    run(write("b.csv", "3,A,,1,2011-01-13 09:00:00,0.00,,UK"))

    names = list(OrderLine.objects.order_by("order__external_number").values_list("name", flat=True))
    assert names == ["A", "OLD LAMP", "OLD LAMP"]
    assert list(Product.objects.values_list("name", "unit_price")) == [("OLD LAMP", Decimal("0.00"))]


def test_a_product_known_by_its_code_only_takes_the_name_of_an_older_row(write: Callable[..., Path]) -> None:
    run(write("b.csv", "3,A,,1,2011-01-13 09:00:00,0.50,,UK"))
    run(write("a.csv", OLD))

    assert list(Product.objects.values_list("name", "unit_price")) == [("OLD LAMP", Decimal("0.50"))]


def test_a_product_of_the_desk_keeps_its_stock_name_and_price(write: Callable[..., Path]) -> None:
    product = products.create_product(sku="A", name="Our lamp", unit_price=Decimal(7), stock=12)

    figures = run(write("a.csv", OLD))

    product.refresh_from_db()
    assert figures["products"] == 0
    assert (product.name, product.unit_price, product.stock) == ("Our lamp", Decimal(7), 12)
    assert product.movements.aggregate(sum=Sum("quantity"))["sum"] == 12
    assert OrderLine.objects.get().name == "OLD LAMP"


def test_what_staff_changed_today_is_not_undone_by_history(write: Callable[..., Path]) -> None:
    run(write("a.csv", OLD))
    product = Product.objects.get()
    products.update_product(
        product_id=product.pk, name="Our lamp", unit_price=Decimal(7), sku="A", barcode=None
    )

    run(write("b.csv", NEW))

    product.refresh_from_db()
    assert (product.name, product.unit_price) == ("Our lamp", Decimal(7))


def test_a_changed_product_gets_a_new_version(write: Callable[..., Path]) -> None:
    run(write("a.csv", OLD))
    run(write("b.csv", NEW))

    product = Product.objects.get()
    assert product.version == 2
    assert [p.sku for p in Product.objects.search("new")] == ["A"]
    assert not Product.objects.search("old").exists()


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
        ("InvoiceNo", "c12", Reason.CREDIT_NOTE),
        ("InvoiceNo", "1" * 41, Reason.UNREADABLE),
        ("Description", "nul \0 in it", Reason.UNREADABLE),
        ("Quantity", "1.5", Reason.UNREADABLE),
        ("Quantity", "1_000", Reason.UNREADABLE),
        ("Quantity", "-0", Reason.ADJUSTMENT),
        ("InvoiceDate", "2011-02-29 09:00:00", Reason.UNREADABLE),
        ("InvoiceDate", "2011-01-10", Reason.UNREADABLE),
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

    assert not isinstance(row, Line)
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


def read_row(**changed: str) -> Any:
    good = dict(zip(COLUMNS, OLD.split(","), strict=True))
    fields = [changed.get(column, good[column]) for column in COLUMNS]
    return line_of(Source("a.csv", 2, ",".join(fields)), fields)


def test_a_quote_that_is_never_closed_costs_one_row_only(write: Callable[..., Path]) -> None:
    stray = '8,B,"UNCLOSED,1,2011-01-10 09:00:00,1.00,,UK'
    figures = run(write("a.csv", stray, *(OLD.replace("1,", f"{n},", 1) for n in range(100, 150))))

    assert (figures["orders"], figures["skipped"]) == (50, {"unreadable": 1})


def test_a_line_that_is_too_long_is_one_row(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", "x" * 100_000, OLD))

    assert (figures["rows"], figures["orders"], figures["skipped"]) == (2, 1, {"unreadable": 1})


@pytest.mark.skipif(not list(RETAIL.glob("*.csv")), reason=f"no files in SHOP_RETAIL_DATA ({RETAIL.name})")
def test_the_real_files_reconcile_to_their_table_twice_over() -> None:
    files = sorted(RETAIL.glob("*.csv"))
    skipped = {"credit_note": 329, "adjustment": 64}
    expected = {
        "rows": 22_523,
        "orders": 888,
        "lines": 22_130,
        "products": 2_411,
        "customers": 573,
        "value": "438852.65",
        "skipped": skipped,
    }

    assert run(*files) == expected
    check_stored()
    assert run(*files) == expected | NOTHING | {"skipped": skipped | {"already_imported": 22_130}}
    check_stored()


def check_stored() -> None:
    lines = OrderLine.objects.order_by()
    repeated = lines.values("order", "product").annotate(times=Count("pk")).filter(times__gt=1)
    assert Order.objects.count() == Order.objects.filter(events__kind=OrderEvent.Kind.IMPORTED).count() == 888
    assert lines.count() == 22_130
    assert Product.objects.count() == Product.objects.filter(stock=None).count() == 2_411
    assert Customer.objects.count() == 573
    assert lines.filter(order__customer=None).count() == 7_625
    assert lines.filter(unit_price=0).count() == 114
    assert sum(row["times"] - 1 for row in repeated) == 593
    assert sum(line.total for line in lines) == Decimal("438852.65")
    assert Order.objects.aggregate(value=Sum("subtotal"))["value"] == Decimal("438852.65")


def test_the_messages_of_the_command_are_plain() -> None:
    out = StringIO()
    call_command("import_orders", MESSY, stdout=out)

    assert "29 rows read. Imported: 4 orders with 8 lines, worth 97.34." in out.getvalue()
    assert re.search(r"12 rows skipped: unreadable", out.getvalue())

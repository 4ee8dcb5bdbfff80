"""Imports of real orders, once, again and interrupted, and the figures of the real files."""

import csv
import os
import re
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

from shop.db.errors import Busy
from shop.files import imports, retail_invoices
from shop.management.commands import import_orders
from shop.models import Customer, Order, OrderEvent, OrderLine, Product, ProductTerm, Return, ReturnLine
from shop.orders.events import describe_event
from shop.orders.services import placed_orders
from testing.retail import FIRST_RUN, MESSY, NOTHING, REAL_CREDIT_NOTES, SKIPPED, run, stored

pytestmark = pytest.mark.django_db

RETAIL = Path(os.environ.get("RETAIL_DATA") or settings.BASE_DIR / "../shared/data/online-retail")


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
    assert describe_event(event) == "Invoice 9001, United Kingdom, from messy.csv"


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

    assert again == FIRST_RUN | NOTHING | {"skipped": SKIPPED | {"already_imported": 9}}
    assert stored() == before


def test_the_same_file_twice_in_one_run() -> None:
    figures = run(MESSY, MESSY)

    twice = {reason: 2 * count for reason, count in SKIPPED.items()}
    assert figures == FIRST_RUN | {"rows": 58, "skipped": twice | {"already_imported": 9}}


def test_a_corrected_order_is_still_known_again() -> None:
    run(MESSY)
    order = Order.objects.get(external_number="9001")
    values: Any = {"line_id": order.lines.all()[0].pk, "quantity": 5, "unit_price": Decimal(2), "reason": ""}
    placed_orders.correct_line(**values, seen_version=order.version, staff_id=None)

    assert run(MESSY)["skipped"] == SKIPPED | {"already_imported": 9}


def test_a_run_killed_half_way_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    run(MESSY)
    expected = stored()
    OrderLine.objects.all().delete()
    for model in (ReturnLine, Return, Order, Product, Customer):
        model.objects.all().delete()
    monkeypatch.setattr(retail_invoices, "BATCH_ROWS", 4)
    batches = iter([True, False])

    def killed(**given: Any) -> imports.ImportResult:
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
    remember = imports._store_keys

    def conflict_once(made: list[Order | Return], *given: Any) -> None:
        attempts.append([row.reference for row in made if isinstance(row, Order)])
        if len(attempts) == 1:
            provoke_conflict()
        remember(made, *given)

    monkeypatch.setattr(imports, "_store_keys", conflict_once)

    assert run(MESSY) == FIRST_RUN
    lost, stored_again, later_batch = attempts
    assert set(Order.objects.values_list("reference", flat=True)) == {*stored_again, *later_batch}
    assert not {*lost} & {*stored_again}


def provoke_conflict() -> None:
    """Makes the database refuse an open transaction."""
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


@pytest.mark.skipif(not list(RETAIL.glob("*.csv")), reason=f"no files in RETAIL_DATA ({RETAIL.name})")
@pytest.mark.django_db(transaction=True)  # each batch commits
def test_the_real_files_reconcile_to_their_table_twice_over() -> None:
    files = sorted(RETAIL.glob("*.csv"))
    skipped = {"adjustment": 64}
    expected = {
        "rows": 22_523,
        "orders": 888,
        "lines": 22_130,
        "products": 2_411,
        "customers": 573,
        "value": "438852.65",
        **REAL_CREDIT_NOTES,
        "skipped": skipped,
    }

    assert run(*files) == expected
    check_stored()
    assert run(*files) == expected | NOTHING | {"skipped": skipped | {"already_imported": 22_130 + 329}}
    check_stored()


def check_stored() -> None:
    lines = OrderLine.objects.order_by()
    repeated = lines.values("order", "product").annotate(times=Count("pk")).filter(times__gt=1)
    assert Order.objects.count() == Order.objects.filter(events__kind=OrderEvent.Kind.IMPORTED).count() == 888
    assert lines.count() == 22_130
    assert Product.objects.count() == Product.objects.filter(stock=None).count() == 2_411 + 16
    assert Customer.objects.count() == 573 + 49
    walk_ins = Order.objects.filter(customer=None).in_bulk()  # a join of new tables compares all pairs
    assert lines.filter(order__in=[*walk_ins]).count() == 7_625
    assert lines.filter(unit_price=0).count() == 114
    assert sum(row["times"] - 1 for row in repeated) == 593
    assert sum(line.subtotal for line in lines) == Decimal("438852.65")
    assert Order.objects.aggregate(value=Sum("subtotal"))["value"] == Decimal("438852.65")


def test_the_messages_of_the_command_are_plain() -> None:
    out = StringIO()
    call_command("import_orders", MESSY, stdout=out)

    assert "29 rows read. Imported: 4 orders with 8 lines, worth 97.34." in out.getvalue()
    assert re.search(r"12 rows skipped: unreadable", out.getvalue())

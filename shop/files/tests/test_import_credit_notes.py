"""Credit notes in imported files become returns without an order."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum
from django.test import Client
from django.utils import timezone

from shop.models import Customer, Order, Product, Return, ReturnLine, StockMovement
from testing.pages import Page
from testing.retail import MESSY, NOTHING, run, writer

pytestmark = pytest.mark.django_db

SALE = "1,A,LAMP,2,2011-01-10 09:00:00,5.00,17850.0,UK"
NOTE = "C2,A,LAMP,-1,2011-01-11 23:30:00,4.50,17850.0,UK"
STRANGE = "C2,B,BOWL,-3,2011-01-11 23:30:00,0.10,,UK"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    return writer(tmp_path)


def credit(figures: dict) -> tuple:
    names = ("credit_notes", "credit_lines", "credit_value", "credit_products", "credit_customers")
    return tuple(figures[name] for name in names)


def test_a_credit_note_is_a_return_of_its_own_day(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", SALE, NOTE, STRANGE))

    assert credit(figures) == (1, 2, "4.80", 1, 0)
    assert (figures["orders"], figures["lines"], figures["value"], figures["products"]) == (1, 1, "10.00", 1)
    made = Return.objects.get()
    assert (made.order, made.kind, made.reason, made.external_number) == (None, "goods", "credit note", "C2")
    assert (made.gross, made.net, made.tax) == (Decimal("4.80"), Decimal("4.80"), 0)
    assert made.business_day == datetime.date(2011, 1, 11)
    assert f"{timezone.localtime(made.created_at):%F %T}" == "2011-01-11 23:30:00"
    assert made.customer == Customer.objects.get(external_number="17850")
    rows = made.lines.values_list("line", "product__sku", "position", "name", "quantity", "gross", "restock")
    assert list(rows) == [
        (None, "A", 1, "LAMP", 1, Decimal("4.50"), False),
        (None, "B", 2, "BOWL", 3, Decimal("0.30"), False),
    ]
    assert Order.objects.get().returned == 0
    assert not StockMovement.objects.exists()


def test_the_same_file_again_adds_nothing(write: Callable[..., Path]) -> None:
    path = write("a.csv", SALE, NOTE, STRANGE)
    run(path)

    assert run(path) == NOTHING | {"rows": 3, "skipped": {"already_imported": 3}}
    assert (Return.objects.count(), ReturnLine.objects.count()) == (1, 2)


def test_other_lines_under_the_number_are_told(write: Callable[..., Path], tmp_path: Path) -> None:
    run(write("a.csv", NOTE))

    figures = run(write("b.csv", NOTE, STRANGE), rejects=tmp_path / "rejects.csv")

    assert figures == NOTHING | {"rows": 2, "skipped": {"invoice_continued": 2}}
    assert "C2 is stored already, with other lines" in (tmp_path / "rejects.csv").read_text()
    assert ReturnLine.objects.count() == 1


@pytest.mark.parametrize("quantity", ["1", "0", "-0"])
def test_a_credit_note_takes_nothing_but_quantities_below_0(
    quantity: str, write: Callable[..., Path]
) -> None:
    wrong = NOTE.replace(",-1,", f",{quantity},")

    figures = run(write("a.csv", wrong, NOTE))

    assert credit(figures) == (1, 1, "4.50", 1, 1)
    assert figures["skipped"] == {"credit_quantity": 1}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (5, "4.505", "inexact_price"),
        (5, "-4.50", "negative_price"),
        (3, "-1000001", "unreadable"),
        (3, "x", "unreadable"),
    ],
)
def test_nothing_is_rounded(column: int, value: str, reason: str, write: Callable[..., Path]) -> None:
    fields = NOTE.split(",")
    fields[column] = value

    figures = run(write("a.csv", ",".join(fields)))

    assert (credit(figures), figures["skipped"]) == ((0, 0, "0.00", 0, 0), {reason: 1})


def test_a_free_unit_is_given_back_for_nothing(write: Callable[..., Path]) -> None:
    assert credit(run(write("a.csv", NOTE.replace("4.50", "0.0"))))[:3] == (1, 1, "0.00")


def test_what_is_sold_after_its_credit_note_counts_as_sold(write: Callable[..., Path]) -> None:
    sold = SALE.replace("2011-01-10", "2011-01-05").replace("5.00", "6.00")

    figures = run(write("a.csv", NOTE), write("b.csv", sold))

    assert credit(figures) == (1, 1, "4.50", 0, 0)
    assert (figures["products"], figures["customers"]) == (1, 1)
    # A credit note's price is that of an old sale, so that any sale knows the price better.
    assert Product.objects.get().unit_price == Decimal("6.00")


def test_a_credit_note_changes_no_product(write: Callable[..., Path]) -> None:
    run(write("a.csv", SALE))

    run(write("b.csv", NOTE.replace("LAMP", "OLD LAMP")))

    product = Product.objects.get()
    assert (product.name, product.unit_price, product.version) == ("LAMP", Decimal("5.00"), 1)
    assert ReturnLine.objects.get().name == "OLD LAMP"


def test_a_credit_note_does_not_end_the_invoice_around_it(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", SALE, NOTE, SALE, STRANGE.replace("C2", "C3"), SALE))

    assert (figures["orders"], figures["lines"], figures["credit_notes"]) == (1, 3, 2)
    assert figures["skipped"] == {}


def test_a_note_of_two_customers_keeps_the_first(write: Callable[..., Path]) -> None:
    figures = run(write("a.csv", NOTE, NOTE.replace("17850", "17851")))

    assert (credit(figures)[:2], figures["skipped"]) == ((1, 1), {"other_customer": 1})


def test_the_products_and_customers_of_credit_notes_are_found_by_search(write: Callable[..., Path]) -> None:
    run(write("a.csv", NOTE))

    assert [product.sku for product in Product.objects.search("lamp")] == ["A"]
    assert [row.external_number for row in Customer.objects.search("178")] == ["17850"]


def test_what_only_a_credit_note_names_is_kept(write: Callable[..., Path], admins: Client) -> None:
    run(write("a.csv", NOTE))
    customer, product = Customer.objects.get(), Product.objects.get()

    answers = [admins.post(f"{row.get_absolute_url()}delete/") for row in (customer, product)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "has orders or credit notes and cannot be deleted" in Page(answers[0]).text
    assert "has orders, returns or stock entries and cannot be deleted" in Page(answers[1]).text
    assert (Customer.objects.get(), Product.objects.get()) == (customer, product)


def test_returns_add_up_to_their_lines() -> None:
    run(MESSY)

    sums = Return.objects.values_list("gross").annotate(sum=Sum("lines__gross"), count=Count("lines"))
    assert list(sums) == [(Decimal("2.55"), Decimal("2.55"), 1)]

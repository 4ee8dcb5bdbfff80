"""What the auditor says of Z-reports (A14), and of those that were changed behind the services' back."""

from decimal import Decimal
from typing import Any

import pytest

from shop.audit.tests.planting import failed
from shop.closing.tests.test_z_reports import sell_and_take_back
from shop.models import Document, DocumentTax, Payment, TillSession
from shop.till.tests.test_sessions import close, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Document:
    """The second Z-report: two sales, a return, payments and a refund."""
    close(start(), "4×50", "100")
    session = sell_and_take_back()
    close(session, "2×100 1×10 1×2 19×0.05")
    return session.documents.get()


def change(report: Document, **values: Any) -> None:
    Document.objects.filter(pk=report.pk).update(body=report.body | values)


def test_nothing_is_wrong(report: Document) -> None:
    assert failed() == {}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("paid", "T1-000005: It says 1.00 for paid; the entries of its session add up to 132.95."),
        ("sold", "T1-000005: It says 1.00 for sold; the entries of its session add up to 187.94."),
        ("returned", "T1-000005: It says 1.00 for returned; the entries of its session add up to 57.85."),
        ("tax", "T1-000005: It says 1.00 for tax; the entries of its session add up to 15.40."),
        (
            "open_balances",
            "T1-000005: It says 1.00 for open balances; the entries of its session add up to -2.86.",
        ),
    ],
)
def test_a_changed_report(report: Document, name: str, sentence: str) -> None:
    change(report, **{name: "1.00"})

    assert failed()["A14"] == [sentence]


def test_a_changed_count(report: Document) -> None:
    change(report, count=report.body["count"] | {"difference": "-1.00"})

    assert failed()["A14"] == [
        "T1-000005: It says -1.00 for difference; the entries of its session add up to 0.00."
    ]


def test_what_went_to_the_bank(report: Document) -> None:
    TillSession.objects.filter(number=1).update(banked=Decimal(90))

    assert failed()["A14"] == [
        "T1-000001: It says 100.00 for the bank; the entries of its session add up to 90.00."
    ]


def test_what_came_after_the_report(report: Document) -> None:
    late = Payment.objects.filter(method="card", amount__gt=0).get()
    Payment.objects.filter(pk=late.pk).update(session=None)
    DocumentTax.objects.filter(document__sequence=2).delete()

    assert len(failed()["A14"]) == 4


def test_a_session_without_a_report(report: Document) -> None:
    Document.objects.filter(pk=report.pk).delete()

    assert failed()["A14"] == ["Till 1 Z2: It is closed without a Z-report."]

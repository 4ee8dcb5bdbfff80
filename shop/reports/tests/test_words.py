"""The words of reports: a column says what it holds, and no word has two meanings on a page."""

from collections import Counter

import pytest
from django.test import Client

from shop.reports.definitions import REPORTS
from shop.reports.pages import GROUPS
from shop.reports.tables import Report
from testing.facts import FactMaker
from testing.pages import Page


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_no_two_columns_have_one_label(report: Report) -> None:
    labels = Counter(column.label for column in report.columns)

    assert [label for label, count in labels.items() if count > 1] == []
    assert not {"Net", "Register", "Known", "Without tax"} & labels.keys()


def test_the_columns_of_taxes_say_whose_tax_it_is() -> None:
    assert [column.label for column in REPORTS["sales-by-tax-rate"].columns] == [
        *("Tax class", "Tax rate", "Sales", "Sales without tax", "Tax on sales"),
        *("Returns", "Returns without tax", "Tax on returns", "Sales less returns", "Tax due"),
    ]


def test_the_columns_that_programs_read_stay() -> None:
    by_day = [column.name for column in REPORTS["sales-by-day"].columns]
    by_product = [column.name for column in REPORTS["sales-by-product"].columns]

    assert by_day == ["day", "orders", "sales", "returns", "net"]
    assert by_product == ["sku", "name", "quantity", "sales", "returns", "net"]


def test_every_report_is_on_the_list() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(REPORTS)


@pytest.mark.django_db
def test_figures_of_payments_are_what_came_in_less_what_went_out(managers: Client, facts: FactMaker) -> None:
    page = Page(managers.get("/reports/rows/payments/?first=2025-11-20&last=2026-02-28"))

    assert "Paid less refunded" in page.text
    assert " Net " not in page.text

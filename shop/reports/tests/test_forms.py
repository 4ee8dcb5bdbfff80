"""The days of a report: what is refused is said, and a report of now takes none."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from testing.pages import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["yester", "x" * 21, "x" * 500, "%00"])
def test_unknown_days_are_refused_with_a_sentence(managers: Client, text: str) -> None:
    response = managers.get(f"/reports/sales-by-day/?range={text}")

    assert response.status_code == 422
    assert (
        "There are no days of this name. Choose some above, or a first and a last day." in Page(response).text
    )
    assert managers.get(f"/reports/sales-by-day/csv/?range={text}").status_code == 404


@pytest.mark.parametrize("query", ["first=x", "first=2026-02-02&last=2026-02-01", "range=yester"])
def test_a_report_of_now_takes_no_days(managers: Client, query: str) -> None:
    response = managers.get(f"/reports/open-balances/?{query}")

    assert response.status_code == 200
    assert "As of" in Page(response).text
    file = managers.get(f"/reports/open-balances/csv/?{query}")
    assert file["Content-Disposition"] == (
        f'attachment; filename="open-balances-{timezone.localdate():%Y-%m-%d}.csv"'
    )


def test_from_one_report_to_another_the_days_are_kept(managers: Client) -> None:
    chosen = "first=2026-02-01&last=2026-02-02&compare=on"

    page = Page(managers.get(f"/reports/sales-by-day/?{chosen}&more=x"))
    assert page.all("a", href=f"/reports/?{chosen}")
    links = [link["href"] for link in Page(managers.get(f"/reports/?{chosen}&more=x")).all("a")]
    assert f"/reports/returns/?{chosen}" in links
    for query in ("", "?range=yester"):
        links = [link["href"] for link in Page(managers.get(f"/reports/{query}")).all("a")]
        assert "/reports/returns/" in links


def test_days_that_are_right_are_shown(managers: Client) -> None:
    page = Page(managers.get("/reports/sales-by-day/?range=yesterday"))

    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    assert page.value("first") == page.value("last") == yesterday.isoformat()

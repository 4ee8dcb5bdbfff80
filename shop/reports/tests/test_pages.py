"""The pages of reports: figures, links to the rows behind them, charts, downloads."""

import csv
import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client

from shop.reports.definitions import REPORTS
from shop.reports.drill_down import FACT_LISTS
from shop.reports.tests.conftest import build_maker, make_facts
from shop.web.requests import parse_whole_number
from testing.facts import FactMaker
from testing.pages import Page
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db

QUERY = {"first": "2025-11-20", "last": "2026-02-28", "compare": "on"}
#: Reports whose figures are of products or drawers, not of facts.
WITHOUT_ROWS = ("slow-movers", "stock-value", "till-differences")


@pytest.fixture(scope="module")
def facts(shared_rows: SharedRows) -> FactMaker:
    with shared_rows():
        return make_facts(build_maker())


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_page_with_its_numbers(managers: Client, facts: FactMaker, name: str) -> None:
    response = managers.get(f"/reports/{name}/", QUERY)

    assert response.status_code == 200
    page = Page(response)
    assert "As of" in page.text
    assert not page.all("inline script")
    assert not [attrs for _, attrs in page.elements if "style" in attrs]


@pytest.mark.parametrize("name", [name for name, report in REPORTS.items() if report.chart])
def test_charts_are_well_formed_and_described(managers: Client, facts: FactMaker, name: str) -> None:
    source = managers.get(f"/reports/{name}/", QUERY).content.decode()
    svg = source[source.index("<svg") : source.index("</svg>") + 6]

    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert [child.tag for child in root[:2]] == ["title", "desc"]
    assert all(child.text for child in root[:2])
    assert [element for element in root.iter() if element.tag in ("rect", "polyline")]


@pytest.mark.parametrize("name", [name for name in REPORTS if name not in WITHOUT_ROWS])
def test_each_link_leads_to_rows_that_add_up_to_its_figure(
    managers: Client, facts: FactMaker, name: str
) -> None:
    source = managers.get(f"/reports/{name}/", QUERY).content.decode()
    table = ElementTree.fromstring(source[source.index("<table") : source.index("</table>") + 8])
    links = [link for link in table.iter("a") if link.attrib["href"].startswith("/reports/rows/")]

    for link in links[:12] + links[-6:]:
        answer = Page(managers.get(link.attrib["href"]))
        assert f" {(link.text or '').strip()} " in answer.text, link.attrib["href"]


@pytest.mark.parametrize("kind", FACT_LISTS)
def test_rows_come_in_pages(
    managers: Client, facts: FactMaker, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.reports.drill_down.PAGE_SIZE", 7)
    address, seen = f"/reports/rows/{kind}/?first=2025-11-20&last=2026-02-28", 0
    while address:
        page = Page(managers.get(address))
        seen += page.source.count("<tr>") - 1
        following = [attrs["href"] for attrs in page.all("a") if attrs.get("href", "").startswith("?")]
        address = f"/reports/rows/{kind}/{following[0]}" if following else ""

    assert seen == FACT_LISTS[kind].facts.rows().count()


def test_a_range_that_ends_before_it_begins_is_refused(managers: Client) -> None:
    response = managers.get("/reports/sales-by-day/", {"first": "2026-02-02", "last": "2026-02-01"})

    assert response.status_code == 422
    assert "Not before the first day" in Page(response).text


@pytest.mark.parametrize(
    "address",
    ["/reports/nothing/", "/reports/rows/nothing/", "/reports/returns/pdf/", "/reports/rows/sales/?first=x"],
)
def test_what_is_no_report_is_not_found(managers: Client, address: str) -> None:
    assert managers.get(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "sales/?clerk=x",
        "sales/?hour=-1",
        "sales/?hour=24",
        "sales/?hour=3000000000",
        "sales/?weekday=0",
        "sales/?weekday=²",
        f"sales/?customer={2**63}",
        "payments/?register=",
    ]
    + [f"sold-lines/?percent={text}" for text in ("x", "NaN", "1e99", "-1", "5.5.5")],
)
def test_a_key_that_no_row_can_have_is_not_found(managers: Client, query: str) -> None:
    assert managers.get(f"/reports/rows/{query}").status_code == 404


def test_the_pages_of_rows_with_large_ids_follow_each_other(managers: Client, facts: FactMaker) -> None:
    after = 2**63 - 1  # CockroachDB's ids have 19 digits

    page = Page(managers.get(f"/reports/rows/payments/?first=2025-11-20&last=2026-02-28&after={after}"))
    assert page.source.count("<tr>") - 1 == FACT_LISTS["payments"].facts.rows().count()
    assert parse_whole_number(str(after)) == after
    assert parse_whole_number(str(after + 1), -1) == -1


def test_a_csv_file_has_every_row_and_no_formula(managers: Client, facts: FactMaker) -> None:
    product = facts.products[0]
    type(product).objects.filter(pk=product.pk).update(name="=1+1")

    body = managers.get("/reports/sales-by-product/csv/", QUERY).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["SKU", "Product", "Sold", "Sales", "Returns", "Sales less returns"]
    assert len(rows) == 6
    assert [row[1] for row in rows if row[0] == product.sku] == ["'=1+1"]
    assert all(Decimal(row[3]) - Decimal(row[4]) == Decimal(row[5]) for row in rows[1:])


def test_an_xlsx_file_has_numbers_and_no_formula(managers: Client, facts: FactMaker) -> None:
    product = facts.products[0]
    type(product).objects.filter(pk=product.pk).update(name="=1+1")

    response = managers.get("/reports/sales-by-product/xlsx/", QUERY)
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert response["Content-Disposition"].endswith('2025-11-20-2026-02-28.xlsx"')


def test_a_product_of_abc_is_linked_at_its_sku(managers: Client, facts: FactMaker) -> None:
    source = managers.get("/reports/abc/", QUERY).content.decode()

    heads = re.findall(r'<th scope="row"><a href="/products/\d+/">(.+?)</a></th>', source)
    assert sorted(heads) == sorted(product.sku for product in facts.products)

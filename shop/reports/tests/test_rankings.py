"""The first rows of a ranking are those of the whole, whatever is stored and however many are wanted."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import MonthProduct, Return, YearProduct
from shop.reports import rankings
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report
from shop.reports.rollups import PRODUCTS
from shop.reports.services import find_days_to_seal, seal_day
from shop.reports.sums import Reader
from testing.factories import CustomerFactory, ProductFactory, UserFactory
from testing.facts import FactMaker
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db

RANKINGS = ("sales-by-product", "sales-by-customer", "margin", "abc", "slow-movers")
JANUARY = datetime.date(2026, 1, 1)
#: A year, a month, a month and some days, days alone; each with days that are not sealed.
RANGES = (
    Days(JANUARY, datetime.date(2026, 12, 31)),
    Days(JANUARY, datetime.date(2026, 1, 31)),
    Days(datetime.date(2025, 12, 28), datetime.date(2026, 2, 4)),
    Days(datetime.date(2026, 1, 4), datetime.date(2026, 1, 20)),
)


@pytest.fixture(scope="module")
def facts(shared_rows: SharedRows) -> FactMaker:
    """Days on which only some of many products and customers occur."""
    with shared_rows():
        return make_few_facts()


def make_few_facts() -> FactMaker:
    maker = FactMaker(
        11,
        staff=[UserFactory()],
        customers=[CustomerFactory() for _ in range(25)],
        products=[ProductFactory(stock=number % 4) for number in range(60)],
    )
    for number in range(0, 44, 4):
        maker.make_day(datetime.date(2025, 12, 26) + datetime.timedelta(days=number))
    return maker


@pytest.mark.parametrize(("candidates", "tells"), [(1, {True, False}), (20, {True})])
def test_each_cut_is_the_beginning_of_the_whole(
    facts: FactMaker, monkeypatch: pytest.MonkeyPatch, candidates: int, tells: set[bool]
) -> None:
    """Also where the candidates do not tell, because they are too few."""
    told = set()
    rank_candidates = rankings._rank_candidates

    def note(*args: Any) -> list[Any] | None:
        rows = rank_candidates(*args)
        told.add(rows is not None)
        return rows

    monkeypatch.setattr(rankings, "CANDIDATES", candidates)
    monkeypatch.setattr(rankings, "_rank_candidates", note)
    whole = {(name, days): read_report(REPORTS[name], days).table for name in RANKINGS for days in RANGES}
    for number, day in enumerate(find_days_to_seal()[0]):
        if number % 4 != 2:
            seal_day(day=day)

    cut_short = 0
    for (name, days), table in whole.items():
        for limit in (1, 7, 30, len(table.lines), None):
            cut = read_report(REPORTS[name], days, limit=limit).table
            assert cut.lines == table.lines[:limit], (name, days, limit)
            assert cut.totals == table.totals
            assert cut.left_out == (limit is not None and limit < len(table.lines)), (name, days, limit)
            cut_short += cut.left_out
    assert cut_short > 30
    assert told == tells


def test_products_with_more_returns_than_sales_are_no_part_of_the_whole(facts: FactMaker) -> None:
    for day in find_days_to_seal()[0]:
        seal_day(day=day)

    for days in RANGES:
        products = read_report(REPORTS["sales-by-product"], days).table.lines
        sold = [line.values["net"] for line in products if line.values["net"] > 0]
        abc = read_report(REPORTS["abc"], days).table
        assert abc.totals == {"net": sum(sold)}
        assert [line.values["net"] for line in abc.lines] == sold
        assert abc.lines[-1].values["rate"] == 1000


def test_days_with_only_returns_have_no_classes(facts: FactMaker) -> None:
    day = Return.objects.order_by("business_day").values_list("business_day", flat=True).last()
    assert day is not None

    table = read_report(REPORTS["abc"], Days(day, day)).table

    assert (table.lines, table.totals) == ([], {"net": 0})


def test_the_longest_stored_period_is_looked_up_and_only_the_rest_is_grouped(facts: FactMaker) -> None:
    for day in find_days_to_seal()[0]:
        seal_day(day=day)

    models = []
    for days in RANGES:
        parts = Reader(days).split(PRODUCTS, "product", ("sales",))
        models.append(None if parts.stored is None else parts.stored.model)

    assert models == [YearProduct, MonthProduct, MonthProduct, None]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="others choose by a table's size, tiny here")
@pytest.mark.parametrize("name", ["sales-by-product", "sales-by-customer", "margin", "abc"])
def test_the_first_rows_are_read_by_an_index_of_what_they_are_ranked_by(facts: FactMaker, name: str) -> None:
    """An index of expressions serves only the very same expression."""
    for day in find_days_to_seal()[0]:
        seal_day(day=day)

    with CaptureQueriesContext(connection) as queries:
        read_report(REPORTS[name], RANGES[0], limit=5)
    (ranking,) = [query["sql"] for query in queries if "LIMIT 6" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {ranking}")
        plan = [row[-1] for row in cursor.fetchall()]

    wanted = "_by_margin (day=?)" if name == "margin" else "_by_net (day=?"
    assert [step for step in plan if wanted in step], plan

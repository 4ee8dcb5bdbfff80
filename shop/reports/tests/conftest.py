"""Facts of some days, before and after a turn of the year."""

import datetime

import pytest

from testing.factories import CustomerFactory, ProductFactory, UserFactory
from testing.facts import FactMaker

#: From the first to the last of these days there are facts; some days between have none.
FIRST, LAST = datetime.date(2025, 11, 20), datetime.date(2026, 2, 10)


def build_maker() -> FactMaker:
    return FactMaker(
        7,
        staff=[UserFactory(), UserFactory()],
        customers=[CustomerFactory() for _ in range(3)],
        products=[ProductFactory(stock=5) for _ in range(5)],
    )


@pytest.fixture
def maker(db: None) -> FactMaker:
    return build_maker()


@pytest.fixture
def facts(maker: FactMaker) -> FactMaker:
    return make_facts(maker)


def make_facts(maker: FactMaker) -> FactMaker:
    """Makes random facts of every sixth day. Returns the maker."""
    for number in range(0, (LAST - FIRST).days + 1, 6):
        maker.make_day(FIRST + datetime.timedelta(days=number))
    return maker

"""When a day is sealed: once, after its end, and also when nothing happened on it."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from shop.models import DayTotal
from shop.reports.errors import DayNotOver
from shop.reports.services import get_last_day_over, seal_day
from testing.facts import FactMaker

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def test_a_day_is_sealed_once_and_only_when_it_is_over(maker: FactMaker) -> None:
    yesterday = get_last_day_over()
    maker.make_day(yesterday)

    assert seal_day(day=yesterday)
    assert not seal_day(day=yesterday)
    with pytest.raises(DayNotOver):
        seal_day(day=timezone.localdate())
    assert DayTotal.objects.filter(day=yesterday, orders__gt=0).exists()


@pytest.mark.parametrize(("hour", "minute", "last"), [(0, 14, 8), (0, 15, 9), (23, 59, 9)])
def test_a_day_is_over_a_quarter_past_midnight(
    monkeypatch: pytest.MonkeyPatch, hour: int, minute: int, last: int
) -> None:
    at = timezone.make_aware(
        datetime.datetime(2026, 3, 10, hour, minute)  # noqa: DTZ001 (it gets one)
    )
    monkeypatch.setattr(timezone, "now", lambda: at)

    assert get_last_day_over() == datetime.date(2026, 3, last)


def test_idle_days_are_sealed_too(maker: FactMaker, capsys: pytest.CaptureFixture[str]) -> None:
    maker.make_order(get_last_day_over() - 9 * DAY)

    call_command("seal_days")
    assert capsys.readouterr().out == "10 days sealed.\n"
    call_command("seal_days")
    assert capsys.readouterr().out == "0 days sealed.\n"

"""`manage.py set_tax_rate`, and which rate is valid when."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.models import TaxClass, TaxRate
from shop.taxes.queries import select_percent_today

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def set_rate(capsys):
    """Runs the command, and returns what it said."""

    def run(*words: object) -> str:
        call_command("set_tax_rate", *map(str, words))
        return capsys.readouterr().out.strip()

    return run


def rates(code: str = "S") -> dict[datetime.date, str]:
    return {rate.valid_from: str(rate.percent) for rate in TaxRate.objects.filter(tax_class=code)}


def read_percents() -> dict[str, Decimal]:
    """Returns the rate of each class that is valid today."""
    classes = TaxClass.objects.annotate(percent=select_percent_today("pk"))
    return dict(classes.values_list("code", "percent"))


def test_the_first_rate_makes_its_class(set_rate, today):
    assert set_rate("S", "19") == f"S: 19 % from {today} on."

    assert TaxClass.objects.get().code == TaxClass.objects.get().name == "S"
    assert rates() == {today: "19.000"}


def test_the_first_rate_of_a_class_may_begin_in_the_past_and_no_other(set_rate, today):
    set_rate("S", "19", "--from", "2007-01-01")

    with pytest.raises(CommandError, match=f"begins today or later, not on {today - DAY}: only the first"):
        set_rate("S", "16", "--from", today - DAY)
    with pytest.raises(CommandError, match="begins today or later, not on 2006-01-01"):
        set_rate("S", "16", "--from", "2006-01-01")
    set_rate("S", "16")
    set_rate("E", "0", "--from", "2007-01-01")

    assert rates() == {datetime.date(2007, 1, 1): "19.000", today: "16.000"}


def test_the_same_rate_again_changes_nothing_and_says_so(set_rate, today):
    set_rate("S", "5.5", "--from", "2020-01-01")

    assert set_rate("S", "5.500", "--from", "2020-01-01") == (
        "S has 5.5 % from 2020-01-01 on already. Nothing was changed."
    )
    assert rates() == {datetime.date(2020, 1, 1): "5.500"}


def test_a_rate_that_is_valid_is_never_edited(set_rate, today):
    set_rate("S", "19", "--from", "2020-01-01")
    set_rate("S", "16")

    for day in ("2020-01-01", str(today)):
        with pytest.raises(CommandError, match=f"from {day} on, which is valid already and never changes"):
            set_rate("S", "17", "--from", day)
    assert rates() == {datetime.date(2020, 1, 1): "19.000", today: "16.000"}


def test_a_rate_that_is_not_valid_yet_can_be_changed(set_rate, today):
    set_rate("S", "19")
    set_rate("S", "16", "--from", today + DAY)

    assert set_rate("S", "17", "--from", today + DAY) == (
        f"S: 17 % from {today + DAY} on, changed before it became valid."
    )
    assert rates() == {today: "19.000", today + DAY: "17.000"}


@pytest.mark.parametrize("percent", ["100", "-1", "-0.001", "19.0001", "1e2", "NaN", "Infinity", "sNaN"])
def test_what_is_no_rate_is_refused(percent, set_rate):
    with pytest.raises(CommandError, match="A tax rate is from 0 to less than 100 percent, with three"):
        set_rate("S", percent)

    assert not TaxClass.objects.exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("S", "19%"), "'19%' is no number: write one such as 19 or 5.5."),
        (("S", "5,5"), "'5,5' is no number"),
        (("S", "19", "--from", "tomorrow"), "'tomorrow' is no day: write one such as 2027-01-01."),
        (("S", "19", "--from", "2027-02-30"), "'2027-02-30' is no day"),
        (("", "19"), "A tax class has a code of 1 to 20 letters"),
        (("S" * 21, "19"), "A tax class has a code of 1 to 20 letters"),
        (("S 1", "19"), "A tax class has a code of 1 to 20 letters"),
    ],
)
def test_what_cannot_be_read_is_refused(words, sentence, set_rate):
    with pytest.raises(CommandError, match=sentence):
        set_rate(*words)

    assert not TaxClass.objects.exists()


@pytest.mark.parametrize("percent", ["0", "0.001", "99.999", "5.5", "10"])
def test_a_rate_comes_back_as_it_was_set(percent, set_rate, today):
    assert set_rate("S-1.x_y", percent) == f"S-1.x_y: {percent} % from {today} on."

    assert read_percents() == {"S-1.x_y": Decimal(percent)}


def test_the_latest_rate_that_has_begun_is_valid(set_rate, today, monkeypatch):
    set_rate("S", "19", "--from", "2020-06-30")
    set_rate("S", "16")
    set_rate("S", "18", "--from", today + 7 * DAY)
    set_rate("R", "7")

    def percents(day: datetime.date) -> dict[str, Decimal]:
        monkeypatch.setattr(timezone, "localdate", lambda: day)
        return {code: percent for code, percent in read_percents().items() if percent is not None}

    assert percents(datetime.date(2020, 6, 29)) == {}
    assert percents(datetime.date(2020, 6, 30)) == percents(today - DAY) == {"S": 19}
    assert percents(today) == percents(today + 6 * DAY) == {"S": 16, "R": 7}
    assert percents(today + 7 * DAY) == {"S": 18, "R": 7}


@pytest.mark.parametrize("percent", [Decimal(-1), Decimal("-0.001"), Decimal(100)])
def test_the_database_refuses_what_is_no_rate(percent, set_rate):
    set_rate("S", "19")

    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRate.objects.update(percent=percent)


def test_the_database_keeps_one_rate_a_day_and_no_empty_code(set_rate, today):
    set_rate("S", "19")

    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRate.objects.create(tax_class_id="S", valid_from=today, percent=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxClass.objects.create(code="", name="None")

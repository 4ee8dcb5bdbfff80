"""Ranges of days: presets, the range before one, and how stored sums cover one."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shop.reports.errors import InvalidRange

ONE_DAY = datetime.timedelta(days=1)
MAX_YEARS = 20
#: More gaps between sealed days than this are read as one stretch.
MAX_GAPS = 8


class Days(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def query(self) -> dict[str, datetime.date]:
        """The days as parameters of an address."""
        return {"first": self.first, "last": self.last}

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    def get_before(self) -> "Days":
        """Returns as many days before these; the month or the year before, if these are whole ones."""
        end = self.first - ONE_DAY
        if self.first.day == 1 and (self.last + ONE_DAY).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            index = self.first.year * 12 + self.first.month - 1 - months
            return Days(datetime.date(index // 12, index % 12 + 1, 1), end)
        return Days(self.first - datetime.timedelta(days=self.length), end)


def check_days(first: datetime.date, last: datetime.date) -> Days:
    """Returns the range. Raises InvalidRange."""
    if not 1900 <= first.year <= last.year <= first.year + MAX_YEARS < 9000 or last < first:
        raise InvalidRange(MAX_YEARS)
    return Days(first, last)


def make_presets(today: datetime.date) -> dict[str, tuple[str, Days]]:
    """Returns the label and the days of each preset by name."""
    monday = today - datetime.timedelta(days=today.weekday())
    month = today.replace(day=1)
    last_month = month - ONE_DAY
    return {
        "today": ("Today", Days(today, today)),
        "yesterday": ("Yesterday", Days(today - ONE_DAY, today - ONE_DAY)),
        "week": ("This week", Days(monday, today)),
        "7-days": ("Last 7 days", Days(today - 6 * ONE_DAY, today)),
        "30-days": ("Last 30 days", Days(today - 29 * ONE_DAY, today)),
        "month": ("This month", Days(month, today)),
        "last-month": ("Last month", Days(last_month.replace(day=1), last_month)),
        "year": ("This year", Days(today.replace(month=1, day=1), today)),
    }


def find_gaps(days: Days, sealed: Sequence[datetime.date]) -> list[Days]:
    """Returns the stretches of `days` without a sealed day; `sealed` are those in the range, sorted."""
    gaps, begin = [], days.first
    for day in sealed:
        if day > begin:
            gaps.append(Days(begin, day - ONE_DAY))
        begin = day + ONE_DAY
    return [*gaps, Days(begin, days.last)] if begin <= days.last else gaps


@dataclass(frozen=True)
class Cover:
    """Years, months and days whose stored sums add up to those of a range; each by its first day."""

    years: list[datetime.date]
    months: list[datetime.date]
    days: list[datetime.date]


def cover(days: Days, sealed: Days) -> Cover:
    """Covers a range with as few stored sums as possible. `sealed` is from the first to the last sealed day.

    The sums of a month or a year are those of its sealed days, so one that reaches out of the range still
    fits when no sealed day is out there.
    """
    found = Cover([], [], [])
    day = sealed.first.replace(month=1, day=1) if sealed.first >= days.first else days.first
    end = datetime.date.max if sealed.last <= days.last else days.last
    while day <= min(sealed.last, end):
        month_end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        year_end = day.replace(month=12, day=31)
        if (day.month, day.day) == (1, 1) and year_end <= end:
            found.years.append(day)
            day = year_end
        elif day.day == 1 and month_end <= end:
            found.months.append(day)
            day = month_end
        else:
            found.days.append(day)
        day += ONE_DAY
    return found

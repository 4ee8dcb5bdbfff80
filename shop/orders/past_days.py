"""Tells the features above when facts of a past day change, in the transaction that changes them."""

import datetime
from collections.abc import Callable, Iterable

from django.utils import timezone

#: Called with the past days of which sales, returns or payments are added or changed.
listeners: list[Callable[[Iterable[datetime.date]], None]] = []


def note_changed_days(days: Iterable[datetime.date | None]) -> None:
    """Calls the listeners with the past ones of these days. They write in the caller's transaction."""
    today = timezone.localdate()
    past = sorted({day for day in days if day is not None and day < today})
    for listener in listeners if past else ():
        listener(past)

"""Who changed a row last, and when, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from testing.factories import UserFactory

LONG_AGO = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)


def forget_change(row: Any) -> None:
    """Makes it look as if somebody had changed the row long ago."""
    type(row).objects.filter(pk=row.pk).update(changed_by=UserFactory(), changed_at=LONG_AGO)


def read_change(row: Any) -> tuple[str | None, bool]:
    """Returns the name of whoever changed the row, and whether that was just now."""
    now = type(row).objects.get(pk=row.pk)
    name = now.changed_by.username if now.changed_by else None
    return name, timezone.now() - now.changed_at < timedelta(minutes=1)


def is_unchanged(row: Any) -> bool:
    """Whether nobody has changed the row after `forget_change`."""
    return bool(type(row).objects.get(pk=row.pk).changed_at == LONG_AGO)

"""Moments for people, in the shop's time zone."""

from datetime import datetime

from django.utils import timezone


def format_time(at: datetime) -> str:
    """The time of a moment of today, as in 14:03, and with its day before that one of any other."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%Y-%m-%d %H:%M}"

"""Formats times for people, in the shop's time zone."""

from datetime import datetime

from django.utils import timezone


def format_time(at: datetime) -> str:
    """Formats a time: 14:03 today, otherwise with its date."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%Y-%m-%d %H:%M}"

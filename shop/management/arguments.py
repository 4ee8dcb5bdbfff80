"""Reads arguments of commands."""

import datetime
from argparse import ArgumentTypeError


def read_day(text: str) -> datetime.date:
    """Raises ArgumentTypeError, whose sentence the command prints."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day: write one such as 2027-01-01.") from None

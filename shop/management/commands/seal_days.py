"""`manage.py seal_days`: stores the sums of the days that are over, which makes reports fast."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.db.errors import Busy
from shop.reports.services import seal_due
from shop.web.wording import word_error


class Command(BaseCommand):
    help = (
        "Stores the sums of each day that is over, for reports. Should run every night, from a quarter past "
        "midnight on. Safe to run at any time and as often as you like: a sealed day stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--most", type=int, default=None, metavar="N", help="seal N days with sales at most"
        )

    def handle(self, *, most: int | None, **options: Any) -> None:
        """Raises CommandError."""
        try:
            sealed = seal_due(most)
        except Busy as error:
            raise CommandError(word_error(error)) from error
        self.stdout.write(f"{sealed} days sealed.")

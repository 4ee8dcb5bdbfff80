"""`manage.py clean_up`: deletes old rows. Should run every day."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.management import clean_up


class Command(BaseCommand):
    help = (
        "Deletes sessions that have ended, old keys of clients, failed sign-ins that count no more and "
        "results of bulk actions. Safe to run at any time and as often as you like."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = clean_up.delete_old_rows()
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()) + " deleted.")

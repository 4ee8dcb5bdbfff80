"""`manage.py prepare_shop`: what `make run` does before it starts the server."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from shop.apps import ShopStaticFilesConfig
from shop.demo import accounts as demo_accounts
from shop.demo import small as demo
from shop.management import clean_up
from shop.models import User
from shop.payments.currency import check_currency
from shop.payments.errors import CurrencyChanged
from shop.web.wording import word_error


class Command(BaseCommand):
    help = (
        "Makes shop ready to be served: checks, tables, static files and, in an empty embedded "
        "database, demo data and accounts. Run again it only deletes what has ended, as clean_up does."
    )
    requires_system_checks = "__all__"

    def handle(self, **options: Any) -> None:
        try:
            check_currency(DEFAULT_DB_ALIAS)
            self._migrate()
        except CurrencyChanged as error:
            raise CommandError(word_error(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {str(error).strip()}") from error
        collect_static()
        if settings.EMBEDDED and demo.is_empty() and not User.objects.exists():
            self._fill()
        clean_up.delete_old_rows()
        self._print_address()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write(f"Applied {len(plan)} migrations.")

    def _fill(self) -> None:
        passwords = demo_accounts.read_passwords() or demo_accounts.store_new_passwords()
        counts = demo.fill_shop(now=timezone.now(), hashes=demo_accounts.hash_passwords(passwords))
        self.stdout.write(
            f"Filled the empty database with demo data: {counts.products} products, "
            f"{counts.customers} customers, {counts.orders} orders."
        )

    def _print_address(self) -> None:
        self.stdout.write(f"\nThe order desk: http://127.0.0.1:{settings.SHOP_PORT}")
        if settings.EMBEDDED:
            for name, password in demo_accounts.read_passwords().items():
                self.stdout.write(f"  {name:<8} {password}")
        if not User.objects.exists():
            self.stdout.write("There is no account yet: make one with  manage.py createsuperuser")
        self.stdout.flush()


def collect_static() -> None:
    """Collects, hashes and compresses the static files, unless they have not changed since the last time."""
    done = Path(settings.VAR_DIR) / "static.fingerprint"
    fingerprint = make_static_fingerprint()
    if Path(settings.STATIC_ROOT).is_dir() and done.exists() and done.read_text() == fingerprint:
        return
    done.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    done.write_text(fingerprint)


def make_static_fingerprint() -> str:
    """Returns a value that changes with any static file, and with the versions of what processes them."""
    parts = [version("django"), version("whitenoise"), str(settings.STORAGES["staticfiles"])]
    for finder in get_finders():
        for name, storage in finder.list(ShopStaticFilesConfig.ignore_patterns):
            status = Path(storage.path(name)).stat()
            parts.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

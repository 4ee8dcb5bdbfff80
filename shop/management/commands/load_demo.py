"""`manage.py load_demo`: demo data for a fresh desk."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from shop.errors import Busy, ShopError
from shop.models import User
from shop.services.demo import Loaded, load_demo
from shop.services.demo_accounts import ACCOUNTS
from shop.services.demo_bulk import counts, load_many


class Command(BaseCommand):
    help = "Fills an empty database with products, customers and two weeks of orders. Makes no accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="add to a database that has data already")
        parser.add_argument("--seed", type=int, default=1, help="another number makes other orders")
        parser.add_argument(
            "--orders",
            type=int,
            metavar="N",
            help="so many orders over two years instead, with N/5 customers and N/10 products, for measuring "
            "(not with --force: only an empty database is filled)",
        )

    def handle(self, *, force: bool, seed: int, orders: int | None, **options: Any) -> None:
        staff = list(User.objects.filter(username__in=ACCOUNTS).order_by("pk").values_list("pk", flat=True))
        if force and orders is not None:
            raise CommandError("--orders fills an empty database only: leave out --force.")
        try:
            if orders is None:
                made = load_demo(now=timezone.now(), staff_ids=staff, seed=seed, force=force)
            else:
                made = load_with_progress(orders, staff, seed)
        except ShopError as refusal:
            hint = " (--force adds to what is there.)" if orders is None else ""
            raise CommandError(f"{refusal.detail}{hint}") from refusal
        except Busy as error:
            raise CommandError(error.detail) from error
        self.stdout.write(
            f"Made {made.products} products, {made.customers} customers and {made.orders} orders."
        )


def load_with_progress(orders: int, staff: Sequence[int], seed: int) -> Loaded:
    """On a terminal with a bar that counts customers, products and orders."""
    hidden = not sys.stderr.isatty()
    with tqdm(total=orders + sum(counts(orders)), unit=" rows", unit_scale=True, disable=hidden) as bar:
        return load_many(orders=orders, now=timezone.now(), staff_ids=staff, seed=seed, progress=bar.update)

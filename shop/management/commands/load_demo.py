"""`manage.py load_demo`: demo data for a fresh shop."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from shop.db.errors import Busy, ShopError
from shop.demo.accounts import ACCOUNTS
from shop.demo.big import count_demo_rows, load_big_demo
from shop.demo.small import DemoCounts, load_demo
from shop.models import User
from shop.web.wording import word_error

KEPT = "What was made before is whole and stays; to have it all, empty the database and begin again."


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
        if force and orders is not None:
            raise CommandError("--orders fills an empty database only: leave out --force.")
        staff = list(User.objects.filter(username__in=ACCOUNTS).order_by("pk").values_list("pk", flat=True))
        counts = (
            make_small_demo(staff, seed, force=force)
            if orders is None
            else make_big_demo(orders, staff, seed)
        )
        self.stdout.write(
            f"Made {counts.products:,} products, {counts.customers:,} customers and {counts.orders:,} orders."
        )


def make_small_demo(staff: Sequence[int], seed: int, *, force: bool) -> DemoCounts:
    try:
        return load_demo(now=timezone.now(), staff_ids=staff, seed=seed, force=force)
    except ShopError as refusal:
        raise CommandError(f"{word_error(refusal)} (--force adds to what is there.)") from refusal
    except Busy as error:
        raise CommandError(word_error(error)) from error


def make_big_demo(orders: int, staff: Sequence[int], seed: int) -> DemoCounts:
    """Makes the big demo. On a terminal it shows a bar that counts customers, products and orders."""
    hidden = not sys.stderr.isatty()
    try:
        with tqdm(
            total=orders + sum(count_demo_rows(orders)), unit=" rows", unit_scale=True, disable=hidden
        ) as bar:
            return load_big_demo(
                orders=orders, now=timezone.now(), staff_ids=staff, seed=seed, progress=bar.update
            )
    except ShopError as refusal:
        raise CommandError(word_error(refusal)) from refusal
    except (Busy, KeyboardInterrupt) as error:
        why = word_error(error) if isinstance(error, Busy) else "Stopped."
        raise CommandError(f"{why} {KEPT}") from error

"""`manage.py load_demo`: demo data for a fresh desk."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.errors import Busy, ShopError
from shop.models import User
from shop.services.demo import load_demo
from shop.services.demo_accounts import ACCOUNTS


class Command(BaseCommand):
    help = "Fills an empty database with products, customers and two weeks of orders. Makes no accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="add to a database that has data already")
        parser.add_argument("--seed", type=int, default=1, help="another number makes other orders")

    def handle(self, *, force: bool, seed: int, **options: Any) -> None:
        staff = User.objects.filter(username__in=ACCOUNTS).order_by("pk").values_list("pk", flat=True)
        try:
            made = load_demo(now=timezone.now(), staff_ids=list(staff), seed=seed, force=force)
        except ShopError as refusal:
            raise CommandError(f"{refusal.detail} (--force adds to what is there.)") from refusal
        except Busy as error:
            raise CommandError(error.detail) from error
        self.stdout.write(
            f"Made {made.products} products, {made.customers} customers and {made.orders} orders."
        )

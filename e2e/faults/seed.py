"""Makes staff, tokens and products, from one line of JSON; prints one line with what it made.

A process of its own, so that the bench never loads Django.
"""

import json
import sys
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.db import transaction  # noqa: E402

from shop.models import Product, StockMovement, User  # noqa: E402
from shop.search.text import sort_key  # noqa: E402
from shop.staff.tokens import create_token  # noqa: E402

STOCK = 1_000_000


def staff(names: list[str], password: str) -> dict[str, str]:
    """Managers, who may do everything that the bench does; gives each one's API token."""
    hashed = make_password(password)  # slow on purpose, so once for all
    group = Group.objects.get(name="manager")
    tokens = {}
    for name in names:
        user = User.objects.create(username=name, password=hashed)
        user.groups.add(group)
        tokens[name] = create_token(user=user)
    return tokens


def products(count: int) -> list[dict[str, Any]]:
    """Tracked products with a stock that no run sells out."""
    made = []
    for number in range(count):
        name, price = f"Thing {number}", Decimal(100 + number * 7 % 4900) / 100
        made.append(
            Product(sku=f"T-{number}", name=name, name_key=sort_key(name), unit_price=price, stock=STOCK)
        )
    with transaction.atomic():
        Product.objects.bulk_create(made, batch_size=500)
        StockMovement.objects.bulk_create(
            [StockMovement(product=one, quantity=STOCK, reason="counted") for one in made], batch_size=500
        )
    return [{"id": one.pk, "price": str(one.unit_price), "stock": STOCK} for one in made]


def main() -> None:
    wanted = json.loads(sys.stdin.readline())
    made = {
        "tokens": staff(wanted["staff"], wanted["password"]),
        "products": products(wanted["products"]),
    }
    print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main()

"""Makes what is measured on: staff, products, customers, orders of before, drafts.

A process of its own, so that the bench never loads Django: each line it reads is one call as
JSON, each line it prints is the answer.
"""

import json
import random
import secrets
import sys
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from shop import models  # noqa: E402
from shop.customers import services as customers  # noqa: E402
from shop.models import Order, OrderLine, Product, User  # noqa: E402
from shop.products import services as products  # noqa: E402
from shop.staff.tokens import create_token  # noqa: E402

STOCK = 1_000_000
#: Rows a statement.
BATCH = 500


def _words(text: str) -> list[str]:
    return text.split()


#: No two of one kind begin with the same three letters, so "wal lam" is one product.
MATERIALS = _words("""
Walnut Oak Cherry Steel Copper Brass Enamel Glass Linen Cotton Woollen Leather Willow Bamboo Marble
Stoneware Porcelain Silver Rubber Paper
""")
THINGS = _words("""
lamp kettle basket board candle mirror tray bowl teapot stool clock frame vase jug blanket cushion
hook ladle platter shelf
""")


def staff(names: list[str], password: str) -> dict[str, str]:
    """Accounts named as the groups they are in; gives each one's API token."""
    hashed = make_password(password)  # slow on purpose, so once for all
    tokens = {}
    for name in names:
        user, _ = User.objects.update_or_create(username=name, defaults={"password": hashed})
        user.groups.set([Group.objects.get(name=name)])
        tokens[name] = create_token(user=user)
    return tokens


def goods() -> list[dict[str, Any]]:
    """One untracked product of each material and thing, with what a clerk types to find it."""
    made = []
    for number, (material, thing) in enumerate(product(MATERIALS, THINGS)):
        row = products.create_product(
            name=f"{material} {thing}",
            sku=f"B-{number:04}",
            unit_price=Decimal(199 + 37 * number) / 100,
            once=None,
            staff_id=None,
        )
        words = f"{material[:3]} {thing[:3]}".lower()
        made.append({"id": row.pk, "sku": row.sku, "price": str(row.unit_price), "words": words})
    return made


def tracked(count: int) -> list[dict[str, Any]]:
    """Products with a stock that no run sells out."""
    made = []
    for number in range(count):
        name, price = f"Counted {number}", Decimal(100 + number) / 100
        made.append(
            Product(sku=f"T-{number:05}", name=name, name_key=name.lower(), unit_price=price, stock=STOCK)
        )
    movements = (models.StockMovement(product=one, quantity=STOCK, reason="counted") for one in made)
    with transaction.atomic():
        Product.objects.bulk_create(made, batch_size=BATCH)
        models.StockMovement.objects.bulk_create(movements, batch_size=BATCH)
    return [{"id": one.pk, "price": str(one.unit_price)} for one in made]


def people(count: int) -> list[int]:
    """Customers' ids."""
    return [
        customers.create_customer(name=f"Customer {number}", once=None, staff_id=None).pk
        for number in range(count)
    ]


def drafts(count: int, lines: int, clerk: str) -> list[str]:
    """References of drafts with so many lines of untracked products."""
    owner = User.objects.get(username=clerk)
    basket = list(Product.objects.filter(stock=None).order_by("pk")[:lines])
    made = [Order(created_by=owner, subtotal=_total(basket), version=2) for _ in range(count)]
    with transaction.atomic():
        Order.objects.bulk_create(made, batch_size=BATCH)
        OrderLine.objects.bulk_create(
            (line for order in made for line in _lines(order, basket)), batch_size=BATCH
        )
    return [order.reference for order in made]


def history(count: int, lines: int, clerk: str) -> int:
    """Orders that were placed before, ten minutes apart, with their lines, events and clients' keys."""
    chance, owner = random.Random(count), User.objects.get(username=clerk)
    buyers, shelf = list(models.Customer.objects.all()), list(Product.objects.filter(stock=None))
    baskets = [chance.sample(shelf, lines) for _ in range(count)]
    now = timezone.now()
    orders = []
    for ago, basket in enumerate(baskets, start=1):
        at = now - timedelta(minutes=10 * ago)
        order = Order(status="placed", dated_at=at, placed_at=at, created_by=owner, placed_by=owner)
        order.customer, order.subtotal = chance.choice(buyers), _total(basket)
        orders.append(order)
    with transaction.atomic():
        Order.objects.bulk_create(orders, batch_size=BATCH)
        pairs = zip(orders, baskets, strict=True)
        OrderLine.objects.bulk_create((line for pair in pairs for line in _lines(*pair)), batch_size=BATCH)
        events = (models.OrderEvent(order=one, kind="placed", author=owner) for one in orders)
        models.OrderEvent.objects.bulk_create(events, batch_size=BATCH)
        models.IdempotencyKey.objects.bulk_create((_key(one.pk) for one in orders), batch_size=BATCH)
    return count


def _total(basket: Iterable[Product]) -> Decimal:
    return sum((one.unit_price for one in basket), Decimal(0))


def _lines(order: Order, basket: Iterable[Product]) -> list[OrderLine]:
    """One of each product."""
    return [
        OrderLine(order=order, product=one, position=at, name=one.name, quantity=1, unit_price=one.unit_price)
        for at, one in enumerate(basket, start=1)
    ]


def _key(order_id: int) -> models.IdempotencyKey:
    key, payload = f"client:{secrets.token_hex(16)}", secrets.token_hex(32)
    return models.IdempotencyKey(key=key, payload_hash=payload, object_id=order_id)


CALLS = {call.__name__: call for call in (staff, goods, tracked, people, drafts, history)}


def main() -> None:
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(CALLS[name](**arguments)), flush=True)


if __name__ == "__main__":
    main()

"""Many rows at once, past the services: products, drafts, orders that were placed before."""

import random
import secrets
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shop import models
from shop.demo import rows as demo_rows
from shop.models import Order, OrderLine, Product, ProductTerm, User
from shop.orders.pricing import set_figures_without_tax
from shop.search.terms import list_term_values
from shop.search.text import make_sort_key

STOCK = 1_000_000
#: Rows a statement.
BATCH = 500


def tracked(count: int) -> list[dict[str, Any]]:
    """Makes products with a stock that no run sells out."""
    products = []
    for number in range(count):
        name, price = f"Counted {number}", Decimal(100 + number) / 100
        products.append(
            Product(
                sku=f"T-{number:05}", name=name, name_key=make_sort_key(name), unit_price=price, stock=STOCK
            )
        )
    movements = (
        models.StockMovement(product=product, quantity=STOCK, reason="counted") for product in products
    )
    with transaction.atomic():
        Product.objects.bulk_create(products, batch_size=BATCH)
        models.StockMovement.objects.bulk_create(movements, batch_size=BATCH)
    return [{"id": product.pk, "price": str(product.unit_price), "sku": product.sku} for product in products]


@transaction.atomic
def many_products(count: int) -> None:
    """Makes products with their search terms, as the big demo has them, but no order.

    `manage.py load_demo --orders` makes ten orders to a product, and its services take a minute for
    100,000: their search terms, nearly a million rows, are written without the ORM here.
    """
    chance, now = random.Random(1), timezone.now()
    stocks = [None if number % 3 else chance.randint(10, 200) for number in range(count)]
    rows = demo_rows.make_product_rows(chance, stocks, now - timedelta(days=700), now - timedelta(days=30))
    products = Product.objects.bulk_create(
        Product(**row, name_key=make_sort_key(row["name"])) for row in rows
    )
    terms = (
        {"product": product.pk, **values} for product in products for values in list_term_values(product)
    )
    with connection.cursor() as cursor:
        table = ProductTerm._meta.db_table
        cursor.executemany(
            f"INSERT INTO {table} (product_id, term, beginnings)"
            " VALUES (%(product)s, %(term)s, %(beginnings)s)",
            list(terms),
        )


def drafts(count: int, lines: int, clerk: str) -> list[str]:
    """Makes drafts with so many lines of untracked products; returns their references."""
    owner = User.objects.get(username=clerk)
    products = list(Product.objects.filter(stock=None).order_by("pk")[:lines])
    orders = [Order(created_by=owner, subtotal=_total(products), version=2) for _ in range(count)]
    with transaction.atomic():
        Order.objects.bulk_create(orders, batch_size=BATCH)
        OrderLine.objects.bulk_create(
            (line for order in orders for line in _lines(order, products)), batch_size=BATCH
        )
    return [order.reference for order in orders]


def history(count: int, lines: int, clerk: str) -> int:
    """Makes orders that were placed before, ten minutes apart, with their lines, events and clients' keys."""
    chance, owner = random.Random(count), User.objects.get(username=clerk)
    buyers = list(models.Customer.objects.all())
    products = list(Product.objects.filter(stock=None))
    baskets = [chance.sample(products, lines) for _ in range(count)]
    now = timezone.now()
    orders = []
    for number, basket in enumerate(baskets, start=1):
        at = now - timedelta(minutes=10 * number)
        order = Order(status="placed", dated_at=at, placed_at=at, created_by=owner, placed_by=owner)
        order.customer = chance.choice(buyers)
        order.subtotal = _total(basket)
        set_figures_without_tax(order)
        orders.append(order)
    with transaction.atomic():
        Order.objects.bulk_create(orders, batch_size=BATCH)
        pairs = zip(orders, baskets, strict=True)
        OrderLine.objects.bulk_create((line for pair in pairs for line in _lines(*pair)), batch_size=BATCH)
        events = (models.OrderEvent(order=order, kind="placed", author=owner) for order in orders)
        models.OrderEvent.objects.bulk_create(events, batch_size=BATCH)
        models.IdempotencyKey.objects.bulk_create((_key(order.pk) for order in orders), batch_size=BATCH)
    return count


def _total(products: Iterable[Product]) -> Decimal:
    return sum((product.unit_price for product in products), Decimal(0))


def _lines(order: Order, products: Iterable[Product]) -> list[OrderLine]:
    """One of each product."""
    return [
        OrderLine(
            order=order,
            product=product,
            position=at,
            name=product.name,
            quantity=1,
            unit_price=product.unit_price,
        )
        for at, product in enumerate(products, start=1)
    ]


def _key(order_id: int) -> models.IdempotencyKey:
    return models.IdempotencyKey(
        key=f"client:{secrets.token_hex(16)}", payload_hash=secrets.token_hex(32), object_id=order_id
    )

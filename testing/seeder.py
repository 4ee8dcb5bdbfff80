"""Makes rows for tests and the bench, one by one through the services that pages use, or many at once.

It also audits them.

A process of its own, so that who asks never loads Django: each line it reads is one call as JSON,
[name, arguments], and each line it prints is what that call returned, or {"error": …}.
"""

import json
import sys
from contextlib import suppress
from decimal import Decimal
from io import StringIO
from itertools import product as pairs
from typing import Any

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import connection  # noqa: E402

from shop.customers import services as customers  # noqa: E402
from shop.documents import services as documents  # noqa: E402
from shop.models import Product, User  # noqa: E402
from shop.orders.services import new_orders  # noqa: E402
from shop.products import services as products  # noqa: E402
from shop.products import stock as stocks  # noqa: E402
from shop.saved_views import services as saved_views  # noqa: E402
from shop.staff.tokens import create_token  # noqa: E402
from shop.till.models import Register  # noqa: E402
from shop.till.services import find_register_id  # noqa: E402
from testing.bulk_rows import drafts, history, many_products, tracked  # noqa: E402


def _split(text: str) -> list[str]:
    return text.split()


#: No two of one kind begin with the same three letters, so "wal lam" is one product.
MATERIALS = _split("""
Walnut Oak Cherry Steel Copper Brass Enamel Glass Linen Cotton Woollen Leather Willow Bamboo Marble
Stoneware Porcelain Silver Rubber Paper
""")
THINGS = _split("""
lamp kettle basket board candle mirror tray bowl teapot stool clock frame vase jug blanket cushion
hook ladle platter shelf
""")


def staff(names: list[str], password: str, group: str = "") -> dict[str, str]:
    """Makes accounts in a group, or in groups of their own names; returns each one's API token."""
    hashed = make_password(password)  # slow on purpose, so once for all
    tokens = {}
    for name in names:
        role = group or name
        defaults = {"password": hashed, "is_staff": role == "admin"}
        user, _ = User.objects.update_or_create(username=name, defaults=defaults)
        user.groups.set([Group.objects.get(name=role)])
        tokens[name] = create_token(user=user)
    return tokens


def goods() -> list[dict[str, Any]]:
    """Makes one untracked product of each material and thing, with the words that find it."""
    rows = []
    for number, (material, thing) in enumerate(pairs(MATERIALS, THINGS)):
        row = products.create_product(
            name=f"{material} {thing}",
            sku=f"B-{number:04}",
            unit_price=Decimal(199 + 37 * number) / 100,
            once=None,
            staff_id=None,
        )
        words = f"{material[:3]} {thing[:3]}".lower()
        rows.append({"id": row.pk, "sku": row.sku, "price": str(row.unit_price), "words": words})
    return rows


def registers(count: int) -> list[int]:
    """Makes counter registers until there are so many; returns their ids."""
    for number in range(1, count + 1):
        Register.objects.get_or_create(prefix=f"T{number}", defaults={"name": f"Till {number}"})
    counters = Register.objects.filter(purpose=Register.Purpose.COUNTER)
    return [*counters.order_by("pk").values_list("pk", flat=True)[:count]]


def people(count: int) -> list[int]:
    """Makes customers; returns their ids."""
    return [customer(f"Customer {number}") for number in range(count)]


def product(name: str, sku: str, price: str, stock: int | None, barcode: str | None) -> int:
    row = products.create_product(
        name=name, sku=sku, unit_price=Decimal(price), stock=stock, barcode=barcode, once=None, staff_id=None
    )
    return row.pk


def customer(name: str, phone: str = "") -> int:
    return customers.create_customer(name=name, phone=phone, once=None, staff_id=None).pk


def order(items: list[list[int]], customer: int | None, clerk: str) -> str:
    """Makes a placed order of [product id, quantity] pairs; returns its reference."""
    placed = new_orders.place_new_order(
        customer_id=customer,
        items=[new_orders.Item(pk, quantity) for pk, quantity in items],
        expected_subtotal=None,
        staff_id=User.objects.get(username=clerk).pk,
        once=None,
    )
    return placed.reference


def invoice(reference: str) -> str:
    """Issues the invoice of an order; returns its number."""
    issued = documents.issue_invoice(
        reference=reference, register_id=find_register_id(None), staff_id=None, name="Ada Lovelace"
    )
    return issued.number


def set_price(product: int, price: str) -> None:
    row = Product.objects.get(pk=product)
    products.update_product(
        product_id=product,
        name=row.name,
        unit_price=Decimal(price),
        sku=row.sku,
        barcode=row.barcode,
        staff_id=None,
        seen_version=row.version,
    )


def set_stock(product: int, left: int) -> None:
    stocks.count_stock(product_id=product, counted=left, staff_id=None, once=None)


def view(noun: str, name: str, query: str) -> None:
    """Makes a view of a list for everybody; the same name is the same view."""
    saved_views.save_view(noun=noun, name=name, query=query, owner_id=None)


def audit_money() -> Any:
    """Returns what `manage.py audit_money --json` prints. Uses a new connection and leaves none open."""
    connection.close()
    printed = StringIO()
    try:
        with suppress(CommandError):  # raised when something does not add up, which is printed too
            call_command("audit_money", "--json", stdout=printed)
    finally:
        connection.close()
    return json.loads(printed.getvalue())


CALLS = {
    call.__name__: call
    for call in (
        *(staff, goods, registers, people, product, customer, order, invoice),
        *(set_price, set_stock, view, audit_money),
        *(tracked, many_products, drafts, history),
    )
}


def main() -> None:
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = CALLS[name](**arguments)
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

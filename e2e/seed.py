"""Makes what a test needs to find, through the services that the desk uses.

A process of its own, so that the tests never load Django: each line it reads is one call as
JSON, each line it prints is the answer.
"""

import json
import sys
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402

from shop.customers import services as customers  # noqa: E402
from shop.models import Product, User  # noqa: E402
from shop.orders.services import new_orders  # noqa: E402
from shop.products import services as products  # noqa: E402
from shop.products import stock  # noqa: E402
from shop.saved_views import services as saved_views  # noqa: E402


def staff(name: str, group: str, password: str) -> dict[str, Any]:
    """A member of staff; admins may open the admin site."""
    user = User.objects.create_user(name, password=password, is_staff=group == "admin")
    user.groups.add(Group.objects.get(name=group))
    return {"id": user.pk}


def product(name: str, sku: str, price: str, stock: int | None, barcode: str | None) -> dict[str, Any]:
    made = products.create_product(
        name=name, sku=sku, unit_price=Decimal(price), stock=stock, barcode=barcode, once=None, staff_id=None
    )
    return {"id": made.pk}


def customer(name: str, phone: str) -> dict[str, Any]:
    made = customers.create_customer(name=name, phone=phone, once=None, staff_id=None)
    return {"id": made.pk}


def order(items: list[list[int]], customer: int | None, clerk: str) -> dict[str, Any]:
    """A placed order of [product id, quantity] pairs."""
    placed = new_orders.place_new_order(
        customer_id=customer,
        items=[new_orders.Item(*item) for item in items],
        expected_subtotal=None,
        staff_id=User.objects.get(username=clerk).pk,
        once=None,
    )
    return {"reference": placed.reference, "id": placed.pk}


def set_price(product: int, price: str) -> dict[str, Any]:
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
    return {}


def set_stock(product: int, left: int) -> dict[str, Any]:
    stock.count_stock(product_id=product, counted=left, staff_id=None)
    return {}


def view(noun: str, name: str, query: str) -> dict[str, Any]:
    """A view of a list for everybody; the same name is the same view."""
    saved_views.save_view(noun=noun, name=name, query=query, owner_id=None)
    return {}


CALLS = {call.__name__: call for call in (staff, product, customer, order, set_price, set_stock, view)}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"made": CALLS[request["call"]](**request["values"])}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

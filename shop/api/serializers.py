"""Rows as JSON: ids are numbers, amounts are strings with two decimals."""

from decimal import Decimal
from typing import Any

from shop.models import Customer, Order, Product


def amount(value: Decimal) -> str:
    """An amount of money, as in "123.40"."""
    # Adding zero turns a typed "-0" into 0.
    return f"{value + 0:.2f}"


def customer(row: Customer) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "note": row.note,
        "active": row.active,
    }


def product(row: Product) -> dict[str, Any]:
    """`stock` is null when it is not tracked."""
    return {
        "id": row.pk,
        "name": row.name,
        "price": amount(row.unit_price),
        "sku": row.sku,
        "barcode": row.barcode,
        "stock": row.stock,
        "active": row.active,
    }


def order(row: Order) -> dict[str, Any]:
    """An order with its lines loaded; a line's `id` is its product's, its `price` the one it was sold at."""
    return {
        "id": row.pk,
        "reference": row.reference,
        "status": row.status,
        "customer_id": row.customer_id,
        "subtotal": amount(row.subtotal),
        "placed_at": row.placed_at,
        "products": [
            {"id": line.product_id, "quantity": line.quantity, "price": amount(line.unit_price)}
            for line in row.line_list
        ],
    }

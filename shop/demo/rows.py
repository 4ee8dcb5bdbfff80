"""The fields of the big demo's customers and products."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from django.conf import settings

from shop.demo import names as demo_names
from shop.demo.money import get_cost, get_tax

#: Ends of prices in cents.
CENTS, CENTS_SHARES = (99, 95, 90, 50, 0, 49, 25, 80), (34, 12, 14, 14, 14, 5, 4, 3)


def make_customer_rows(
    random: Random, count: int, begin: datetime, end: datetime
) -> Iterator[dict[str, Any]]:
    """Yields the fields of `count` customers, created one after the other from `begin` to `end`."""
    for number in range(count):
        created_at = begin + (end - begin) * (number / count)
        yield {
            "name": demo_names.draw_customer_name(random),
            "phone": _make_phone(random.randrange(1_000_000)) if random.random() < 0.9 else "",
            "email": f"customer{number + 1}@example.com" if random.random() < 0.4 else "",
            "address": demo_names.draw_address(random),
            "created_at": created_at,
            "changed_at": created_at,
        }


def _make_phone(number: int) -> str:
    """Returns a number that is reserved for fiction, 555-01xx, with four more digits."""
    return f"555-01{number // 10_000:02}-{number % 10_000:04}"


def make_product_rows(
    random: Random, stocks: list[int | None], begin: datetime, end: datetime
) -> Iterator[dict[str, Any]]:
    """Yields the fields of a product for each first stock, created one after the other."""
    for number, stock in enumerate(stocks):
        name, code, price = demo_names.draw_product(random)
        created_at = begin + (end - begin) * (number / len(stocks))
        yield {
            "sku": f"{code}-{number + 1:06}",
            "name": name,
            "barcode": _make_barcode(number + 1) if random.random() < 0.95 else None,
            "unit_price": (unit_price := _draw_price(random, price)),
            "tax_class_id": get_tax(number)[0],
            "cost": get_cost(number, unit_price),
            "stock": stock,
            "created_at": created_at,
            "priced_at": created_at,
            "changed_at": created_at,
        }


def _make_barcode(number: int) -> str:
    """Returns an EAN-13 from the range for internal use, above those of the small demo."""
    digits = f"2001{number:08}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def _draw_price(random: Random, about: float) -> Decimal:
    cents = 100 * int(about * random.lognormvariate(0, 0.4)) + random.choices(CENTS, CENTS_SHARES)[0]
    return Decimal(cents or 25).scaleb(-settings.SHOP_DECIMALS)

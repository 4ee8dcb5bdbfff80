"""Orders that tests pay for, by the JSON API."""

from decimal import Decimal
from typing import Any

from shop.models import Order
from testing.api_client import Api
from testing.factories import PlacedFactory, ProductFactory


def make_order(price: str = "134.99") -> Order:
    return PlacedFactory(lines=[ProductFactory(unit_price=Decimal(price))])


def pay(api: Api, order: Order, body: dict[str, Any], **headers: str) -> Any:
    return api.post(f"/order/{order.pk}/payment/", body, **headers)


def refund(api: Api, order: Order, body: dict[str, Any], **headers: str) -> Any:
    return api.post(f"/order/{order.pk}/refund/", body, **headers)


def figures(answer: dict[str, str]) -> str:
    """Amount, change, rounding and balance."""
    return " ".join(answer[name] for name in ("amount", "change", "rounding", "balance"))


def account(api: Api, order: Order) -> str:
    """What GET says of the order: paid and balance."""
    [row] = api.get(f"/order/{order.pk}/")
    return f"{row['paid']} {row['balance']}"

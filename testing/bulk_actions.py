"""Runs bulk actions on orders, as a browser does: the question, then the result."""

from django.test import Client

from shop.models import Order
from testing.pages import Page

BULK = "/orders/bulk/"


def list_references(*chosen: Order) -> list[str]:
    return [order.reference for order in chosen]


def read_statuses(*chosen: Order) -> list[str]:
    return [Order.objects.get(pk=order.pk).status for order in chosen]


def ask_about(client: Client, action: str, *chosen: Order, **more: str) -> Page:
    """Returns the page with the question."""
    return Page(client.get(BULK, {"action": action, "order": list_references(*chosen), **more}))


def carry_out(client: Client, action: str, *chosen: Order, **more: str) -> Page:
    """Returns the page with the result, after sending the form of the question."""
    response = client.post(
        BULK, {"action": action, "confirmed": "1", "order": list_references(*chosen), **more}
    )
    assert response.status_code == 303
    return Page(client.get(response["Location"]))

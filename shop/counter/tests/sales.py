"""Calls the services of the counter by rows instead of ids, to keep tests short."""

from typing import Any

from shop.counter import services
from shop.counter.tenders import read_tenders
from shop.db.idempotency import Once
from shop.models import Order
from shop.till.services import find_register_id
from testing.factories import seen


def make_key(key: str, payload: str = "") -> Once | None:
    return Once.from_payload(key, operation="sale", user_id=None, payload=payload)


def complete(draft: Order, typed: str, **values: Any) -> Order:
    """Sells a draft as it stands, for what the clerk types."""
    wanted = {
        "reference": draft.reference,
        "seen": values.pop("seen", None) or seen(draft),
        "tenders": read_tenders(typed),
        "register_id": find_register_id(None),
        "staff_id": None,
        "once": None,
    }
    return services.complete_sale(**wanted | values)


def list_payments(order: Order) -> list[tuple[str, ...]]:
    """Returns method, amount, tendered and change of each payment, the oldest first."""
    rows = order.payments.order_by("id").values_list("method", "amount", "tendered", "change")
    return [tuple(map(str, row)) for row in rows]

"""Reads payments and refunds from the bodies of requests."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from shop.api.fields import read_fields
from shop.db.errors import InvalidFields
from shop.orders.api_bodies import read_amount, read_id, read_reason, read_text
from shop.payments.models import Payment
from shop.payments.tenders import Tender

MAX_REFERENCE = Payment._meta.get_field("reference").max_length or 0


class Refund(NamedTuple):
    """A refund as a client sends it. `payment` is the id of the payment that is given back.

    Cash needs none.
    """

    method: str
    amount: Decimal
    payment: int | None
    reason: str


def read_tender(body: Mapping[str, Any]) -> Tender:
    """Returns the payment that `body` describes; ignores unknown fields. Raises InvalidFields."""
    values = read_fields(
        body, method=_read_method, amount=read_amount, tendered=read_amount, reference=_read_reference
    )
    if values["amount"] is None and values["tendered"] is None:
        raise InvalidFields({"amount": "Send the amount, or for cash what was laid down as “tendered”."})
    return Tender(**values)


def read_refund(body: Mapping[str, Any]) -> Refund:
    """Returns the refund that `body` describes; ignores unknown fields. Raises InvalidFields."""
    values = read_fields(
        body, method=_read_method, amount=read_amount, payment=_read_payment, reason=read_reason
    )
    if values["amount"] is None:
        raise InvalidFields({"amount": "Send the amount that is given back."})
    return Refund(**values)


def _read_method(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Send “cash”, “card”, “transfer” or “voucher”.")
    return value


def _read_reference(value: Any) -> str:
    return read_text(value, "A reference", MAX_REFERENCE)


def _read_payment(value: Any) -> int | None:
    if value is None:
        return None
    if not (pk := read_id({"id": value})):
        raise ValueError("Send the id of a payment of this order.")
    return pk

"""Reads payments and refunds from the bodies of requests."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from shop.db.errors import InvalidFields
from shop.orders.api_bodies import read_amount, read_id, read_reason
from shop.payments.models import Payment
from shop.payments.tenders import Tender
from shop.search.text import find_problem

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
    values = _read_fields(
        body, method=_read_method, amount=read_amount, tendered=read_amount, reference=_read_reference
    )
    if values["amount"] is None and values["tendered"] is None:
        raise InvalidFields({"amount": "Send the amount, or for cash what was laid down as “tendered”."})
    return Tender(**values)


def read_refund(body: Mapping[str, Any]) -> Refund:
    """Returns the refund that `body` describes; ignores unknown fields. Raises InvalidFields."""
    values = _read_fields(
        body, method=_read_method, amount=read_amount, payment=_read_payment, reason=read_reason
    )
    if values["amount"] is None:
        raise InvalidFields({"amount": "Send the amount that is given back."})
    return Refund(**values)


def _read_fields(body: Mapping[str, Any], **readers: Any) -> dict[str, Any]:
    values, problems = {}, {}
    for field, read in readers.items():
        try:
            values[field] = read(body.get(field))
        except ValueError as error:
            problems[field] = str(error)
    if problems:
        raise InvalidFields(problems)
    return values


def _read_method(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Send “cash”, “card”, “transfer” or “voucher”.")
    return value


def _read_reference(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_REFERENCE:
        raise ValueError(f"A reference is text of {MAX_REFERENCE} characters at most.")
    if problem := find_problem(value):
        raise ValueError(problem)
    return value.strip()


def _read_payment(value: Any) -> int | None:
    if value is None:
        return None
    if not (pk := read_id({"id": value})):
        raise ValueError("Send the id of a payment of this order.")
    return pk

"""/order/<id>/payment/ and /order/<id>/refund/."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from shop.api import bodies
from shop.api.base import ApiView
from shop.api.paging import parse_row_id
from shop.api.responses import make_response
from shop.db.errors import InvalidValue
from shop.orders.quote_api import write_amounts
from shop.payments import services as payments
from shop.payments.api_bodies import read_refund, read_tender
from shop.payments.errors import CardNumberRefused, OtherMethod, PaymentMissing, UnknownMethod
from shop.payments.models import Payment


class PaymentView(ApiView):
    """Money that is taken for an order. Cash goes to the API's register, which is always open."""

    permissions: ClassVar = {"POST": ("add_payment",)}
    field_of: ClassVar = {
        UnknownMethod: "method",
        CardNumberRefused: "reference",
        InvalidValue: "amount",
    }

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Takes `{"method", "amount"}`, or `{"method": "cash", "tendered"}`, which gives change.

        With both, exactly the amount is paid, and `tendered` was laid down.
        """
        order, tender = parse_row_id(self.kwargs["order"]), read_tender(bodies.read_object(request))
        payment = payments.record_payment(
            reference=order,
            tender=tender,
            register_id=None,
            seen_balance=None,
            staff_id=self.staff_id,
            once=self.read_once(request, "payment", [order, vars(tender)]),
        )
        return make_response(write_payment(payment))


class RefundView(ApiView):
    """Money that is given back."""

    permissions: ClassVar = {"POST": ("refund_payment",)}
    field_of: ClassVar = {
        UnknownMethod: "method",
        OtherMethod: "method",
        PaymentMissing: "payment",
        InvalidValue: "amount",
    }

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Gives `{"method", "amount", "payment"}` back; cash needs no `payment`.

        The answer is like that of a payment. Its `amount` is the entry's, below zero: "-10.00".
        """
        order, refund = parse_row_id(self.kwargs["order"]), read_refund(bodies.read_object(request))
        payment = payments.refund_payment(
            reference=order,
            method=refund.method,
            amount=refund.amount,
            refund_of=refund.payment,
            register_id=None,
            seen_balance=None,
            reason=refund.reason,
            staff_id=self.staff_id,
            once=self.read_once(request, "refund", [order, refund]),
        )
        return make_response(write_payment(payment))


def write_payment(row: Payment) -> dict[str, Any]:
    """Returns an entry, with the balance of its order as it is now."""
    return {
        "id": row.pk,
        **write_amounts(row, "amount", "change", "rounding"),
        **write_amounts(row.order, "balance"),
    }

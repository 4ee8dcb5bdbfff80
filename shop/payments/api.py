"""/order/<id>/payment/ and /order/<id>/refund/."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from shop.api import bodies
from shop.api.base import ApiView
from shop.api.paging import parse_row_id
from shop.api.responses import make_response
from shop.db.errors import InvalidValue
from shop.money.errors import TenderedTooLittle
from shop.orders.quote_api import write_amounts
from shop.payments import services as payments
from shop.payments.api_bodies import read_refund, read_tender
from shop.payments.errors import CardNumberRefused, OtherMethod, PaymentMissing, UnknownMethod
from shop.payments.models import Payment


class PaymentView(ApiView):
    """Takes money for an order. Cash goes to the API's register, which opens itself."""

    permissions: ClassVar = {"POST": ("add_payment",)}
    field_of: ClassVar = {
        UnknownMethod: "method",
        CardNumberRefused: "reference",
        TenderedTooLittle: "tendered",
        InvalidValue: "amount",
    }

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Takes `{"method", "amount"}`, or `{"method": "cash", "tendered"}`, which gives change.

        With both, `tendered` was laid down, and no more than the amount is paid.
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
    """Gives money of an order back."""

    permissions: ClassVar = {"POST": ("refund_payment",)}
    field_of: ClassVar = {
        UnknownMethod: "method",
        OtherMethod: "method",
        PaymentMissing: "payment",
        InvalidValue: "amount",
    }

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Gives `{"method", "amount", "payment"}` back; cash needs no `payment`.

        The answer has the fields of a payment's. Its `amount` is below zero: "-10.00".
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
    """Returns an entry as JSON, with the present balance of its order."""
    return {
        "id": row.pk,
        **write_amounts(row, "amount", "change", "rounding"),
        **write_amounts(row.order, "balance"),
    }

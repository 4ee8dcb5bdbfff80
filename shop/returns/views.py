"""The pages of returns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from shop.orders.models import Order
from shop.returns import services as returns
from shop.web.requests import StaffRequest, check_permission, require_permission, see_other


@require_POST
@require_permission("place_order")
def order_cancel(request: StaffRequest, reference: str) -> HttpResponse:
    """Cancels a placed order; a fulfilled one needs a manager."""
    order = get_object_or_404(Order, reference=reference)
    if order.status == Order.Status.FULFILLED:
        check_permission(request, "cancel_fulfilled_order")
    returns.cancel_order(
        reference=reference,
        staff_id=request.user.pk,
        allow_fulfilled=request.user.has_perm("shop.cancel_fulfilled_order"),
    )
    messages.success(request, f"{reference} was cancelled; its stock is back.")
    return see_other(order)

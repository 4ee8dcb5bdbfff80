"""A draft that several people have open: the desk asks every few seconds whether it changed."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import condition, require_safe

from shop.orders.models import Order
from shop.orders.views.fingerprints import DeskFingerprints
from shop.web.requests import StaffRequest, require_permission


def _make_etag(request: StaffRequest, reference: str) -> str:
    """Of all that the desk shows and others can change, in one statement.

    The order's version covers its lines, quantities, note and status. The stock of what is
    ordered and the customer's own version move without it.
    """
    rows = Order.objects.read_desk_values(reference)
    return f'"{hashlib.blake2s(repr(rows).encode(), digest_size=12).hexdigest()}"'


@require_safe
@require_permission("change_order")
@condition(etag_func=_make_etag)
def draft_live(request: StaffRequest, reference: str) -> HttpResponse:
    """The sections of the desk as they are now; 304 while nothing changed."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    return render(
        request,
        "orders/_live.html",
        {
            "order": order,
            "shown": DeskFingerprints(order, request.user),
            "by": _name_last_author(request, order),
        },
    )


def _name_last_author(request: StaffRequest, order: Order) -> str:
    """Who changed it last; nobody's name where that is not known, or was the one who asks."""
    author = getattr(order, "changed_by", None)
    return author.get_username() if author and author != request.user else "Somebody else"

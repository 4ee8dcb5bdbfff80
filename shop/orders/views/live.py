"""Updates of a draft that several people have open: the desk asks every few seconds for changes."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import condition, require_safe

from shop.orders.models import Order
from shop.orders.views.shown_draft import ShownDraft
from shop.web.requests import StaffRequest, require_permission


def _make_etag(request: StaffRequest, reference: str) -> str:
    """Returns the ETag of all that the desk shows and others can change, read by one statement.

    The order's version changes with its lines, quantities, note and status, but not with
    the stock of the products or with the customer's own fields.
    """
    rows = Order.objects.read_desk_values(reference)
    return f'"{hashlib.blake2s(repr(rows).encode(), digest_size=12).hexdigest()}"'


@require_safe
@require_permission("change_order")
@condition(etag_func=_make_etag)
def draft_live(request: StaffRequest, reference: str) -> HttpResponse:
    """Renders the sections of the desk as they are now; 304 if nothing changed."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    return render(
        request,
        "orders/_live.html",
        {
            "order": order,
            "shown": ShownDraft(order, request.user),
            "by": _name_last_author(request, order),
        },
    )


def _name_last_author(request: StaffRequest, order: Order) -> str:
    """Returns who changed the order last; "Somebody else" if that is unknown, or is the reader."""
    author = getattr(order, "changed_by", None)
    return author.get_username() if author and author != request.user else "Somebody else"

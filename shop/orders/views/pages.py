"""Orders: list, detail, and what happens after placing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_POST, require_safe

from shop.orders.filters import OrderFilter
from shop.orders.models import Order
from shop.orders.services import drafts, placed_orders
from shop.orders.views.desk import render_desk
from shop.orders.views.printing import price_if_draft
from shop.web.lists import Listing, Sort, render_list
from shop.web.requests import (
    StaffRequest,
    make_form_key,
    read_once,
    require_permission,
    see_other,
)

LISTING = Listing(
    "order",
    "orders/list.html",
    OrderFilter,
    {
        "newest": Sort("Newest", ("-dated_at", "-id")),
        "oldest": Sort("Oldest", ("dated_at", "id")),
        "largest": Sort("Largest", ("-amount", "-id")),
        "smallest": Sort("Smallest", ("amount", "id")),
    },
)


@require_safe
@require_permission("view_order")
@conditional_page
def order_list(request: StaffRequest) -> HttpResponse:
    """Renders the list. It refreshes itself, and gets a 304 if nothing changed."""
    return render_list(request, LISTING, Order.objects.for_list())


@require_safe
@require_permission("view_order")
def order_detail(request: StaffRequest, reference: str) -> HttpResponse:
    """Renders the desk for a draft, else the order with its timeline."""
    order = get_object_or_404(Order.objects.for_list().select_related("changed_by"), reference=reference)
    if order.is_draft and request.user.has_perm("shop.change_order"):
        return render_desk(request, order)
    context = {
        "order": order,
        "lines": order.line_list,
        "unpriced": price_if_draft(order),
        "events": order.events.select_related("author"),
        "payments": order.payments.in_order(),
        "returns": order.returns.select_related("author").prefetch_related("lines").order_by("id"),
        "documents": order.documents.order_by("id"),
        "key": make_form_key(),
    }
    return render(request, "orders/detail.html", context)


@require_POST
@require_permission("add_order")
def order_create(request: StaffRequest) -> HttpResponse:
    return see_other(drafts.open_draft(staff_id=request.user.pk))


@require_POST
@require_permission("place_order")
def order_fulfil(request: StaffRequest, reference: str) -> HttpResponse:
    order = placed_orders.fulfil_order(reference=reference, staff_id=request.user.pk)
    messages.success(request, f"{reference} is fulfilled.")
    return see_other(order)


@require_POST
@require_permission("add_order")
def order_duplicate(request: StaffRequest, reference: str) -> HttpResponse:
    copy = placed_orders.duplicate_order(
        reference=reference, staff_id=request.user.pk, once=read_once(request, f"duplicate {reference}")
    )
    messages.success(request, f"Copied {reference} at today's prices.")
    if copy.left_out:
        messages.warning(request, f"Not sold any more, so left out: {', '.join(copy.left_out)}.")
    return see_other(copy)

"""Review and place. Only what the review page showed is placed."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from shop.db.errors import Difference
from shop.orders.errors import OrderChanged
from shop.orders.models import Order
from shop.orders.pricing import price_draft
from shop.orders.services import placing
from shop.orders.services.placing import SeenOrder
from shop.orders.views.snapshots import REVIEW, ReviewSnapshot
from shop.web.conflicts import build_conflict
from shop.web.requests import StaffRequest, require_permission, see_other

CHANGED = "Nothing was placed. This is not as it was on the order:"


@require_safe
@require_permission("place_order")
def order_review(request: StaffRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.is_draft:
        return see_other(order)
    return _render_review(request, order)


def _render_review(
    request: StaffRequest, order: Order, differences: Sequence[Difference] | None = None, status: int = 200
) -> HttpResponse:
    """Renders the order as it is now, with what has changed since it was seen or prevents placing."""
    lines = order.line_list
    problems = placing.find_problems(lines)
    outcome = placing.build_accepted_lines(lines)
    differences = differences or problems
    snapshot = ReviewSnapshot(SeenOrder.from_rows(order, lines), SeenOrder.from_rows(order, outcome))
    context = {
        "order": order,
        "lines": lines,
        "problems": problems,
        "conflict": build_conflict(request, CHANGED, differences) if differences else None,
        "snapshot": REVIEW.write(request.user, order.reference, snapshot),
        "priced": price_draft(order, lines),
        "offered_total": snapshot.offered.total,
    }
    return render(request, "orders/review.html", context, status=status)


@require_POST
@require_permission("place_order")
def order_place(request: StaffRequest, reference: str) -> HttpResponse:
    review = REVIEW.read(request, reference)
    try:
        order = placing.place_order(reference=reference, seen=review.seen, staff_id=request.user.pk)
    except OrderChanged as changed:
        order = get_object_or_404(Order.objects.for_list(), reference=reference)
        return _render_review(request, order, changed.differences, status=409)
    messages.success(request, f"{reference} is placed.")
    return see_other(order)


@require_POST
@require_permission("change_order")
def order_accept(request: StaffRequest, reference: str) -> HttpResponse:
    """Takes today's prices and what is left in stock, as offered, then shows the review again."""
    review = REVIEW.read(request, reference)
    try:
        placing.accept_changes(
            reference=reference, seen=review.seen, offered=review.offered, staff_id=request.user.pk
        )
    except OrderChanged as changed:
        order = get_object_or_404(Order.objects.for_list(), reference=reference)
        return _render_review(request, order, changed.differences, status=409)
    return see_other("order-review", reference)

"""Paper of orders: of one, or of several with a page for each."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from shop.db.errors import InvalidValue
from shop.db.outcomes import MAX_ROWS
from shop.orders.models import Order
from shop.orders.pricing import set_sale_figures
from shop.orders.reference import find_references
from shop.web.requests import StaffRequest, require_permission
from shop.web.wording import word_error


def price_if_draft(order: Order) -> str:
    """Puts on a draft what it would be sold for now, and stores nothing.

    Returns the sentence that says why it cannot be priced; an empty one otherwise.
    """
    if not order.is_draft:
        return ""
    try:
        set_sale_figures(order, order.line_list)
    except InvalidValue as error:
        return word_error(error)
    order.balance = None  # nothing is owed before it is placed
    return ""


@require_safe
@require_permission("view_order")
def order_print(request: StaffRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(Order.objects.for_list().with_lines(), reference=reference)
    context = {"order": order, "lines": order.line_list, "unpriced": price_if_draft(order)}
    return render(request, "orders/print.html", context)


@require_safe
@require_permission("view_order")
def order_print_many(request: StaffRequest) -> HttpResponse:
    """Prints the selected orders, each on a page of its own."""
    chosen = find_references(request.GET.getlist("order"))[:MAX_ROWS]
    found = Order.objects.for_list().with_lines().in_bulk(chosen, field_name="reference")
    orders = [found[reference] for reference in chosen if reference in found]
    context = {
        "sheets": [(order, price_if_draft(order)) for order in orders],
        "missing": [reference for reference in chosen if reference not in found],
    }
    return render(request, "orders/print_many.html", context)

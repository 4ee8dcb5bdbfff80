"""Review and place: the page shows what will be placed, and placing takes nothing else."""

import json
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from shop.errors import Difference, InvalidFields, OrderChanged
from shop.models import MAX_AMOUNT, Order
from shop.services import placing
from shop.services.amounts import sum_of
from shop.services.placing import Seen, SeenLine
from shop.views.conflicts import conflict
from shop.views.requests import StaffRequest, allowed, see_other

CHANGED = "Nothing was placed. This is not as it was on the order:"


@require_safe
@allowed("place_order")
def order_review(request: StaffRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.is_draft:
        return see_other(order)
    return _review(request, order)


def _review(
    request: StaffRequest, order: Order, differences: list[Difference] | None = None, status: int = 200
) -> HttpResponse:
    """The order as it stands, with what differs from what was seen or stands in the way."""
    lines = order.line_list
    problems = placing.problems(lines)
    outcome = placing.as_of_now(lines)
    differences = differences or problems
    context = {
        "order": order,
        "lines": lines,
        "problems": problems,
        "conflict": conflict(request, CHANGED, differences) if differences else None,
        "seen": _write_seen(Seen.of(order, lines)),
        "offered": _write_seen(Seen.of(order, outcome)),
        "offered_total": sum_of(outcome),
    }
    return render(request, "orders/review.html", context, status=status)


@require_POST
@allowed("place_order")
def order_place(request: StaffRequest, reference: str) -> HttpResponse:
    try:
        seen = _read_seen(request.POST.get("seen", ""))
        order = placing.place_order(reference=reference, seen=seen, staff_id=request.user.pk)
    except OrderChanged as changed:
        order = get_object_or_404(Order.objects.for_list(), reference=reference)
        return _review(request, order, changed.differences, status=409)
    messages.success(request, f"{reference} is placed.")
    return see_other(order)


@require_POST
@allowed("change_order")
def order_accept(request: StaffRequest, reference: str) -> HttpResponse:
    """Takes today's prices and what is left in stock, as offered, then shows the review again."""
    seen, offered = (request.POST.get(name) for name in ("seen", "offered"))
    try:
        placing.accept_changes(
            reference=reference,
            seen=_read_seen(seen) if seen else None,
            offered=_read_seen(offered) if offered else None,
            staff_id=request.user.pk,
        )
    except OrderChanged as changed:
        order = get_object_or_404(Order.objects.for_list(), reference=reference)
        return _review(request, order, changed.differences, status=409)
    return see_other("order-review", reference)


def _write_seen(seen: Seen) -> str:
    lines = [[line.line_id, line.quantity, str(line.unit_price), line.name] for line in seen.lines]
    return json.dumps([seen.customer_id, lines])


def _read_seen(text: str) -> Seen:
    """What the review page carried. Raises InvalidFields when it is not a review page's."""
    try:
        customer_id, lines = json.loads(text)
        return Seen(
            customer_id if customer_id is None else _read_id(customer_id),
            tuple(
                SeenLine(int(pk), int(quantity), _read_price(price), str(name))
                for pk, quantity, price, name in lines
            ),
        )
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise InvalidFields({"seen": "Please review the order again before placing it."}) from error


def _read_id(value: object) -> int:
    pk = int(str(value))
    if not 0 < pk < 2**63:
        raise ValueError("not an id")
    return pk


def _read_price(text: str) -> Decimal:
    price = Decimal(text)
    if not 0 <= price <= MAX_AMOUNT:
        raise ValueError("not a price")
    return price

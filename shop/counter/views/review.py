"""The pages on which an order is reviewed, placed and sold. Only what the review showed is placed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from shop.counter import services as counter
from shop.counter.tenders import read_tenders
from shop.db.errors import Difference, InvalidValue
from shop.orders.errors import OrderChanged
from shop.orders.models import Order
from shop.orders.pricing import set_sale_figures
from shop.orders.services import placing
from shop.orders.services.placing import SeenOrder
from shop.orders.views.snapshots import REVIEW, ReviewSnapshot
from shop.payments.models import Payment
from shop.payments.tenders import get_balance
from shop.till.views.choices import get_register_id
from shop.web.conflicts import build_conflict
from shop.web.requests import (
    StaffRequest,
    check_permission,
    make_form_key,
    parse_whole_number,
    read_once,
    require_permission,
    see_other,
)
from shop.web.wording import word_error

CHANGED = "Nothing was placed. This is not as it was on the order:"


@dataclass
class ReviewState:
    """What a review shows besides the order: what has changed, what was typed, and the error's sentence."""

    differences: Sequence[Difference] = ()
    typed: str = ""
    refusal: str = ""


@require_safe
@require_permission("place_order")
def order_review(request: StaffRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.is_draft:
        return see_other(order)
    return _render_review(request, order, ReviewState())


def _render_review(
    request: StaffRequest, order: Order, state: ReviewState, status: int = 200
) -> HttpResponse:
    """Renders the order as it is now, with what has changed and what prevents placing it."""
    lines = order.line_list
    problems = placing.find_problems(lines)
    outcome = placing.build_accepted_lines(lines)
    differences = state.differences or problems
    snapshot = ReviewSnapshot(SeenOrder.from_rows(order, lines), SeenOrder.from_rows(order, outcome))
    # The page shows what would be stored.
    set_sale_figures(order, lines)
    takes_money = request.user.has_perm("shop.add_payment")
    context = {
        "order": order,
        "lines": lines,
        "problems": problems,
        "conflict": build_conflict(request, CHANGED, differences) if differences else None,
        "state": state,
        "snapshot": REVIEW.write(request.user, order.reference, snapshot),
        "offered_total": snapshot.offered.total,
        "register_id": get_register_id(request) if takes_money else None,
        "key": make_form_key(),
    }
    return render(request, "orders/review.html", context, status=status)


@require_POST
@require_permission("place_order")
def order_place(request: StaffRequest, reference: str) -> HttpResponse:
    """Places the order, and takes no money."""
    review = REVIEW.read(request, reference)
    try:
        order = placing.place_order(reference=reference, seen=review.seen, staff_id=request.user.pk)
    except (OrderChanged, InvalidValue) as refusal:
        return _refuse(request, reference, refusal)
    messages.success(request, f"{reference} is placed.")
    return see_other(order)


@require_POST
@require_permission("place_order")
def order_sell(request: StaffRequest, reference: str) -> HttpResponse:
    """Places the order and takes the typed payment; with nothing typed it only places the order."""
    # The buttons have the field's name. The value of the pressed one is sent last, and `get` reads the last.
    typed = request.POST.get("tender", "")
    if not typed.strip():
        return order_place(request, reference)
    check_permission(request, "add_payment")
    review = REVIEW.read(request, reference)
    try:
        order = counter.complete_sale(
            reference=reference,
            seen=review.seen,
            tenders=read_tenders(typed),
            register_id=parse_whole_number(request.POST.get("register")),
            staff_id=request.user.pk,
            once=read_once(request, f"sale of {reference}"),
        )
    except (OrderChanged, InvalidValue) as refusal:
        return _refuse(request, reference, refusal, typed)
    return see_other("order-sold", order.reference)


def _refuse(
    request: StaffRequest, reference: str, refusal: OrderChanged | InvalidValue, typed: str = ""
) -> HttpResponse:
    """Renders the review as it is now, with what was typed and why nothing was stored."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.is_draft:
        return see_other(order)
    state = ReviewState(typed=typed)
    if isinstance(refusal, OrderChanged):
        state.differences = refusal.differences
    else:
        state.refusal = word_error(refusal)
    return _render_review(request, order, state, status=refusal.http_status)


@require_POST
@require_permission("change_order")
def order_accept(request: StaffRequest, reference: str) -> HttpResponse:
    """Changes the draft to today's prices and to what is in stock, as the review offered."""
    review = REVIEW.read(request, reference)
    try:
        placing.accept_changes(
            reference=reference, seen=review.seen, offered=review.offered, staff_id=request.user.pk
        )
    except OrderChanged as refusal:
        return _refuse(request, reference, refusal)
    return see_other("order-review", reference)


@require_safe
@require_permission("view_order")
def order_sold(request: StaffRequest, reference: str) -> HttpResponse:
    """Renders a sale: the change, what was paid, and a link to the receipt."""
    order = get_object_or_404(Order.objects.for_list().placed(), reference=reference)
    if order.balance is None:
        return see_other(order)
    payments = list(order.payments.order_by("id"))
    heading, figure = _choose_heading(order, payments)
    context = {
        "order": order,
        "payments": payments,
        "heading": heading,
        "figure": figure,
        "receipt": order.documents.order_by("id").first(),
    }
    return render(request, "counter/sold.html", context)


def _choose_heading(order: Order, payments: list[Payment]) -> tuple[str, Decimal]:
    """Returns what stands in the largest type: the change, what is to pay or to refund, or what was paid."""
    if change := counter.sum_change(payments):
        return "Change", change
    balance = get_balance(order)
    if balance.refund_due:
        return "To refund", balance.refund_due
    if balance.to_pay:
        return "To pay", balance.to_pay
    is_exchange = bool(payments) and all(payment.pair_id for payment in payments)
    return "Exchanged for" if is_exchange else "Paid", order.total or Decimal(0)

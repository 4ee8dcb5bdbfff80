"""The pages of returns: units that come back, a price that is lowered, an order that is cancelled.

The first form shows what comes back and why. Nothing is stored until the clerk confirms that: what the page
showed comes back as a signed snapshot. The first form of a return is sent by POST, because 500 lines with ids
of 19 digits are too long for an address; a link may fill it in by GET.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from shop.db.errors import ShopError
from shop.money.amounts import format_money
from shop.orders.models import Order
from shop.returns import services as returns
from shop.returns.figures import LinePart, compute_balance_after, sum_parts
from shop.returns.forms import AllowanceForm, ReasonForm, ReturnForm, make_return_values
from shop.returns.snapshots import ALLOWANCE, RETURN, SeenAllowance, SeenReturn
from shop.web.requests import (
    StaffRequest,
    check_permission,
    is_confirmation,
    make_form_key,
    read_form_key,
    read_once,
    require_permission,
    see_other,
)
from shop.web.wording import word_error


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


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("add_return")
def order_return(request: StaffRequest, reference: str) -> HttpResponse:
    """Asks which units come back, shows what they give, and takes them back when that is confirmed."""
    if not is_confirmation(request):
        return _render_return(request, reference, request.POST or request.GET or None)
    seen = RETURN.read(request, reference)
    try:
        made = returns.return_goods(
            reference=reference,
            lines=seen.lines,
            reason=seen.reason,
            restock=seen.restock,
            seen_gross=seen.gross,
            staff_id=request.user.pk,
            once=read_once(request, f"return {reference}"),
        )
    except ShopError as refusal:
        values = make_return_values(seen.lines, seen.reason, restock=seen.restock)
        return _render_return(request, reference, values, refusal)
    messages.success(request, f"Taken back from {reference}: {format_money(made.gross)}.")
    return see_other("order-detail", reference)


def _render_return(
    request: StaffRequest,
    reference: str,
    values: Mapping[str, Any] | None,
    refusal: ShopError | None = None,
) -> HttpResponse:
    """Renders the form; for values that are valid, also what comes back."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.is_sold:
        return _leave(request, order, refusal)
    form = ReturnForm(values, returns.read_sold_lines(order), initial={"restock": True})
    context: dict[str, Any] = {"verb": "Take back"}
    if parts := form.read_parts():
        data, gross = form.cleaned_data, sum_parts(parts).gross
        seen = SeenReturn(tuple(form.read_lines()), data["reason"], data["restock"], gross)
        context |= _describe_preview(request, order, parts, RETURN.write(request.user, reference, seen))
    return _render(request, "returns/goods.html", order, form, context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("add_return")
def order_allowance(request: StaffRequest, reference: str) -> HttpResponse:
    """Asks what is taken off which line, shows what is left of it, and stores it when that is confirmed."""
    if request.method != "POST":
        return _render_allowance(request, reference, request.GET or None)
    seen = ALLOWANCE.read(request, reference)
    try:
        made = returns.grant_allowance(
            line_id=seen.line_id,
            amount=seen.amount,
            reason=seen.reason,
            seen_left=seen.left,
            staff_id=request.user.pk,
            once=read_once(request, f"allowance {reference}"),
        )
    except ShopError as refusal:
        values = {"line": seen.line_id, "amount": seen.amount, "reason": seen.reason}
        return _render_allowance(request, reference, values, refusal)
    messages.success(request, f"{format_money(made.gross)} was taken off {reference}.")
    return see_other("order-detail", reference)


def _render_allowance(
    request: StaffRequest,
    reference: str,
    values: Mapping[str, Any] | None,
    refusal: ShopError | None = None,
) -> HttpResponse:
    """Renders the form; for values that are valid, also what is left of the line."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.is_sold:
        return _leave(request, order, refusal)
    form = AllowanceForm(values, returns.read_sold_lines(order))
    context: dict[str, Any] = {"verb": "Take off"}
    if parts := form.read_parts():
        data, left = form.cleaned_data, parts[0].before.gross_left
        seen = SeenAllowance(data["line"], data["amount"], data["reason"], left)
        context |= _describe_preview(request, order, parts, ALLOWANCE.write(request.user, reference, seen))
    return _render(request, "returns/allowance.html", order, form, context, refusal)


def _leave(request: StaffRequest, order: Order, refusal: ShopError | None) -> HttpResponse:
    """Redirects to an order of which nothing can come back, with the reason if a confirmation was refused."""
    if refusal:
        messages.warning(request, word_error(refusal))
    return see_other(order)


def _describe_preview(
    request: StaffRequest, order: Order, parts: list[LinePart], snapshot: str
) -> dict[str, Any]:
    whole = sum_parts(parts)
    return {
        "parts": parts,
        "whole": whole,
        "balance": compute_balance_after(order, whole.gross),
        "snapshot": snapshot,
        "key": read_form_key(request) or make_form_key(),
    }


def _render(
    request: StaffRequest,
    template: str,
    order: Order,
    form: ReasonForm,
    context: dict[str, Any],
    refusal: ShopError | None,
) -> HttpResponse:
    """Renders a form: as it is, with errors (422), or after somebody else was quicker (409)."""
    context |= {"order": order, "form": form, "refusal": word_error(refusal) if refusal else ""}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, template, context, status=status)

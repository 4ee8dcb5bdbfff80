"""Discounts at the desk: one form, which opens below the lines, for a line or for the whole order."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shop.money.errors import DiscountAboveLimit
from shop.money.pricing import Discount
from shop.orders.errors import DiscountChanged
from shop.orders.forms import DiscountForm
from shop.orders.models import Order, OrderLine
from shop.orders.pricing import read_discount
from shop.orders.services import discounts
from shop.orders.services.discounts import format_discount
from shop.orders.views.desk import (
    DeskState,
    DiscountFields,
    move_focus,
    redirect_to_order,
    render_desk,
    render_step,
    run_step,
)
from shop.orders.views.snapshots import DISCOUNT, make_line_key
from shop.staff.errors import ConfirmationRefused, TooManyAttempts
from shop.staff.views.confirmation import find_confirming_id
from shop.staff.views.sign_in import NAME_LENGTH
from shop.web.requests import StaffRequest, require_permission, see_other
from shop.web.snapshots import FIELD


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("change_order")
def draft_discount(request: StaffRequest, reference: str) -> HttpResponse:
    """Opens the form for the order's own discount, and sets it."""
    return _answer(request, reference, None)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("change_order")
def line_discount(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Opens the form for the discount of a line, and sets it."""
    return _answer(request, reference, pk)


def _answer(request: StaffRequest, reference: str, line_id: int | None) -> HttpResponse:
    if request.method == "POST":
        return _set_discount(request, reference, line_id)
    order = get_object_or_404(Order.objects.for_list().select_related("changed_by"), reference=reference)
    if not order.is_draft:
        return redirect_to_order(request, order)
    line = _find_line(order, line_id)
    if line_id and not line:
        return see_other(order)
    return render_desk(request, order, DeskState(discount=_build_fields(request, order, line)), part="lines")


def _find_line(order: Order, line_id: int | None) -> OrderLine | None:
    return next((line for line in order.line_list if line.pk == line_id), None)


def _build_fields(request: StaffRequest, order: Order, line: OrderLine | None) -> DiscountFields:
    """Returns the form with what is stored now."""
    row = line or order
    seen = read_discount(row)
    url = reverse("draft-discount", args=[order.reference])
    if line:
        url = reverse("line-discount", args=[order.reference, line.pk])
    snapshot = DISCOUNT.write(request.user, _name_row(order.reference, line.pk if line else None), seen)
    return DiscountFields(url, snapshot, line, format_discount(seen), row.discount_reason)


def _name_row(reference: str, line_id: int | None) -> str:
    return make_line_key(reference, line_id) if line_id else reference


def _set_discount(request: StaffRequest, reference: str, line_id: int | None) -> HttpResponse:
    """Sets what was typed; a manager's name and password that came with it are checked first."""
    form, row = DiscountForm(request.POST), _name_row(reference, line_id)
    seen = DISCOUNT.read(request, row)
    fields = _read_fields(request, reference, line_id)
    state = DeskState(discount=fields)
    if not form.is_valid():
        fields.bad_field = next(iter(form.errors))
        state.notice = state.announcement = form.first_sentence
        return render_step(request, reference, state, part="lines", status=422)
    state.announcement = "Discount saved."

    def save() -> Order:
        try:
            return _save(request, reference, line_id, seen, form.cleaned_data)
        except (DiscountAboveLimit, ConfirmationRefused, TooManyAttempts):
            fields.is_above_limit = True
            raise
        except DiscountChanged as refusal:
            # Whoever sends it again has read the notice.
            fields.snapshot = DISCOUNT.write(request.user, row, refusal.now)
            raise

    return move_focus(run_step(request, reference, "lines", save, state), "add-text")


def _read_fields(request: StaffRequest, reference: str, line_id: int | None) -> DiscountFields:
    """Returns the form as it was typed, for an answer that shows it again."""
    order = get_object_or_404(Order, reference=reference)
    fields = _build_fields(request, order, _find_line(order, line_id))
    fields.snapshot = request.POST.get(FIELD, "")
    fields.text, fields.reason = request.POST.get("discount", "")[:20], request.POST.get("reason", "")[:200]
    fields.manager = request.POST.get("manager", "")[:NAME_LENGTH]
    fields.is_above_limit = "manager" in request.POST
    return fields


def _save(
    request: StaffRequest, reference: str, line_id: int | None, seen: Discount, data: dict[str, Any]
) -> Order:
    values = {
        "reference": reference,
        "discount": data["discount"],
        "reason": data["reason"],
        "seen": seen,
        "confirmed_by_id": find_confirming_id(request, data, permission="exceed_discount_limit"),
        "staff_id": request.user.pk,
    }
    if line_id is None:
        return discounts.set_order_discount(**values)
    return discounts.set_line_discount(line_id=line_id, **values)

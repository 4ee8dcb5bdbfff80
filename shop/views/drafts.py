"""The desk's steps: each changes one thing of a draft, and is saved when it is made."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from shop.forms.base import mark_invalid
from shop.forms.desk import AddLineForm, NewCustomerForm, NoteForm, QuantityForm
from shop.models import Order
from shop.services import drafts
from shop.views.desk import DeskState, again, customers_state, focus, products_state, step
from shop.views.requests import StaffRequest, allowed, form_key, once, require, see_other, whole_number


@require_POST
@allowed("change_order")
def line_add(request: StaffRequest, reference: str) -> HttpResponse:
    """Resolves the raw text: one match is added, several are offered, none is said."""
    form = AddLineForm(request.POST)
    if not form.is_valid():
        state = DeskState(add_text=request.POST.get("text", ""), add_error=form.first_sentence)
        return again(request, reference, state, part="lines", status=422)
    state = products_state(form)
    if len(state.products) != 1:
        status, query = 422 if state.add_error else 200, urlencode({"add": state.add_text})
        return again(request, reference, state, part="lines", status=status, query=query)
    product = state.products[0]

    def add(order: Order) -> Order:
        return drafts.add_line(
            order_id=order.pk,
            product_id=product.pk,
            quantity=form.cleaned_data["quantity"],
            key=form_key(request),
        )

    say = f"{form.cleaned_data['quantity']} × {product.name} added."
    return step(request, reference, "lines", add, DeskState(add_text=state.add_text, say=say))


@require_POST
@allowed("change_order")
def line_update(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Sets a line's quantity; 0 removes it and offers to undo that."""
    form = QuantityForm(request.POST)
    if not form.is_valid():
        state = DeskState(notice=form.first_sentence, say=form.first_sentence)
        return again(request, reference, state, part="lines", status=422)
    order = get_object_or_404(Order, reference=reference)
    line = next((line for line in order.lines.select_related("product") if line.pk == pk), None)
    quantity = form.cleaned_data["quantity"]
    state, query = DeskState(say="Saved."), ""
    if quantity == 0 and line:
        state = DeskState(
            undo={"product": line.product, "quantity": line.quantity}, say=f"{line.name} removed."
        )
        query = f"?undo={line.product_id}.{line.quantity}"

    def update(order: Order) -> Order:
        return drafts.set_quantity(order_id=order.pk, line_id=pk, **form.cleaned_data)

    return step(request, reference, "lines", update, state, query)


@require_POST
@allowed("change_order")
def draft_customer(request: StaffRequest, reference: str) -> HttpResponse:
    """Sets the customer from typed text or a choice; nothing typed is a walk-in."""
    text = request.POST.get("text", "").strip()[:200]
    chosen = whole_number(request.POST.get("customer")) or None
    if text and not chosen:
        state = customers_state(text)
        if len(state.customers) != 1:
            query = urlencode({"customer": text})
            return again(request, reference, state, part="customer", query=query)
        chosen = state.customers[0].pk

    def choose(order: Order) -> Order:
        return drafts.set_customer(
            order_id=order.pk, customer_id=chosen, seen_customer_id=_seen_customer(request)
        )

    state = DeskState(customer_text=text, say="Customer set." if chosen else "No customer: a walk-in.")
    response = step(request, reference, "customer", choose, state)
    return focus(response, "customer-text" if "clear" in request.POST else "add-text")


def _seen_customer(request: StaffRequest) -> int | None:
    return whole_number(request.POST.get("seen_customer")) or None


@require_POST
@allowed("change_order")
def draft_customer_create(request: StaffRequest, reference: str) -> HttpResponse:
    """Makes a customer from what was typed at the desk."""
    require(request, "add_customer")
    form = NewCustomerForm(request.POST)
    if not form.is_valid():
        mark_invalid(form)
        return again(request, reference, DeskState(new_customer=form), part="customer", status=422)

    def create(order: Order) -> Order:
        return drafts.create_customer(
            order_id=order.pk,
            seen_customer_id=_seen_customer(request),
            once=once(request, f"customer for {reference}"),
            **form.cleaned_data,
        )

    state = DeskState(new_customer=form, say=f"{form.cleaned_data['name']} was created.")
    return focus(step(request, reference, "customer", create, state), "add-text")


@require_POST
@allowed("change_order")
def draft_note(request: StaffRequest, reference: str) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        state = DeskState(note=request.POST.get("note", ""), notice=form.first_sentence)
        return again(request, reference, state, part="note", status=422)

    def write(order: Order) -> Order:
        return drafts.set_note(order_id=order.pk, **form.cleaned_data)

    state = DeskState(note=form.cleaned_data["note"], say="Note saved.")
    return step(request, reference, "note", write, state)


@require_POST
@allowed("change_order")
def draft_park(request: StaffRequest, reference: str) -> HttpResponse:
    """Puts the draft aside and goes home, where it waits."""
    order = get_object_or_404(Order, reference=reference)
    drafts.park_draft(order_id=order.pk)
    messages.success(request, f"{reference} is parked. It waits under open drafts.")
    return see_other("home")


@require_POST
@allowed("change_order")
def draft_discard(request: StaffRequest, reference: str) -> HttpResponse:
    order = get_object_or_404(Order, reference=reference)
    drafts.discard_draft(order_id=order.pk, staff_id=request.user.pk)
    messages.success(request, f"{reference} was discarded.")
    return see_other(order)


@require_POST
@allowed("change_order")
def draft_reopen(request: StaffRequest, reference: str) -> HttpResponse:
    """Brings a discarded draft back to the desk."""
    order = get_object_or_404(Order, reference=reference)
    drafts.reopen_draft(order_id=order.pk, staff_id=request.user.pk)
    return see_other(order)

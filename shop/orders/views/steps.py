"""The desk's steps. Each changes one thing of a draft and is saved at once."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from shop.money.pricing import NO_DISCOUNT
from shop.orders.errors import NotOneMatch
from shop.orders.forms import AddLineForm, NewCustomerForm, NoteForm, QuantityForm
from shop.orders.models import Order
from shop.orders.pricing import read_discount
from shop.orders.services import drafts
from shop.orders.views.desk import (
    DIFFERS,
    ConflictButtons,
    DeskState,
    build_choices,
    build_customer_choices,
    move_focus,
    redirect_to_order,
    render_step,
    run_step,
)
from shop.orders.views.snapshots import CUSTOMER, LINE, NOTE, LineSnapshot, make_line_key
from shop.web.forms import focus_first_error
from shop.web.requests import (
    StaffRequest,
    check_permission,
    parse_whole_number,
    read_form_key,
    read_once,
    require_permission,
    see_other,
)

#: Characters of a refused quantity that its field shows again.
MAX_QUANTITY_TEXT = 20


@require_POST
@require_permission("change_order")
def line_add(request: StaffRequest, reference: str) -> HttpResponse:
    """Adds the product that the text matches, or opens the placed order whose reference it is."""
    form = AddLineForm(request.POST)
    if not form.is_valid():
        state = DeskState(add_text=request.POST.get("text", ""))
        state.add_error = state.announcement = form.first_sentence
        return render_step(request, reference, state, part="lines", status=422)
    data, key = form.cleaned_data, read_form_key(request)
    if named := Order.objects.find_placed(data["text"]):
        return redirect_to_order(request, named)
    state = DeskState(add_text=data["text"])

    def add() -> Order:
        order = drafts.add_line(
            reference=reference,
            product_id=data["product"],
            words=data["words"],
            quantity=data["quantity"],
            key=key,
            staff_id=request.user.pk,
        )
        state.announcement = _word_added_line(order, data["quantity"], key)
        return order

    try:
        return run_step(request, reference, "lines", add, state)
    except NotOneMatch as unclear:
        return _render_choices(request, reference, build_choices(form, unclear))


def _render_choices(request: StaffRequest, reference: str, state: DeskState) -> HttpResponse:
    """Shows the choices for several matches, an error for none."""
    status, query = 200 if state.products else 422, urlencode({"add": state.add_text})
    return render_step(request, reference, state, part="lines", status=status, query=query)


def _word_added_line(order: Order, quantity: int, key: str) -> str:
    product_id = dict(order.additions).get(key)
    name = next((line.name for line in order.line_list if line.product_id == product_id), "")
    return f"{quantity} × {name} added." if name else "Added."


@require_POST
@require_permission("change_order")
def line_update(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Sets a line's quantity; 0 removes the line and shows an Undo button."""
    form = QuantityForm(request.POST)
    if not form.is_valid():
        state = DeskState(bad_line=pk, bad_quantity=request.POST.get("quantity", "")[:MAX_QUANTITY_TEXT])
        state.notice = state.announcement = form.first_sentence
        return render_step(request, reference, state, part="lines", status=422)
    quantity, row = form.cleaned_data["quantity"], make_line_key(reference, pk)
    seen = LINE.read(request, row)

    def write(now: int) -> str:
        return LINE.write(request.user, row, LineSnapshot(now, seen.product_id))

    state, query = DeskState(announcement="Saved."), ""
    state.buttons = ConflictButtons(request.path, "quantity", write, quantity)
    if quantity == 0:
        query = _offer_undo(state, reference, pk)

    def update() -> Order:
        return drafts.set_quantity(
            reference=reference,
            line_id=pk,
            quantity=quantity,
            seen_quantity=seen.quantity,
            product_id=seen.product_id,
            staff_id=request.user.pk,
        )

    return run_step(request, reference, "lines", update, state, query)


def _offer_undo(state: DeskState, reference: str, line_id: int) -> str:
    """Offers to bring back a line that is being removed; returns the query that keeps the offer."""
    lines = get_object_or_404(Order, reference=reference).line_list
    line = next((line for line in lines if line.pk == line_id), None)
    if line is None:
        return ""
    state.undo, state.announcement = line, f"{line.name} removed."
    has_discount = read_discount(line) != NO_DISCOUNT
    state.undo_differs = has_discount or line.unit_price != line.product.unit_price
    return f"?undo={line.product_id}.{line.quantity}" + (f".{DIFFERS}" if state.undo_differs else "")


@require_POST
@require_permission("change_order")
def draft_customer(request: StaffRequest, reference: str) -> HttpResponse:
    """Sets the customer from typed text or a choice; empty text makes it a walk-in."""
    text = request.POST.get("text", "").strip()[:200]
    chosen = parse_whole_number(request.POST.get("customer")) or None
    if text and not chosen:
        check_permission(request, "view_customer")
        state = build_customer_choices(text)
        if len(state.customers) != 1:
            query = urlencode({"customer": text})
            return render_step(request, reference, state, part="customer", query=query)
        chosen = state.customers[0].pk
    seen = CUSTOMER.read(request, reference)

    def choose() -> Order:
        return drafts.set_customer(
            reference=reference,
            customer_id=chosen,
            seen_customer_id=seen,
            staff_id=request.user.pk,
        )

    state = DeskState(
        customer_text=text, announcement="Customer set." if chosen else "No customer: a walk-in."
    )
    state.buttons = ConflictButtons(
        request.path, "customer", _make_customer_writer(request, reference), chosen or ""
    )
    response = run_step(request, reference, "customer", choose, state)
    return move_focus(response, "customer-text" if "clear" in request.POST else "add-text")


def _make_customer_writer(request: StaffRequest, reference: str) -> Callable[[int | None], str]:
    return partial(CUSTOMER.write, request.user, reference)


@require_POST
@require_permission("change_order")
def draft_customer_create(request: StaffRequest, reference: str) -> HttpResponse:
    """Makes a customer from what was typed at the desk."""
    check_permission(request, "add_customer")
    form, seen = NewCustomerForm(request.POST), CUSTOMER.read(request, reference)
    if not form.is_valid():
        focus_first_error(form)
        state = DeskState(new_customer=form, announcement=form.first_sentence)
        state.customer_snapshot = CUSTOMER.write(request.user, reference, seen)
        return render_step(request, reference, state, part="customer", status=422)

    def create() -> Order:
        return drafts.set_new_customer(
            reference=reference,
            seen_customer_id=seen,
            staff_id=request.user.pk,
            once=read_once(request, f"customer for {reference}"),
            **form.cleaned_data,
        )

    state = DeskState(new_customer=form, announcement=f"{form.cleaned_data['name']} was created.")
    url, write = reverse("draft-customer", args=[reference]), _make_customer_writer(request, reference)
    state.buttons = ConflictButtons(url, "customer", write, form="new-customer")
    return move_focus(run_step(request, reference, "customer", create, state), "add-text")


@require_POST
@require_permission("change_order")
def draft_note(request: StaffRequest, reference: str) -> HttpResponse:
    form, seen = NoteForm(request.POST), NOTE.read(request, reference)
    if not form.is_valid():
        state = DeskState(note=request.POST.get("note", ""))
        state.note_snapshot = NOTE.write(request.user, reference, seen)
        state.notice = state.announcement = form.first_sentence
        return render_step(request, reference, state, part="note", status=422)
    note = form.cleaned_data["note"]

    def change() -> Order:
        return drafts.set_note(reference=reference, note=note, seen_note=seen, staff_id=request.user.pk)

    buttons = ConflictButtons(request.path, "note", partial(NOTE.write, request.user, reference), note)
    return run_step(
        request, reference, "note", change, DeskState(note=note, announcement="Note saved.", buttons=buttons)
    )


@require_POST
@require_permission("change_order")
def draft_park(request: StaffRequest, reference: str) -> HttpResponse:
    """Parks the draft and goes to the home page, which lists it."""
    drafts.park_draft(reference=reference, staff_id=request.user.pk)
    messages.success(request, f"{reference} is parked. It waits under open drafts.")
    return see_other("home")


@require_POST
@require_permission("change_order")
def draft_discard(request: StaffRequest, reference: str) -> HttpResponse:
    order = drafts.discard_draft(reference=reference, staff_id=request.user.pk)
    messages.success(request, f"{reference} was discarded.")
    return see_other(order)


@require_POST
@require_permission("change_order")
def draft_reopen(request: StaffRequest, reference: str) -> HttpResponse:
    """Brings a discarded draft back to the desk."""
    return see_other(drafts.reopen_draft(reference=reference, staff_id=request.user.pk))

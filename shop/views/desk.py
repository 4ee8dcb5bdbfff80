"""The desk: a draft, changed step by step. Each step is saved when it is made.

Every step has one address. With htmx it answers with the part of the page that changed; without,
it redirects to the desk, whose query string says what to show (choices, an undo).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from shop.errors import InvalidFields, NotFound, OrderError, ShopError, Stale
from shop.forms.desk import AddLineForm, NewCustomerForm, NoteForm, QuantityForm
from shop.models import Customer, Order, Product
from shop.services import drafts
from shop.views.requests import (
    StaffRequest,
    allowed,
    new_key,
    once,
    see_other,
    whole_number,
)

#: Matches shown to choose from; more than that wants another word.
MAX_CHOICES = 8


@dataclass
class DeskState:
    """What the desk shows besides the order itself."""

    add_text: str = ""
    add_error: str = ""
    add_quantity: int = 1
    products: list[Product] = field(default_factory=list)
    customer_text: str = ""
    customers: list[Customer] = field(default_factory=list)
    new_customer: NewCustomerForm | None = None
    undo: dict[str, Any] | None = None
    notice: str = ""
    note: str | None = None
    say: str = ""


def desk(
    request: StaffRequest,
    order: Order,
    state: DeskState | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole desk, or for htmx the `part` of it that changed."""
    if state is None:
        state = _state_of(request, order)
    lines = list(order.lines.select_related("product"))
    context = {"order": order, "lines": lines, "state": state, "key": new_key(), "part": part}
    template = f"orders/desk.html#{part}" if part and request.htmx else "orders/desk.html"
    return render(request, template, context, status=status)


def _state_of(request: StaffRequest, order: Order) -> DeskState:
    """What the query string asks the desk to show."""
    state = DeskState()
    if "add" in request.GET:
        form = AddLineForm({"text": request.GET["add"]})
        if form.is_valid():
            state = _products_state(form)
    if "customer" in request.GET:
        state = _customers_state(request.GET["customer"][:200])
    undo, _, quantity = request.GET.get("undo", "").partition(".")
    product = Product.objects.find(whole_number(undo))
    if product:
        state.undo = {"product": product, "quantity": whole_number(quantity, 1)}
    return state


def _step(
    request: StaffRequest,
    reference: str,
    part: str,
    change: Callable[[Order], Order],
    state: DeskState,
    query: str = "",
) -> HttpResponse:
    """Makes one change and shows its part of the desk; `state` keeps what was typed if it is refused."""
    order = get_object_or_404(Order, reference=reference)
    try:
        order = change(order)
    except OrderError as refusal:
        messages.warning(request, refusal.detail)
        return _leave(request, order)
    except (InvalidFields, Stale, NotFound) as refusal:
        return _refused(request, reference, part, refusal, state)
    if request.htmx:
        return desk(request, order, DeskState(undo=state.undo, say=state.say), part=part)
    return see_other(f"{order.get_absolute_url()}{query}")


def _refused(
    request: StaffRequest, reference: str, part: str, refusal: ShopError, state: DeskState
) -> HttpResponse:
    order = get_object_or_404(Order, reference=reference)
    state.notice = state.say = refusal.detail
    state.undo = None
    return desk(request, order, state, part=part, status=refusal.status)


def _leave(request: StaffRequest, order: Order) -> HttpResponse:
    """To the order's own page: it is a draft no more."""
    if request.htmx:
        return HttpResponseClientRedirect(order.get_absolute_url())
    return see_other(order)


@require_POST
@allowed("change_order")
def line_add(request: StaffRequest, reference: str) -> HttpResponse:
    """Resolves the raw text: one match is added, several are offered, none is said."""
    form = AddLineForm(request.POST)
    if not form.is_valid():
        state = DeskState(add_text=request.POST.get("text", ""), add_error=form.first_sentence)
        return _unresolved(request, reference, state, 422)
    state = _products_state(form)
    if len(state.products) != 1:
        return _unresolved(request, reference, state, 422 if state.add_error else 200)
    product = state.products[0]

    def add(order: Order) -> Order:
        return drafts.add_line(
            order_id=order.pk,
            product_id=product.pk,
            quantity=form.cleaned_data["quantity"],
            key=request.POST.get("key", "")[:64],
        )

    say = f"{form.cleaned_data['quantity']} × {product.name} added."
    return _step(request, reference, "lines", add, DeskState(add_text=state.add_text, say=say))


def _products_state(form: AddLineForm) -> DeskState:
    """The products that the typed text, or the chosen button, stands for."""
    data = form.cleaned_data
    state = DeskState(add_text=data["text"], add_quantity=data["quantity"])
    if data["product"]:
        chosen = Product.objects.find(data["product"])
        state.products = [chosen] if chosen else []
    else:
        state.products = Product.objects.resolve(data["words"], MAX_CHOICES + 1)
    if not state.products:
        state.add_error = f"Nothing is called “{data['words']}”."
    state.say = state.add_error or f"{len(state.products)} products match. Choose one."
    return state


def _unresolved(request: StaffRequest, reference: str, state: DeskState, status: int) -> HttpResponse:
    order = get_object_or_404(Order, reference=reference)
    if not order.is_draft:
        return _leave(request, order)
    if request.htmx or status != 200:
        return desk(request, order, state, part="lines", status=status)
    return see_other(f"{order.get_absolute_url()}?{urlencode({'add': state.add_text})}")


@require_POST
@allowed("change_order")
def line_update(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Sets a line's quantity; 0 removes it and offers to undo that."""
    form = QuantityForm(request.POST)
    if not form.is_valid():
        order = get_object_or_404(Order, reference=reference)
        state = DeskState(notice=form.first_sentence, say=form.first_sentence)
        return desk(request, order, state, part="lines", status=422)
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

    return _step(request, reference, "lines", update, state, query)


@require_POST
@allowed("change_order")
def draft_customer(request: StaffRequest, reference: str) -> HttpResponse:
    """Sets the customer from typed text or a choice; nothing typed is a walk-in."""
    text = request.POST.get("text", "").strip()[:200]
    chosen = whole_number(request.POST.get("customer")) or None
    if text and not chosen:
        state = _customers_state(text)
        if len(state.customers) != 1:
            order = get_object_or_404(Order, reference=reference)
            if request.htmx:
                return desk(request, order, state, part="customer")
            return see_other(f"{order.get_absolute_url()}?{urlencode({'customer': text})}")
        chosen = state.customers[0].pk

    def choose(order: Order) -> Order:
        return drafts.set_customer(
            order_id=order.pk, customer_id=chosen, seen_customer_id=_seen_customer(request)
        )

    state = DeskState(customer_text=text, say="Customer set." if chosen else "No customer: a walk-in.")
    response = _step(request, reference, "customer", choose, state)
    focus = "customer-text" if "clear" in request.POST else "add-text"
    return trigger_client_event(response, "shop:focus", {"id": focus}, after="settle")


def _seen_customer(request: StaffRequest) -> int | None:
    return whole_number(request.POST.get("seen_customer")) or None


def _customers_state(text: str) -> DeskState:
    """The customers that the typed text stands for, or a form to make one from it."""
    state = DeskState(customer_text=text)
    state.customers = list(Customer.objects.active().search(text).by_name()[: MAX_CHOICES + 1])
    if not state.customers:
        state.new_customer = NewCustomerForm.from_typed(text)
        state.say = "No customer found. Create one?"
    else:
        state.say = f"{len(state.customers)} customers match. Choose one."
    return state


@require_POST
@allowed("change_order")
def draft_customer_create(request: StaffRequest, reference: str) -> HttpResponse:
    """Makes a customer from what was typed at the desk."""
    form = NewCustomerForm(request.POST)
    if not form.is_valid() or not request.user.has_perm("shop.add_customer"):
        order = get_object_or_404(Order, reference=reference)
        return desk(request, order, DeskState(new_customer=form), part="customer", status=422)

    def create(order: Order) -> Order:
        return drafts.create_customer(
            order_id=order.pk,
            seen_customer_id=_seen_customer(request),
            once=once(request, f"customer for {reference}"),
            **form.cleaned_data,
        )

    state = DeskState(new_customer=form, say=f"{form.cleaned_data['name']} was created.")
    response = _step(request, reference, "customer", create, state)
    return trigger_client_event(response, "shop:focus", {"id": "add-text"}, after="settle")


@require_POST
@allowed("change_order")
def draft_note(request: StaffRequest, reference: str) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        order = get_object_or_404(Order, reference=reference)
        state = DeskState(note=request.POST.get("note", ""), notice=form.first_sentence)
        return desk(request, order, state, part="note", status=422)

    def write(order: Order) -> Order:
        return drafts.set_note(order_id=order.pk, **form.cleaned_data)

    state = DeskState(note=form.cleaned_data["note"], say="Note saved.")
    return _step(request, reference, "note", write, state)


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

"""The desk: a draft, changed step by step. Each step is saved when it is made.

Every step has one address. With htmx it answers with the part of the page that changed; without,
it redirects to the desk, whose query string says what to show (choices, an undo).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from shop.customers.models import Customer
from shop.db.errors import InvalidValue, NotFound, ShopError, Stale
from shop.orders.errors import NotOneMatch, OrderError
from shop.orders.forms import AddLineForm, NewCustomerForm
from shop.orders.models import Order, OrderLine
from shop.orders.services.drafts import MAX_CHOICES
from shop.orders.views.fingerprints import DeskFingerprints
from shop.products.models import Product
from shop.web.conflicts import Conflict, build_conflict
from shop.web.requests import StaffRequest, make_form_key, parse_whole_number, see_other
from shop.web.wording import word_error


@dataclass
class ConflictButtons:
    """What a conflict's panel offers: to leave a step's field as it is now, or to have it one's own way."""

    url: str
    field: str
    #: Writes the snapshot of a value that is there now.
    write: Callable[[Any], str]
    mine: object = ""
    now: object = ""
    #: The snapshot of who saw what is there now.
    snapshot: str = ""
    #: The form on the page that has it one's own way, where more than one field is needed.
    form: str = ""


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
    #: The line whose quantity was refused.
    bad_line: int = 0
    #: A line that was removed: its product and quantity.
    undo: OrderLine | None = None
    notice: str = ""
    conflict: Conflict | None = None
    buttons: ConflictButtons | None = None
    note: str | None = None
    #: Snapshots of what the clerk saw, where what was typed still stands in a form that is to be mended.
    customer_snapshot: str = ""
    note_snapshot: str = ""
    announcement: str = ""


def render_desk(
    request: StaffRequest,
    order: Order,
    state: DeskState | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole desk, or for htmx the `part` of it that changed."""
    if state is None:
        state = _build_state_from_query(request, order)
    template, known = "orders/desk.html", ""
    if part and request.htmx:
        template, known = f"orders/desk.html#{part}", request.POST.get("rows", "")
    shown = DeskFingerprints(order, request.user, frozenset(known.split()))
    context = {"order": order, "state": state, "key": make_form_key(), "part": part, "shown": shown}
    return render(request, template, context, status=status)


def _build_state_from_query(request: StaffRequest, order: Order) -> DeskState:
    """What the query string asks the desk to show."""
    state = DeskState()
    if "add" in request.GET:
        form = AddLineForm({"text": request.GET["add"]})
        if form.is_valid():
            words = form.cleaned_data["words"]
            matches = Product.objects.find_matches(words, MAX_CHOICES + 1)
            state = build_choices(form, NotOneMatch(words, matches))
    if "customer" in request.GET:
        state = build_customer_choices(request.GET["customer"][:200])
    undo, _, quantity = request.GET.get("undo", "").partition(".")
    product = Product.objects.find(parse_whole_number(undo)) if undo else None
    if product:
        state.undo = OrderLine(product=product, quantity=parse_whole_number(quantity, 1))
    return state


def run_step(
    request: StaffRequest,
    reference: str,
    part: str,
    change: Callable[[], Order],
    state: DeskState,
    query: str = "",
) -> HttpResponse:
    """Makes one change and shows its part of the desk; `state` keeps what was typed if it is refused."""
    try:
        order = change()
    except OrderError as refusal:
        messages.warning(request, word_error(refusal))
        return redirect_to_order(request, get_object_or_404(Order, reference=reference))
    except (InvalidValue, Stale, NotFound) as refusal:
        return _render_refusal(request, reference, part, refusal, state)
    if not order.is_draft:
        return redirect_to_order(request, order)
    if request.htmx:
        return render_desk(
            request, order, DeskState(undo=state.undo, announcement=state.announcement), part=part
        )
    return see_other(f"{order.get_absolute_url()}{query}")


def _render_refusal(
    request: StaffRequest, reference: str, part: str, refusal: ShopError, state: DeskState
) -> HttpResponse:
    order = get_object_or_404(Order, reference=reference)
    state.undo = None
    if isinstance(refusal, Stale) and state.buttons:
        state.conflict = build_conflict(request, word_error(refusal), refusal.differences)
        state.buttons.now = "" if refusal.now is None else refusal.now
        state.buttons.snapshot = state.buttons.write(refusal.now)
        state.announcement = state.conflict.spoken_text
    else:
        state.notice = state.announcement = word_error(refusal)
    return render_desk(request, order, state, part=part, status=refusal.http_status)


def render_step(
    request: StaffRequest,
    reference: str,
    state: DeskState,
    *,
    part: str,
    status: int = 200,
    query: str = "",
) -> HttpResponse:
    """The desk with what the clerk has to mend (422), or to choose: that has an address, with `query`."""
    order = get_object_or_404(Order, reference=reference)
    if not order.is_draft:
        return redirect_to_order(request, order)
    if request.htmx or status != 200:
        return render_desk(request, order, state, part=part, status=status)
    return see_other(f"{order.get_absolute_url()}?{query}")


def move_focus(response: HttpResponse, field: str) -> HttpResponse:
    """Moves the focus on once a step is done; a refused one keeps it where it is to be mended."""
    if response.status_code >= 400:
        return response
    return trigger_client_event(response, "shop:focus", {"id": field}, after="settle")


def redirect_to_order(request: StaffRequest, order: Order) -> HttpResponse:
    """To the order's own page: it is a draft no more."""
    if request.htmx:
        return HttpResponseClientRedirect(order.get_absolute_url())
    return see_other(order)


def build_choices(form: AddLineForm, unclear: NotOneMatch) -> DeskState:
    """The products to choose from, or that there are none."""
    data = form.cleaned_data
    state = DeskState(add_text=data["text"], add_quantity=data["quantity"])
    state.products, state.announcement = list(unclear.matches), word_error(unclear)
    state.add_error = "" if unclear.matches else state.announcement
    return state


def build_customer_choices(text: str) -> DeskState:
    """The customers that the typed text stands for, or a form to make one from it."""
    state = DeskState(customer_text=text)
    state.customers = Customer.objects.active().choices(text, MAX_CHOICES + 1)
    if not state.customers:
        state.new_customer = NewCustomerForm.from_typed(text)
        state.announcement = "No customer found. Create one?"
    else:
        state.announcement = f"{len(state.customers)} customers match. Choose one."
    return state

"""The desk: a draft, changed step by step. Each step is saved at once.

Every step has one address. A request of htmx gets the part of the page that changed; any other request
gets a redirect to the desk, and the query string says what to show there (choices, an undo).
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
from shop.orders.services.draft_products import MAX_CHOICES
from shop.orders.views.shown_draft import ShownDraft
from shop.orders.wording import format_match_count
from shop.products.models import Product
from shop.web.conflicts import Conflict, build_conflict
from shop.web.requests import StaffRequest, make_form_key, parse_whole_number, see_other
from shop.web.wording import word_error

#: The last part of `?undo=PRODUCT.QUANTITY.DIFFERS`, see `DeskState.undo_differs`.
DIFFERS = "1"


@dataclass
class ConflictButtons:
    """The two buttons of a conflict: accept the value that is there now, or keep one's own value."""

    url: str
    field: str
    #: Writes the snapshot for the value that is there now.
    write: Callable[[Any], str]
    mine: object = ""
    now: object = ""
    #: The snapshot of a user who saw the value that is there now.
    snapshot: str = ""
    #: The id of the form that keeps one's own values, where there is more than one field.
    form: str = ""


@dataclass
class DiscountFields:
    """The form for the discount of a line, or of the order (no line), as it was typed."""

    url: str
    snapshot: str
    line: OrderLine | None = None
    text: str = ""
    reason: str = ""
    manager: str = ""
    #: Whether a manager has to confirm it.
    is_above_limit: bool = False
    #: The field that was refused, which gets the focus.
    bad_field: str = ""

    @property
    def focused(self) -> str:
        return self.bad_field or ("manager" if self.is_above_limit else "discount")


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
    #: The line whose quantity was refused, and what was typed for it, which its field keeps.
    bad_line: int = 0
    bad_quantity: str = ""
    #: Typed words that match no product, from which one can be made.
    unknown_words: str = ""
    #: A line that was removed: its product and quantity.
    undo: OrderLine | None = None
    #: Whether the removed line had another price or a discount, which do not come back.
    undo_differs: bool = False
    notice: str = ""
    conflict: Conflict | None = None
    buttons: ConflictButtons | None = None
    note: str | None = None
    #: The form for a discount, when it is open.
    discount: DiscountFields | None = None
    #: Snapshots of what the clerk saw, for a form that is shown again with errors.
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
    """Renders the whole desk or, for htmx, the `part` of it that changed."""
    if state is None:
        state = _build_state_from_query(request, order)
    template, known = "orders/desk.html", ""
    if part and request.htmx:
        template, known = f"orders/desk.html#{part}", request.POST.get("rows", "")
    shown = ShownDraft(order, request.user, frozenset(known.split()))
    context = {"order": order, "state": state, "key": make_form_key(), "part": part, "shown": shown}
    return render(request, template, context, status=status)


def _build_state_from_query(request: StaffRequest, order: Order) -> DeskState:
    """Returns the state that the query string describes."""
    state = DeskState()
    if "add" in request.GET:
        form = AddLineForm({"text": request.GET["add"]})
        if form.is_valid():
            words = form.cleaned_data["words"]
            matches = Product.objects.find_matches(words, MAX_CHOICES + 1)
            state = build_choices(form, NotOneMatch(words, matches))
    if "customer" in request.GET and request.user.has_perm("shop.view_customer"):
        state = build_customer_choices(request.GET["customer"][:200])
    undo, quantity, differs, *_ = [*request.GET.get("undo", "").split(".", 3), "", "", ""]
    product = Product.objects.find(parse_whole_number(undo)) if undo else None
    if product:
        state.undo = OrderLine(product=product, quantity=parse_whole_number(quantity, 1))
        state.undo_differs = differs == DIFFERS
    return state


def run_step(
    request: StaffRequest,
    reference: str,
    part: str,
    change: Callable[[], Order],
    state: DeskState,
    query: str = "",
) -> HttpResponse:
    """Makes one change and renders its part of the desk. If it is refused, `state` holds what was typed."""
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
            request,
            order,
            DeskState(undo=state.undo, undo_differs=state.undo_differs, announcement=state.announcement),
            part=part,
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
    """Renders the desk with an error (422) or with choices, which also have an address: `query`."""
    order = get_object_or_404(Order, reference=reference)
    if not order.is_draft:
        return redirect_to_order(request, order)
    if request.htmx or status != 200:
        return render_desk(request, order, state, part=part, status=status)
    return see_other(f"{order.get_absolute_url()}?{query}")


def move_focus(response: HttpResponse, field: str) -> HttpResponse:
    """Moves the focus to `field` after a step that was done; after an error it stays on the wrong field."""
    if response.status_code >= 400:
        return response
    return trigger_client_event(response, "shop:focus", {"id": field}, after="settle")


def redirect_to_order(request: StaffRequest, order: Order) -> HttpResponse:
    """Redirects to an order's page: the draft that is none any more, or one whose reference was scanned."""
    if request.htmx:
        return HttpResponseClientRedirect(order.get_absolute_url())
    return see_other(order)


def build_choices(form: AddLineForm, unclear: NotOneMatch) -> DeskState:
    """Returns the state with the products to choose from, or with the error that there are none."""
    data = form.cleaned_data
    state = DeskState(add_text=data["text"], add_quantity=data["quantity"])
    state.products, state.announcement = list(unclear.matches), word_error(unclear)
    if not unclear.matches:
        state.add_error, state.unknown_words = state.announcement, unclear.typed
    return state


def build_customer_choices(text: str) -> DeskState:
    """Returns the state with the customers that match the text, or with a form to make a new one."""
    state = DeskState(customer_text=text)
    state.customers = Customer.objects.active().choices(text, MAX_CHOICES + 1)
    if not state.customers:
        state.new_customer = NewCustomerForm.from_typed(text)
        state.announcement = "No customer found. Create one?"
    else:
        count = format_match_count(len(state.customers))
        state.announcement = f"{count} customers match. Choose one."
    return state

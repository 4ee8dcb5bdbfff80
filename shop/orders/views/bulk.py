"""Bulk actions on orders: selected in the list, confirmed once, carried out one by one.

Fulfilling can be undone, by the person who did it or a manager, for half an hour and until something else
happens to the order (`placed_orders.unfulfil_order`). Cancelling cannot be undone, because the returned stock
may be sold already; the result page offers a copy at today's prices instead. The page that asks says so.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shop.db import outcomes as bulk
from shop.db.errors import Busy
from shop.db.outcomes import Outcome
from shop.orders.errors import WrongState
from shop.orders.models import BulkResult, Order
from shop.orders.reference import find_references
from shop.orders.services import placed_orders
from shop.orders.services.bulk_results import store_result
from shop.returns import services as returns
from shop.web.requests import StaffRequest, check_permission, make_form_key, require_permission, see_other
from shop.web.wording import word_error

#: Actions that only show the selected orders, and the URL names of their pages.
VIEWS_OF_SELECTION = {"print": "order-print-many", "export": "order-export"}


@dataclass(frozen=True)
class Action:
    """An action on each order: its words, its service, and what the service would refuse."""

    verb: str
    #: What an order is after it, as in "2 of 3 orders …".
    done: str
    status: Order.Status
    hint: str
    write: Callable[[str, StaffRequest], object]
    find_reason_not_to: Callable[[Order, StaffRequest], WrongState | None]


def _fulfil(reference: str, request: StaffRequest) -> object:
    return placed_orders.fulfil_order(reference=reference, staff_id=request.user.pk)


def _cancel(reference: str, request: StaffRequest) -> object:
    return returns.cancel_order(
        reference=reference, staff_id=request.user.pk, allow_fulfilled=_may_cancel_fulfilled(request)
    )


def _unfulfil(reference: str, request: StaffRequest) -> object:
    return placed_orders.unfulfil_order(
        reference=reference, staff_id=request.user.pk, allow_others=_may_cancel_fulfilled(request)
    )


def _may_cancel_fulfilled(request: StaffRequest) -> bool:
    return request.user.has_perm("shop.cancel_fulfilled_order")


ACTIONS = {
    "fulfil": Action(
        "Fulfil",
        "fulfilled",
        Order.Status.FULFILLED,
        "Fulfilling can be undone for half an hour.",
        _fulfil,
        lambda order, request: placed_orders.find_reason_not_to_fulfil(order),
    ),
    "cancel": Action(
        "Cancel",
        "cancelled",
        Order.Status.CANCELLED,
        "Their stock goes back. This cannot be undone; a copy can be made at today's prices.",
        _cancel,
        lambda order, request: returns.find_reason_not_to_cancel(
            order, allow_fulfilled=_may_cancel_fulfilled(request)
        ),
    ),
    "undo": Action(
        "Put back",
        "put back to placed",
        Order.Status.PLACED,
        "They will be placed, as they were before.",
        _unfulfil,
        lambda *_: None,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("view_order")
def order_bulk(request: StaffRequest) -> HttpResponse:
    """Asks for confirmation, and acts when `confirmed` is sent. Print and export need no question."""
    data = request.POST if request.method == "POST" else request.GET
    name, chosen = data.get("action", ""), find_references(data.getlist("order"))
    if name not in ACTIONS and name not in VIEWS_OF_SELECTION:
        raise Http404("There is no such action.")
    if name in ACTIONS:
        check_permission(request, "place_order")
    list_query = data.get("list", "")[:1000]
    if not 0 < len(chosen) <= bulk.MAX_ROWS:
        context = {"back": _make_list_address(list_query), "count": len(chosen), "most": bulk.MAX_ROWS}
        return render(request, "orders/bulk_none.html", context, status=422)
    if name in VIEWS_OF_SELECTION:
        return redirect(f"{reverse(VIEWS_OF_SELECTION[name])}?{urlencode({'order': chosen}, doseq=True)}")
    if request.method != "POST" or "confirmed" not in data:
        return _render_question(request, name, chosen, list_query)
    outcomes = bulk.write_rows(chosen, lambda reference: ACTIONS[name].write(reference, request), word_error)
    try:
        result = store_result(action=name, list_query=list_query, outcomes=outcomes)
    except Busy:
        # The orders are written, but not the result: show it here, without an address of its own.
        return _render_result(request, name, list_query, outcomes)
    return see_other("order-bulk-result", result.pk)


def _make_list_address(query: str) -> str:
    return f"{reverse('order-list')}?{query}".rstrip("?")


def _render_question(request: StaffRequest, name: str, chosen: list[str], list_query: str) -> HttpResponse:
    """Asks for confirmation: lists the orders that the action will change, and those that it refuses."""
    action = ACTIONS[name]
    found = Order.objects.for_list().in_bulk(chosen, field_name="reference")
    ready: list[Order] = []
    refused: list[Outcome] = []
    for reference in chosen:
        why = _word_refusal(action, reference, found.get(reference), request)
        if why:
            refused.append(Outcome(reference, why))
        else:
            ready.append(found[reference])
    context = {
        "action": action,
        "name": name,
        "ready": ready,
        "refused": refused,
        "back": _make_list_address(list_query),
        "list": list_query,
    }
    return render(request, "orders/bulk_confirm.html", context)


def _word_refusal(action: Action, reference: str, order: Order | None, request: StaffRequest) -> str:
    if order is None:
        return f"There is no order {reference}."
    if order.status == action.status:
        return f"{order.reference} is {order.status} already."
    why = action.find_reason_not_to(order, request)
    return word_error(why) if why else ""


@require_safe
@require_permission("view_order")
def order_bulk_result(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Shows what a bulk action did. Loading the page again does not repeat the action."""
    result = get_object_or_404(BulkResult, pk=pk)
    outcomes = [Outcome(*row) for row in result.outcomes]
    return _render_result(request, result.action, result.list_query, outcomes)


def _render_result(
    request: StaffRequest, name: str, list_query: str, outcomes: list[Outcome]
) -> HttpResponse:
    """Lists for each order whether the action was done, or why it was refused."""
    context = {
        "action": ACTIONS[name],
        "name": name,
        "outcomes": [(outcome, make_form_key()) for outcome in outcomes],
        "done": [outcome for outcome in outcomes if outcome.is_done],
        "back": _make_list_address(list_query),
        "list": list_query,
    }
    return render(request, "orders/bulk_result.html", context)

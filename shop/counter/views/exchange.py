"""The page of an exchange: what comes back, what is sold for it, and the difference, before it is done.

The first form shows what it comes to. Nothing is stored before the second one is sent. A link may fill in the
first form by GET.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from shop.counter import exchange
from shop.counter.errors import NotOneProduct
from shop.counter.exchange import QuotedExchange
from shop.counter.forms import ExchangeForm
from shop.counter.tenders import read_tenders
from shop.counter.views.snapshots import EXCHANGE, Pairs, PlannedExchange
from shop.db.errors import InvalidValue, ShopError
from shop.orders.errors import NotOneMatch, OrderError
from shop.orders.models import Order
from shop.orders.services.draft_products import find_product
from shop.orders.services.new_orders import Item
from shop.payments.errors import CashRefundAboveLimit
from shop.payments.tenders import PAYABLE, get_balance
from shop.payments.wording import word_given
from shop.products.errors import OutOfStock
from shop.products.models import Product
from shop.returns.services import read_sold_lines
from shop.staff.errors import ConfirmationRefused, TooManyAttempts
from shop.staff.views.confirmation import find_confirming_id
from shop.staff.views.sign_in import NAME_LENGTH
from shop.till.views.choices import get_register_id
from shop.web.requests import (
    StaffRequest,
    check_permission,
    is_confirmation,
    make_form_key,
    parse_whole_number,
    read_form_key,
    read_once,
    require_permission,
    see_other,
)
from shop.web.wording import word_error


@dataclass
class ExchangeState:
    """What the page shows besides the order and its form."""

    quoted: QuotedExchange | None = None
    goods: list[tuple[Product, int]] = field(default_factory=list)
    refusal: str = ""
    typed: str = ""
    snapshot: str = ""
    #: The manager whose confirmation is needed, as typed; None where none is.
    manager: str | None = None
    key: str = field(default_factory=make_form_key)
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("place_order")
def order_exchange(request: StaffRequest, reference: str) -> HttpResponse:
    """Shows the figures of an exchange; exchanges when the form that showed them is sent."""
    for permission in ("add_return", "add_payment", "refund_payment"):
        check_permission(request, permission)
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if order.status not in PAYABLE:
        return see_other(order)
    if is_confirmation(request):
        return _exchange(request, order)
    fields = request.POST or request.GET
    if "goods" not in fields:
        return _render(request, order, ExchangeForm(None, _list_line_ids(order)), ExchangeState())
    form, state = ExchangeForm(fields, _list_line_ids(order)), ExchangeState()
    if form.is_valid():
        _quote(request, order, form.cleaned_data, state)
    else:
        state.refusal, state.status = " ".join(form.sentences().values()), 422
    return _render(request, order, form, state)


def _list_line_ids(order: Order) -> list[int]:
    return [line.pk for line in order.line_list]


def _quote(request: StaffRequest, order: Order, data: dict[str, Any], state: ExchangeState) -> None:
    """Sets the figures of these fields in `state`, or why there are none."""
    try:
        state.goods = [(_find_one(words), quantity) for words, quantity in data["goods"]]
        items = tuple((product.pk, quantity) for product, quantity in state.goods)
        _offer(request, order, state, tuple(data["units"]), items, data["reason"], data["restock"])
    except (InvalidValue, OrderError) as refusal:
        state.refusal, state.status = word_error(refusal), refusal.http_status


def _offer(
    request: StaffRequest,
    order: Order,
    state: ExchangeState,
    units: Pairs,
    items: Pairs,
    reason: str,
    restock: bool,
) -> None:
    """Sets the figures of an exchange, and its snapshot, in `state`. Raises what `quote_exchange` raises."""
    goods = [Item(pk, quantity) for pk, quantity in items]
    state.quoted = exchange.quote_exchange(reference=order.reference, lines=units, items=goods)
    plan = PlannedExchange(units, items, reason, restock, state.quoted.seen)
    state.snapshot = EXCHANGE.write(request.user, order.reference, plan)


def _find_one(words: str) -> Product:
    """Returns the only product that these words or this code name. Raises NotOneProduct."""
    try:
        matches = Product.objects.find_matches(words, 2)
        return matches[0] if len(matches) == 1 else find_product(words)
    except NotOneMatch as unclear:
        names = [f"{product.name} ({product.sku})" for product in unclear.matches]
        raise NotOneProduct(words, names) from None


def _exchange(request: StaffRequest, order: Order) -> HttpResponse:
    plan = EXCHANGE.read(request, order.reference)
    typed = request.POST.get("tender", "")
    try:
        new = exchange.exchange_goods(
            reference=order.reference,
            lines=plan.units,
            items=[Item(pk, quantity) for pk, quantity in plan.items],
            tenders=read_tenders(typed),
            reason=plan.reason,
            restock=plan.restock,
            register_id=parse_whole_number(request.POST.get("register")),
            seen=plan.seen,
            confirmed_by_id=_find_confirming_id(request),
            staff_id=request.user.pk,
            once=read_once(request, f"exchange of {order.reference}"),
        )
    except (InvalidValue, OrderError, OutOfStock) as refusal:
        return _refuse(request, order, plan, refusal, typed)
    # What the plan says goes back is what was stored: with other refunds nothing is exchanged.
    back = word_given(plan.seen.given)
    messages.success(request, f"Exchanged; the new order is {new.reference}. {back}".strip())
    return see_other("order-sold", new.reference)


def _find_confirming_id(request: StaffRequest) -> int | None:
    """Returns the id of the manager whose name and password were typed, if they were."""
    fields = {
        "manager": request.POST.get("manager", "")[:NAME_LENGTH],
        "password": request.POST.get("password", "")[:1000],
    }
    return find_confirming_id(request, fields, permission="exceed_refund_limit")


def _refuse(
    request: StaffRequest, order: Order, plan: PlannedExchange, refusal: ShopError, typed: str
) -> HttpResponse:
    """Renders the exchange as it would be now, and why nothing was stored."""
    products = Product.objects.in_bulk([pk for pk, _ in plan.items])
    goods = [(products[pk], quantity) for pk, quantity in plan.items if pk in products]
    data: dict[str, object] = {f"units-{pk}": quantity for pk, quantity in plan.units}
    data |= {"goods": "\n".join(f"{quantity}*{product.sku}" for product, quantity in goods)}
    data |= {"reason": plan.reason, "restock": plan.restock}
    form = ExchangeForm(data, _list_line_ids(order))
    state = ExchangeState(goods=goods, typed=typed)
    needs_manager = isinstance(refusal, CashRefundAboveLimit | ConfirmationRefused | TooManyAttempts)
    if needs_manager or "manager" in request.POST:
        state.manager = request.POST.get("manager", "")[:NAME_LENGTH]
    if needs_manager:
        # Confirmed, it is still the same request, whose outcome the clerk may not know yet.
        state.key = read_form_key(request) or state.key
    # Where it cannot be quoted any more, only the reason of the refusal is shown.
    with suppress(InvalidValue, OrderError):
        _offer(request, order, state, plan.units, plan.items, plan.reason, plan.restock)
    state.refusal, state.status = word_error(refusal), refusal.http_status
    return _render(request, order, form, state)


def _render(request: StaffRequest, order: Order, form: ExchangeForm, state: ExchangeState) -> HttpResponse:
    sold = read_sold_lines(order)
    rows = [
        (line, sold[line.pk].left.quantity_left, form[f"units-{line.pk}"].value() or "")
        for line in order.line_list
    ]
    context = {
        "order": order,
        "rows": rows,
        "form": form,
        "state": state,
        "balance": get_balance(order),
        "register_id": get_register_id(request),
        "is_new": "goods" not in request.GET and request.method != "POST",
    }
    return render(request, "counter/exchange.html", context, status=state.status)

"""The pages of payments, refunds and reversals."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from shop.db.errors import InvalidValue
from shop.money.amounts import format_money
from shop.orders.models import Order
from shop.payments import services
from shop.payments.accounts import BALANCE, build_account
from shop.payments.errors import BalanceChanged
from shop.payments.forms import CASH, PaymentForm, RefundForm, ReversalForm
from shop.payments.models import Payment
from shop.payments.refunds import list_given, list_left, propose
from shop.payments.tenders import Tender, fill_in
from shop.payments.wording import word_given
from shop.staff.views.confirmation import find_confirming_id
from shop.till.views.choices import get_register_id
from shop.web.forms import ShopForm, focus_first_error
from shop.web.requests import (
    StaffRequest,
    get_form_data,
    make_form_key,
    parse_whole_number,
    read_form_key,
    read_once,
    require_permission,
    see_other,
)

_page = require_http_methods(["GET", "HEAD", "POST"])


@_page
@require_permission("add_payment")
def order_pay(request: StaffRequest, reference: str) -> HttpResponse:
    """Takes money for an order. The order's page has the same form."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if order.placed_at is None and request.method != "POST":
        return see_other(order)
    form = PaymentForm(get_form_data(request))
    changed = None
    if request.method == "POST" and form.is_valid():
        try:
            return see_other(f"{order.get_absolute_url()}?payment={_take(request, order, form).pk}#account")
        except BalanceChanged as refusal:
            changed = refusal
            order = get_object_or_404(Order.objects.for_list(), reference=reference)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
    return _render_page(request, "payments/pay.html", order, form, changed)


def _take(request: StaffRequest, order: Order, form: PaymentForm) -> Payment:
    """Records the payment of the form; its button "Exactly" takes all that the page showed as to pay.

    In cash this is what coins make of it.
    """
    seen, data = BALANCE.read(request, order.reference), form.cleaned_data
    tender = Tender(data["method"], data["amount"], data["tendered"], data["reference"])
    if request.POST.get("exact"):
        tender = fill_in(replace(tender, amount=None, tendered=None), seen)
    payment = services.record_payment(
        reference=order.reference,
        tender=tender,
        register_id=get_register_id(request),
        seen_balance=seen,
        staff_id=request.user.pk,
        once=read_once(request, f"payment {order.reference}"),
    )
    messages.success(request, f"{format_money(payment.amount)} was taken ({payment.get_method_display()}).")
    return payment


@_page
@require_permission("refund_payment")
def order_refund(request: StaffRequest, reference: str) -> HttpResponse:
    """Gives money back. Where a refund is due, the page proposes to which payments it goes (R9)."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if order.placed_at is None and request.method != "POST":
        return see_other(order)
    payments = list(order.payments.in_order())
    form = RefundForm(get_form_data(request), left=list_left(payments))
    changed = None
    if request.method == "POST" and form.is_valid():
        try:
            refund = _give_back(request, order, payments, form)
        except BalanceChanged as refusal:
            changed = refusal
            order = get_object_or_404(Order.objects.for_list(), reference=reference)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            is_due = (refund.order.balance or Decimal(0)) < 0
            return see_other("order-refund", reference) if is_due else see_other(order)
    return _render_page(request, "payments/refund.html", order, form, changed)


def _give_back(request: StaffRequest, order: Order, payments: Sequence[Payment], form: RefundForm) -> Payment:
    data = form.cleaned_data
    source_id = parse_whole_number(data["source"])
    source = next((row for row in payments if row.pk == source_id), None)
    refund = services.refund_payment(
        reference=order.reference,
        method=source.method if source else CASH,
        amount=data["amount"],
        refund_of=source.pk if source else None,
        register_id=get_register_id(request),
        seen_balance=BALANCE.read(request, order.reference),
        reason=data["reason"],
        confirmed_by_id=find_confirming_id(request, data, permission="exceed_refund_limit"),
        staff_id=request.user.pk,
        once=read_once(request, f"refund {order.reference}"),
    )
    messages.success(request, word_given(list_given([refund])))
    return refund


@_page
@require_permission("reverse_payment")
def payment_reverse(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    """Reverses an entry that was a mistake, with a reason, while its till session is open."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    payment = get_object_or_404(order.payments.in_order(), pk=pk)
    form = ReversalForm(get_form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.reverse_payment(payment_id=pk, staff_id=request.user.pk, **form.cleaned_data)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"The entry of {format_money(payment.amount)} was reversed.")
            return see_other(order)
    if form.errors:
        focus_first_error(form)
    context = {"order": order, "payment": payment, "form": form}
    return render(request, "payments/reverse.html", context, status=422 if form.errors else 200)


def _render_page(
    request: StaffRequest,
    template: str,
    order: Order,
    form: ShopForm,
    changed: BalanceChanged | None,
) -> HttpResponse:
    """Renders a payment's or a refund's page: new, with errors (422), or with another balance (409)."""
    if form.errors:
        focus_first_error(form)
    payments = list(order.payments.in_order())
    context = {
        "order": order,
        "account": build_account(order, payments),
        "proposed": propose(order, payments),
        "form": form,
        "changed": changed,
        # The page shows another balance than before, so sending it again is another payment: a new key.
        "key": make_form_key() if changed else read_form_key(request) or make_form_key(),
    }
    status = 422 if form.errors else 409 if changed else 200
    return render(request, template, context, status=status)

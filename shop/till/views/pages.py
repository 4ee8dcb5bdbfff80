"""The pages of tills: their list, one till's entries, opening it, and cash movements."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from shop.db.errors import InvalidValue
from shop.money.amounts import format_money
from shop.till import services, sessions
from shop.till.figures import list_entries
from shop.till.forms import CashForm, OpenForm, RegisterForm
from shop.till.models import Register, TillSession
from shop.till.views.choices import get_register_id, store_choice
from shop.web.forms import focus_first_error
from shop.web.requests import (
    StaffRequest,
    get_form_data,
    make_form_key,
    read_form_key,
    read_once,
    require_permission,
    see_other,
)

#: Closed sessions that the page of a till shows.
CLOSED_SHOWN = 10
_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@require_permission("operate_till")
@conditional_page
def till_list(request: StaffRequest) -> HttpResponse:
    """Lists the registers with their states, and says which one this browser uses."""
    context = {"registers": Register.objects.in_use(), "chosen": get_register_id(request)}
    return render(request, "till/list.html#tills" if request.htmx else "till/list.html", context)


@require_POST
@require_permission("operate_till")
def till_choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Makes this browser use a register from now on."""
    register = get_object_or_404(Register.objects.in_use(), pk=pk, purpose=Register.Purpose.COUNTER)
    response = see_other("till-list")
    store_choice(response, register.pk)
    messages.success(request, f"This browser uses {register.name} from now on.")
    return response


@_page
@require_permission("add_register")
def register_create(request: StaffRequest) -> HttpResponse:
    form = RegisterForm(get_form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            register = services.create_register(**form.cleaned_data, once=read_once(request, "register"))
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{register.name} was created.")
            return see_other("till-list")
    if form.errors:
        focus_first_error(form)
    context = {"form": form, "key": read_form_key(request) or make_form_key()}
    return render(request, "till/register.html", context, status=422 if form.errors else 200)


@require_safe
@require_permission("operate_till")
@conditional_page
def till_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Shows a register, the latest entries of its open session, and its closed ones.

    The page asks again from time to time, because several devices may share a register.
    """
    register = get_object_or_404(Register.objects.in_use(), pk=pk)
    session = register.open_session
    context = {
        "register": register,
        "session": session,
        "entries": list_entries(session) if session else [],
        "closed": TillSession.objects.list_closed(pk)[:CLOSED_SHOWN],
        "key": make_form_key(),
    }
    return render(request, "till/detail.html#till" if request.htmx else "till/detail.html", context)


@_page
@require_permission("operate_till")
def till_open(request: StaffRequest, pk: int) -> HttpResponse:
    """Opens a register with the float that was counted; the page says what the session before left."""
    register = get_object_or_404(Register.objects.in_use(), pk=pk, purpose=Register.Purpose.COUNTER)
    form = OpenForm(get_form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, register, form)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
    elif request.method != "POST" and register.open_session:
        return see_other("till-detail", pk)
    if form.errors:
        focus_first_error(form)
    last = TillSession.objects.list_closed(pk).first()
    context = {
        "register": register,
        "left": services.compute_next_float(last) if last else None,
        "form": form,
        "key": read_form_key(request) or make_form_key(),
    }
    return render(request, "till/open.html", context, status=422 if form.errors else 200)


def _open(request: StaffRequest, register: Register, form: OpenForm) -> HttpResponse:
    session = sessions.open_till(
        register_id=register.pk,
        pieces=form.cleaned_data["pieces"],
        amount=form.cleaned_data["amount"],
        staff_id=request.user.pk,
        once=read_once(request, f"open till {register.pk}"),
    )
    messages.success(request, f"{register.name} is open with {format_money(session.opening_float)}.")
    return see_other("till-detail", register.pk)


@_page
@require_permission("operate_till")
def till_cash(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts cash into the drawer of a session, or takes it out, with a reason."""
    session = get_object_or_404(TillSession.objects.with_register(), pk=pk)
    form = CashForm(get_form_data(request), initial={"kind": request.GET.get("kind", "payout")})
    if request.method == "POST" and form.is_valid():
        try:
            movement = sessions.move_cash(
                session_id=pk,
                **form.cleaned_data,
                staff_id=request.user.pk,
                once=read_once(request, f"cash {pk}"),
            )
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            amount = format_money(abs(movement.amount))
            messages.success(request, f"{movement.get_kind_display()}: {amount}.")
            return see_other("till-detail", session.register_id)
    if form.errors:
        focus_first_error(form)
    context = {"session": session, "form": form, "key": read_form_key(request) or make_form_key()}
    return render(request, "till/cash.html", context, status=422 if form.errors else 200)


@require_POST
@require_permission("operate_till")
def drawer_open(request: StaffRequest, pk: int) -> HttpResponse:
    """Notes that the drawer was opened without a sale, once for each form."""
    session = sessions.note_drawer_opening(session_id=pk, once=read_once(request, f"drawer {pk}"))
    messages.success(request, "Noted: the drawer was opened without a sale.")
    return see_other("till-detail", session.register_id)

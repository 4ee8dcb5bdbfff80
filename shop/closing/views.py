"""The pages on which a till is counted and closed, and its X- and Z-report."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from shop.closing.clues import find_clues
from shop.closing.services import close_till, read_x_report
from shop.db.errors import InvalidValue
from shop.money.cash import count_pieces
from shop.till.errors import TillChanged
from shop.till.figures import TillFigures, read_figures
from shop.till.forms import CloseForm
from shop.till.models import TillSession
from shop.till.sessions import raise_if_changed
from shop.web.forms import focus_first_error
from shop.web.requests import (
    StaffRequest,
    get_form_data,
    parse_whole_number,
    require_permission,
    see_other,
)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("operate_till")
def till_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks for the count, then for the amount that goes to the bank, then closes the session.

    The expected cash is shown only after the count, and only to those who may see it. If an entry was added
    meanwhile, the count begins again.
    """
    session = get_object_or_404(TillSession.objects.with_register(), pk=pk)
    form = CloseForm(get_form_data(request))
    if request.method != "POST":
        if session.closed_at:
            return see_other("till-report", pk)
        return _render_count(request, session, form, read_figures(session).entries)
    seen, is_confirmed = parse_whole_number(request.POST.get("seen")), bool(request.POST.get("close"))
    if form.is_valid():
        try:
            if is_confirmed:
                _close(request, session, form, seen)
                return see_other("till-report", pk)
            raise_if_changed(session, seen, read_figures(session))
        except TillChanged as changed:
            return _render_count(request, session, form, changed.entries, changed)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
    render_step = _render_confirm if form.is_counted else _render_count
    return render_step(request, session, form, seen)


def _close(request: StaffRequest, session: TillSession, form: CloseForm, seen: int) -> None:
    data = form.cleaned_data
    close_till(
        session_id=session.pk,
        pieces=data["pieces"],
        banked=data["banked"] or Decimal(0),
        seen_entries=seen,
        note=data["note"],
        staff_id=request.user.pk,
    )
    messages.success(request, f"{session.register.name} is closed.")


def _render_count(
    request: StaffRequest,
    session: TillSession,
    form: CloseForm,
    seen: int,
    changed: TillChanged | None = None,
) -> HttpResponse:
    """Renders the count: new, with errors (422), or again because an entry was added meanwhile (409)."""
    if form.is_bound:
        focus_first_error(form)
    context = {"session": session, "form": form, "seen": seen, "changed": changed}
    status = 409 if changed else 422 if form.is_bound else 200
    return render(request, "closing/count.html", context, status=status)


def _render_confirm(request: StaffRequest, session: TillSession, form: CloseForm, seen: int) -> HttpResponse:
    """Renders what was counted; for those who may see it, also the difference and clues to it."""
    if form.errors:
        focus_first_error(form)
    counted = count_pieces(form.cleaned_data["pieces"])
    context = {"session": session, "form": form, "seen": seen, "counted": counted}
    if request.user.has_perm("shop.view_expected_cash"):
        context |= _compare(session, counted, read_figures(session))
    return render(request, "closing/confirm.html", context, status=422 if form.errors else 200)


def _compare(session: TillSession, counted: Decimal, figures: TillFigures) -> dict[str, object]:
    difference = counted - figures.expected
    return {
        "expected": figures.expected,
        "difference": difference,
        "clues": find_clues(session, difference),
    }


@require_safe
@require_permission("operate_till")
def till_report(request: StaffRequest, pk: int) -> HttpResponse:
    """Renders the X-report of an open session; of a closed one the Z-report, with clues to its difference."""
    x_report = read_x_report(pk)
    # After the report, because the till may be closed meanwhile.
    session = get_object_or_404(TillSession.objects.with_register(), pk=pk)
    report = session.documents.first() if session.closed_at else None
    may_see = request.user.has_perm("shop.view_expected_cash")
    context = {
        "session": session,
        "document": report,
        "body": report.body if report else x_report,
        "clues": find_clues(session) if may_see else None,
    }
    return render(request, "closing/report.html", context)

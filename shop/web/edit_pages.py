"""The pages that customers and products have alike: the form, and the question before deleting."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from shop.customers.models import Customer
from shop.db.errors import InUse, Stale
from shop.products.models import Product
from shop.web.conflicts import form_conflict, form_texts
from shop.web.forms import ShopModelForm, mark_invalid
from shop.web.requests import StaffRequest, form_key, new_key, see_other
from shop.web.snapshots import FORM, FormSeen, SnapshotRefused, form_row

#: No row has this version, so nothing is saved over what somebody else saved.
NOTHING_SEEN = FormSeen(0, {})


def form_page(
    request: StaffRequest,
    form: ShopModelForm,
    *,
    title: str,
    back: str,
    seen: FormSeen = NOTHING_SEEN,
    stale: Stale | None = None,
) -> HttpResponse:
    """A row's form: new, with its errors (422), or with what somebody else changed (409).

    A form that comes again keeps its key, and what the clerk has `seen`: only
    after the others' change was shown does it take theirs.
    """
    if form.errors or stale:
        mark_invalid(form)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "conflict": form_conflict(request, form, stale, seen) if stale else None,
        "key": form_key(request) or new_key(),
        "snapshot": _write_snapshot(request, form, seen, stale),
    }
    status = 422 if form.errors else 409 if stale else 200
    return render(request, "components/form.html", context, status=status)


def read_seen(request: StaffRequest, row: Customer | Product) -> FormSeen:
    """What the form that was sent had shown of `row`.

    A refused snapshot counts as one of no version: the clerk compares all that differs before it is saved.
    """
    try:
        return FORM.read(request, form_row(row))
    except SnapshotRefused:
        return NOTHING_SEEN


def _write_snapshot(request: StaffRequest, form: ShopModelForm, seen: FormSeen, stale: Stale | None) -> str:
    """What whoever sends this form will have seen; nothing for a new row, or where that is not known."""
    row = form.instance
    if not row.pk:
        return ""
    if stale:
        seen = FormSeen(stale.now.version, form_texts(type(form)(instance=stale.now)))
    elif request.method != "POST":
        seen = FormSeen(row.version, form_texts(form))
    return FORM.write(request.user, form_row(row), seen) if seen.version else ""


def delete_page(request: StaffRequest, row: Customer | Product, delete: Callable[[], None]) -> HttpResponse:
    """Asks before it deletes; what is in use is offered to be retired instead (409)."""
    kind = row._meta.model_name
    context: dict[str, object] = {"row": row, "name": row.name, "retire": f"{kind}-retire"}
    if request.method != "POST":
        return render(request, "components/confirm_delete.html", context)
    try:
        delete()
    except InUse as refusal:
        context["refusal"] = refusal
        return render(request, "components/confirm_delete.html", context, status=409)
    messages.success(request, f"{row.name} was deleted.")
    return see_other(f"{kind}-list")

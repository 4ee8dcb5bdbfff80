"""The pages that customers and products have alike: the form, and the question before deleting."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from shop.errors import InUse, Stale
from shop.forms.base import ShopModelForm, mark_invalid
from shop.models import Customer, Product
from shop.views.conflicts import form_conflict, read_seen, snapshot, write_seen
from shop.views.requests import StaffRequest, form_key, new_key, see_other, seen_version


def form_page(
    request: StaffRequest,
    form: ShopModelForm,
    *,
    title: str,
    back: str,
    version: int = 0,
    stale: Stale | None = None,
) -> HttpResponse:
    """A row's form: new, with its errors (422), or with what somebody else changed (409).

    A form that comes again keeps its key, and the `version` and values that the clerk saw: only
    after the others' change was shown does it take theirs.
    """
    if form.errors or stale:
        mark_invalid(form)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "conflict": form_conflict(request, form, stale) if stale else None,
        "key": form_key(request) or new_key(),
    } | _seen(request, form, version, stale)
    status = 422 if form.errors else 409 if stale else 200
    return render(request, "components/form.html", context, status=status)


def _seen(request: StaffRequest, form: ShopModelForm, version: int, stale: Stale | None) -> dict[str, object]:
    """The version and the values that whoever sends this form has seen."""
    if stale:
        version, seen = stale.now.version, snapshot(type(form)(instance=stale.now))
    elif request.method == "POST":
        version, seen = seen_version(request), read_seen(request)
    else:
        seen = snapshot(form) if form.instance.pk else {}
    return {"version": version, "seen": write_seen(seen)}


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

"""The pages that create, change, retire and delete a row, for every model that people edit by a form."""

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from shop.db.errors import InUse, InvalidValue, Stale
from shop.web.conflicts import build_form_conflict, read_form_texts
from shop.web.forms import ShopModelForm, focus_first_error
from shop.web.requests import (
    StaffRequest,
    get_form_data,
    make_form_key,
    read_form_key,
    read_once,
    see_other,
)
from shop.web.snapshots import FORM, FormSeen, SnapshotRefused, name_form_row

#: No row has version 0, so nobody's change is overwritten.
NOTHING_SEEN = FormSeen(0, {})


class EditableRow(Protocol):
    """What these pages use of a row, such as a customer or a product."""

    pk: int
    name: str
    version: int
    active: bool

    def get_absolute_url(self) -> str: ...


def render_row(
    request: StaffRequest, template: str, row: EditableRow, *, kind: str, **context: object
) -> HttpResponse:
    """Renders a row's page, a child of components/row.html. URL names and permissions hold `kind`."""
    context |= {
        "row": row,
        "kind": kind,
        "may_change": request.user.has_perm(f"shop.change_{kind}"),
        "may_delete": request.user.has_perm(f"shop.delete_{kind}"),
    }
    return render(request, template, context)


def create_from_form(
    request: StaffRequest,
    form_class: type[ShopModelForm],
    create: Callable[..., EditableRow],
    *,
    title: str,
    back: str,
) -> HttpResponse:
    """Shows the form of a new row. Once it is sent, calls the service `create` with its values."""
    form = form_class(get_form_data(request), initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        key = read_once(request, str(form._meta.model._meta.model_name))
        try:
            row = create(**form.cleaned_data, staff_id=request.user.pk, once=key)
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{row.name} was created.")
            return see_other(row.get_absolute_url())
    return render_form(request, form, title=title, back=back)


def update_from_form(
    request: StaffRequest,
    form_class: type[ShopModelForm],
    row: EditableRow,
    update: Callable[..., object],
) -> HttpResponse:
    """Shows the form of `row`. Once it is sent, calls the service `update` with its values."""
    # Read these first: cleaning the form writes the sent values into `row`.
    title, back = f"Edit {row.name}", row.get_absolute_url()
    form = form_class(get_form_data(request), instance=row)
    stale = None
    seen = _read_seen(request, row) if request.method == "POST" else NOTHING_SEEN
    if request.method == "POST" and form.is_valid():
        try:
            update(**form.cleaned_data, seen_version=seen.version, staff_id=request.user.pk)
        except Stale as refusal:
            stale = refusal
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"{form.cleaned_data['name']} was saved.")
            return see_other(back)
    return render_form(request, form, title=title, back=back, seen=seen, stale=stale)


def retire_or_restore(
    request: StaffRequest, write: Callable[..., EditableRow], *, done: str = "is back"
) -> HttpResponse:
    """Retires a row, or brings it back when active=1 is sent, by the service `write`."""
    row = write(active=request.POST.get("active") == "1", staff_id=request.user.pk)
    messages.success(request, f"{row.name} {done if row.active else 'was retired'}.")
    return see_other(row.get_absolute_url())


def delete_when_confirmed(
    request: StaffRequest, row: EditableRow, delete: Callable[[], object], *, kind: str
) -> HttpResponse:
    """Asks before it calls the service `delete`. A row that is in use can be retired instead (409)."""
    context: dict[str, object] = {"row": row, "kind": kind}
    if request.method != "POST":
        return render(request, "components/confirm_delete.html", context)
    try:
        delete()
    except InUse as refusal:
        context["refusal"] = refusal
        return render(request, "components/confirm_delete.html", context, status=409)
    messages.success(request, f"{row.name} was deleted.")
    return see_other(f"{kind}-list")


def render_form(
    request: StaffRequest,
    form: ShopModelForm,
    *,
    title: str,
    back: str,
    seen: FormSeen = NOTHING_SEEN,
    stale: Stale | None = None,
) -> HttpResponse:
    """Renders a row's form: new, with errors (422), or with the changes of somebody else (409).

    A form that was sent keeps its key and `seen`. It gets the present version only together with the
    panel that shows the other change.
    """
    if form.errors or stale:
        focus_first_error(form)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "conflict": build_form_conflict(request, form, stale, seen) if stale else None,
        "key": read_form_key(request) or make_form_key(),
        "snapshot": _write_snapshot(request, form, seen, stale),
    }
    status = 422 if form.errors else 409 if stale else 200
    return render(request, "components/form.html", context, status=status)


def _read_seen(request: StaffRequest, row: EditableRow) -> FormSeen:
    """Reads the version and texts of `row` that the sent form had shown.

    A refused snapshot counts as version 0, so the clerk compares all differences before anything is saved.
    """
    try:
        return FORM.read(request, name_form_row(row))
    except SnapshotRefused:
        return NOTHING_SEEN


def _write_snapshot(request: StaffRequest, form: ShopModelForm, seen: FormSeen, stale: Stale | None) -> str:
    """Returns the snapshot for the form: the version and texts that it shows. A new row has none."""
    row = form.instance
    if not row.pk:
        return ""
    if stale:
        seen = FormSeen(stale.now.version, read_form_texts(type(form)(instance=stale.now)))
    elif request.method != "POST":
        seen = FormSeen(row.version, read_form_texts(form))
    return FORM.write(request.user, name_form_row(row), seen) if seen.version else ""

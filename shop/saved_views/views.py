"""Saved views of the lists: one page a list, to save, rename and delete them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shop.customers import views as customers
from shop.db.errors import InvalidFields, InvalidValue
from shop.orders.views import pages as orders
from shop.products import views as products
from shop.saved_views import services as saved_views
from shop.saved_views.forms import SaveViewForm, ViewNameForm
from shop.saved_views.models import SavedView
from shop.web.requests import StaffRequest, check_permission, get_form_data, see_other
from shop.web.wording import word_error

LISTINGS = {listing.noun: listing for listing in (customers.LISTING, products.LISTING, orders.LISTING)}


@require_http_methods(["GET", "HEAD", "POST"])
def views_page(request: StaffRequest, noun: str) -> HttpResponse:
    """Saves filters under a name, and lists the saved views. The address holds the filters."""
    check_permission(request, f"view_{noun}")
    listing = LISTINGS[noun]
    query = listing.keep_query(request.GET)
    may_share = request.user.has_perm("shop.share_savedview")
    form = SaveViewForm(
        get_form_data(request), may_share=may_share, initial={"name": request.GET.get("name", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            view = _save_view(request, noun, query, form)
        except InvalidValue as refusal:
            form.add_error("name", word_error(refusal))
        else:
            messages.success(request, f"“{view.name}” was saved.")
            return see_other(f"{reverse(f'{noun}-list')}?{view.query}")
    return _render_page(request, noun, query, form)


def _save_view(request: StaffRequest, noun: str, query: str, form: SaveViewForm) -> SavedView:
    """Saves the view. Raises TooManyViews; InvalidFields when there are no filters, or too many."""
    if not query:
        raise InvalidFields({"name": "Choose filters or a sort in the list first, then save the view."})
    if len(query) > (SavedView._meta.get_field("query").max_length or 0):
        raise InvalidFields({"name": "These filters are too long to be kept."})
    owner_id = None if form.cleaned_data.get("shared") else request.user.pk
    return saved_views.save_view(noun=noun, name=form.cleaned_data["name"], query=query, owner_id=owner_id)


def _render_page(
    request: StaffRequest,
    noun: str,
    query: str,
    form: SaveViewForm,
    *,
    refused_rename: tuple[int, str, str] | None = None,
) -> HttpResponse:
    """Renders the page. `refused_rename` is the id of a view, the name that was typed, and the reason."""
    views = SavedView.objects.list_visible(noun, request.user.pk)
    context = {
        "form": form,
        "noun": noun,
        "title": SavedView.Noun(noun).label,
        "list_url": reverse(f"{noun}-list"),
        "query": query,
        "described": describe_filters(noun, query),
        "own": [view for view in views if not view.is_shared],
        "shared": [view for view in views if view.is_shared],
        "refused_rename": refused_rename,
    }
    status = 422 if form.errors or refused_rename else 200
    return render(request, "saved_views/page.html", context, status=status)


def describe_filters(noun: str, query: str) -> list[tuple[str, str]]:
    """Returns label and value of each filter in a query string, and of the sort."""
    listing = LISTINGS[noun]
    model = listing.filters._meta.model
    selection = listing.select(QueryDict(query), model._default_manager.all())
    form = selection.filters.form
    lines = []
    for name in QueryDict(query):
        if name not in form.fields:
            continue
        field, value = form.fields[name], form.cleaned_data.get(name)
        words = str(value) if value is not None else "no longer a choice"
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            choices: Any = field.choices
            words = next((str(label) for choice, label in choices if choice == value), words)
        lines.append((str(field.label), words))
    return [*lines, ("Sort", listing.sorts[selection.sort].label)]


def _get_view_to_change(request: StaffRequest, pk: int) -> SavedView:
    """Returns the view, which the reader may change. Raises Http404, PermissionDenied."""
    view: SavedView = get_object_or_404(SavedView.objects.visible_to(request.user.pk), pk=pk)
    check_permission(request, f"view_{view.noun}")
    if view.is_shared:
        check_permission(request, "share_savedview")
    return view


@require_POST
def view_rename(request: StaffRequest, pk: int) -> HttpResponse:
    view = _get_view_to_change(request, pk)
    form = ViewNameForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidFields(form.sentences())
        saved_views.rename_view(view_id=pk, owner_id=view.owner_id, name=form.cleaned_data["name"])
    except InvalidValue as refusal:
        typed = request.POST.get("name", "")[:200]
        unbound = SaveViewForm(may_share=False)
        refused_rename = (pk, typed, word_error(refusal))
        return _render_page(request, view.noun, "", unbound, refused_rename=refused_rename)
    messages.success(request, f"“{view.name}” is called “{form.cleaned_data['name']}” now.")
    return see_other(f"{view.noun}-views")


@require_POST
def view_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Deletes the view, and shows the form that can save it again."""
    view = _get_view_to_change(request, pk)
    saved_views.delete_view(view_id=pk, owner_id=view.owner_id)
    messages.success(request, f"“{view.name}” was deleted. To have it back, save it again.")
    back = QueryDict(view.query, mutable=True)
    back["name"] = view.name
    return see_other(f"{reverse(f'{view.noun}-views')}?{back.urlencode()}")

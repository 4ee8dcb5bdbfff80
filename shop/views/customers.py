"""Customers: list, page, create, edit, retire, delete."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from shop.errors import InUse, Stale
from shop.filters import CustomerFilter
from shop.forms.base import mark_invalid
from shop.forms.customers import CustomerForm
from shop.models import Customer, Order
from shop.services import customers
from shop.views.lists import Sort, list_page
from shop.views.requests import (
    StaffRequest,
    allowed,
    form_key,
    new_key,
    once,
    posted,
    see_other,
    seen_version,
)

SORTS = {
    "name": Sort("Name", ("name_key", "id")),
    "-name": Sort("Name, Z to A", ("-name_key", "-id")),
    "newest": Sort("Newest", ("-created_at", "-id")),
    "oldest": Sort("Oldest", ("created_at", "id")),
}


@require_safe
@allowed("view_customer")
def customer_list(request: StaffRequest) -> HttpResponse:
    page = list_page(request, CustomerFilter(request.GET, Customer.objects.all()), SORTS)
    template = "customers/list.html#results" if request.htmx else "customers/list.html"
    return render(request, template, {"page": page})


@require_safe
@allowed("view_customer")
def customer_detail(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    orders = Order.objects.for_list().of(customer)[:10]
    return render(request, "customers/detail.html", {"customer": customer, "orders": orders})


@allowed("add_customer")
def customer_create(request: StaffRequest) -> HttpResponse:
    form = CustomerForm(posted(request), initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        customer = customers.create_customer(**form.cleaned_data, once=once(request, "customer"))
        messages.success(request, f"{customer.name} was created.")
        return see_other(customer)
    key = form_key(request) or new_key()
    return _form(request, form, {"key": key, "title": "New customer"})


@allowed("change_customer")
def customer_update(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    form = CustomerForm(posted(request), instance=customer)
    context = {
        "customer": customer,
        "title": f"Edit {customer.name}",
        "version": seen_version(request) if request.method == "POST" else customer.version,
    }
    if request.method == "POST" and form.is_valid():
        seen = seen_version(request)
        try:
            customers.update_customer(customer_id=pk, seen_version=seen, **form.cleaned_data)
        except Stale as stale:
            context |= {"stale": stale, "version": stale.version}
            return _form(request, form, context, status=409)
        messages.success(request, f"{form.cleaned_data['name']} was saved.")
        return see_other("customer-detail", pk)
    return _form(request, form, context)


def _form(
    request: StaffRequest, form: CustomerForm, context: dict[str, object], status: int = 200
) -> HttpResponse:
    if form.errors:
        status = 422
        mark_invalid(form)
    return render(request, "customers/form.html", {"form": form, **context}, status=status)


@require_POST
@allowed("change_customer")
def customer_retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Retires, or brings back with active=1."""
    active = request.POST.get("active") == "1"
    customer = customers.set_customer_active(customer_id=pk, active=active)
    messages.success(request, f"{customer.name} {'is back' if active else 'was retired'}.")
    return see_other(customer)


@allowed("delete_customer")
def customer_delete(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    if request.method != "POST":
        return render(request, "components/confirm_delete.html", {"row": customer, "name": customer.name})
    try:
        customers.delete_customer(customer_id=pk)
    except InUse as refusal:
        context = {"row": customer, "name": customer.name, "refusal": refusal, "retire": "customer-retire"}
        return render(request, "components/confirm_delete.html", context, status=409)
    messages.success(request, f"{customer.name} was deleted.")
    return see_other("customer-list")

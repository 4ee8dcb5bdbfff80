"""Customers: list, page, create, edit, retire, delete."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shop.customers import services as customers
from shop.customers.filters import CustomerFilter
from shop.customers.forms import CustomerForm
from shop.customers.models import Customer
from shop.db.errors import Stale
from shop.orders.models import Order
from shop.search.querysets import MATCHED
from shop.web.edit_pages import NOTHING_SEEN, delete_page, form_page, read_seen
from shop.web.lists import Listing, Sort, render_list
from shop.web.requests import StaffRequest, allowed, once, posted, see_other

LISTING = Listing(
    "customer",
    "customers/list.html",
    CustomerFilter,
    {
        "best": Sort("Best match", ("name_key", "id"), found=MATCHED),
        "name": Sort("Name", ("name_key", "id")),
        "-name": Sort("Name, Z to A", ("-name_key", "-id")),
        "newest": Sort("Newest", ("-created_at", "-id")),
        "oldest": Sort("Oldest", ("created_at", "id")),
    },
)


@require_safe
@allowed("view_customer")
def customer_list(request: StaffRequest) -> HttpResponse:
    return render_list(request, LISTING, Customer.objects.all())


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
        customer = customers.create_customer(
            **form.cleaned_data, staff_id=request.user.pk, once=once(request, "customer")
        )
        messages.success(request, f"{customer.name} was created.")
        return see_other(customer)
    return form_page(request, form, title="New customer", back=reverse("customer-list"))


@allowed("change_customer")
def customer_update(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    title, back = f"Edit {customer.name}", customer.get_absolute_url()
    form = CustomerForm(posted(request), instance=customer)
    refused = None
    seen = read_seen(request, customer) if request.method == "POST" else NOTHING_SEEN
    if request.method == "POST" and form.is_valid():
        try:
            customers.update_customer(
                customer_id=pk,
                seen_version=seen.version,
                staff_id=request.user.pk,
                **form.cleaned_data,
            )
        except Stale as stale:
            refused = stale
        else:
            messages.success(request, f"{form.cleaned_data['name']} was saved.")
            return see_other(back)
    return form_page(request, form, title=title, back=back, seen=seen, stale=refused)


@require_POST
@allowed("change_customer")
def customer_retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Retires, or brings back with active=1."""
    active = request.POST.get("active") == "1"
    customer = customers.set_customer_active(customer_id=pk, active=active, staff_id=request.user.pk)
    messages.success(request, f"{customer.name} {'is back' if active else 'was retired'}.")
    return see_other(customer)


@allowed("delete_customer")
def customer_delete(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    return delete_page(request, customer, lambda: customers.delete_customer(customer_id=pk))

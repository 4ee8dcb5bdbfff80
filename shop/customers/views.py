"""The pages of customers: list, page, create, edit, retire, delete."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shop.customers import services as customers
from shop.customers.filters import CustomerFilter
from shop.customers.forms import CustomerForm
from shop.customers.models import Customer
from shop.search.querysets import MATCH_ORDER
from shop.web.edit_pages import (
    create_from_form,
    delete_when_confirmed,
    render_row,
    retire_or_restore,
    update_from_form,
)
from shop.web.lists import Listing, Sort, render_list
from shop.web.requests import StaffRequest, require_permission

LISTING = Listing(
    "customer",
    "customers/list.html",
    CustomerFilter,
    {
        "best": Sort("Best match", ("name_key", "id"), fields_of_search=MATCH_ORDER),
        "name": Sort("Name", ("name_key", "id")),
        "-name": Sort("Name, Z to A", ("-name_key", "-id")),
        "newest": Sort("Newest", ("-created_at", "-id")),
        "oldest": Sort("Oldest", ("created_at", "id")),
    },
)


@require_safe
@require_permission("view_customer")
def customer_list(request: StaffRequest) -> HttpResponse:
    return render_list(request, LISTING, Customer.objects.all())


@require_safe
@require_permission("view_customer")
def customer_detail(request: StaffRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    orders = customer.orders.for_list().of_customer(customer)[:10]
    return render_row(request, "customers/detail.html", customer, kind="customer", orders=orders)


@require_permission("add_customer")
def customer_create(request: StaffRequest) -> HttpResponse:
    back = reverse("customer-list")
    return create_from_form(request, CustomerForm, customers.create_customer, title="New customer", back=back)


@require_permission("change_customer")
def customer_update(request: StaffRequest, pk: int) -> HttpResponse:
    update = partial(customers.update_customer, customer_id=pk)
    return update_from_form(request, CustomerForm, get_object_or_404(Customer, pk=pk), update)


@require_POST
@require_permission("change_customer")
def customer_retire(request: StaffRequest, pk: int) -> HttpResponse:
    return retire_or_restore(request, partial(customers.set_customer_active, customer_id=pk))


@require_permission("delete_customer")
def customer_delete(request: StaffRequest, pk: int) -> HttpResponse:
    delete = partial(customers.delete_customer, customer_id=pk)
    return delete_when_confirmed(request, get_object_or_404(Customer, pk=pk), delete, kind="customer")

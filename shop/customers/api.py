"""/customer/ and /customer/<id>/."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from shop.api import bodies, paging
from shop.api.base import ApiView, map_permissions
from shop.api.fields import clean_values, write_fields
from shop.api.responses import RequestRefused, make_empty_response, make_response
from shop.customers import services as customers
from shop.customers.forms import CustomerForm
from shop.customers.models import Customer


class CustomersView(ApiView):
    """Customers, retired ones too."""

    permissions = map_permissions("customer")

    def get(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Returns the customer in an array, or a page of all customers."""
        return paging.list_rows(request, Customer.objects.all(), pk, write_customer)

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Makes a customer. Takes the fields of CustomerFields, `name` always."""
        values = clean_values(CustomerForm, bodies.read_object(request))
        once = self.read_once(request, "customer", values)
        customer = customers.create_customer(**values, staff_id=self.staff_id, once=once)
        return make_response(write_customer(customer))

    def put(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Changes a customer. Takes what POST takes; what is left out stays, but `name` is required.

        Raises RequestRefused, NotFound; Stale when somebody else changed the customer at the same moment.
        """
        body = bodies.read_object(request)
        present = Customer.objects.find(pk or 0)
        if present is None:
            raise RequestRefused(404, "not_found", "There is no such customer.")
        # PUT requires the name: it does not fall back on the present one.
        values = clean_values(CustomerForm, {"name": None} | body, present)
        changed = customers.update_customer(
            customer_id=present.pk, **values, seen_version=present.version, staff_id=self.staff_id
        )
        return make_response(write_customer(changed))

    def delete(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Deletes a customer; does nothing when it is already gone.

        Raises RequestRefused without an id, CustomerInUse.
        """
        if pk is None:
            raise RequestRefused(404, "not_found", "Say which customer: DELETE /customer/<id>/.")
        customers.delete_customer(customer_id=pk)
        return make_empty_response()


def write_customer(row: Customer) -> dict[str, Any]:
    return {"id": row.pk, **write_fields(row, Customer.FIELDS), "active": row.active}

"""/customer/ and /customer/<id>/."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from shop.api import bodies
from shop.api import paging as pages
from shop.api.base import ApiView, permissions_for
from shop.api.fields import cleaned
from shop.api.responses import answer, empty
from shop.customers import services as customers
from shop.customers.forms import CustomerForm
from shop.customers.models import Customer
from shop.db.errors import NotFound


class CustomersView(ApiView):
    """Customers, retired ones too."""

    permissions = permissions_for("customer")

    def get(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """The customer in an array, or a page of all of them."""
        return pages.listing(request, Customer.objects.all(), pk, write_customer)

    def post(self, request: HttpRequest, pk: None) -> HttpResponse:
        """Makes a customer from `name` and, if sent, `phone`, `email`, `address`, `note`."""
        values = cleaned(CustomerForm, bodies.read_object(request))
        once = self.once(request, "customer", values)
        made = customers.create_customer(**values, staff_id=self.staff_id, once=once)
        return answer(write_customer(made))

    def put(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Changes a customer. Takes what POST takes, `name` always; what else is left out stays.

        Raises NotFound; Stale when somebody else changed the customer at the same moment.
        """
        body = bodies.read_object(request)
        present = Customer.objects.find(pk or 0)
        if present is None:
            raise NotFound("There is no such customer.")
        # What PUT must have does not fall back on what is there.
        values = cleaned(CustomerForm, {"name": None} | body, present)
        changed = customers.update_customer(
            customer_id=present.pk, **values, seen_version=present.version, staff_id=self.staff_id
        )
        return answer(write_customer(changed))

    def delete(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Deletes a customer; one that is gone already is fine. Raises NotFound without an id, InUse."""
        if pk is None:
            raise NotFound("Say which customer: DELETE /customer/<id>/.")
        customers.delete_customer(customer_id=pk)
        return empty()


def write_customer(row: Customer) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "note": row.note,
        "active": row.active,
    }

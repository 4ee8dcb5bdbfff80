"""Forms of customers in the admin."""

from shop.customers.forms import CustomerForm
from shop.customers.models import Customer
from shop.web.admin_forms import VersionedForm


class CustomerAdminForm(VersionedForm, CustomerForm):
    class Meta:
        model = Customer
        fields = ("name", "phone", "email", "address", "note", "active")

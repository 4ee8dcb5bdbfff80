"""Customers in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from shop.customers import services as customers
from shop.customers.forms import CustomerForm
from shop.customers.models import Customer, CustomerTerm
from shop.search.admin import TermAdmin
from shop.web.admin import RetirableAdmin
from shop.web.admin_forms import VersionedForm


class CustomerAdminForm(VersionedForm, CustomerForm):
    class Meta:
        model = Customer
        fields = (*Customer.FIELDS, "active")


@admin.register(Customer)
class CustomerAdmin(RetirableAdmin):
    form = CustomerAdminForm
    list_display = ("name", "phone", "email", "active", "created_at")
    list_filter = ("active", "created_at")
    ordering = ("name_key", "id")
    # Other columns have no index to sort by.
    sortable_by = ("created_at",)
    search_help_text = "Beginnings of words of the name, or the last digits of the phone number."
    readonly_fields = ("external_number", "created_at", "changed_at", "changed_by")
    fieldsets: ClassVar[Any] = [
        (None, {"fields": [*Customer.FIELDS, "active", "seen_version", *readonly_fields]})
    ]
    add_fieldsets: ClassVar[Any] = [(None, {"fields": Customer.FIELDS})]

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        data, staff_id = form.cleaned_data, request.user.pk
        fields = {name: data[name] for name in Customer.FIELDS}
        if not change:
            obj.pk = customers.create_customer.inside(**fields, staff_id=staff_id, once=None).pk
            return
        customers.update_customer.inside(
            customer_id=obj.pk, seen_version=data["seen_version"], staff_id=staff_id, **fields
        )
        customers.set_customer_active.inside(customer_id=obj.pk, active=data["active"], staff_id=staff_id)

    def delete_model(self, request: HttpRequest, obj: Customer) -> None:
        customers.delete_customer.inside(customer_id=obj.pk)


admin.site.register(CustomerTerm, TermAdmin)

"""Customers in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.customers import services as customers
from shop.customers.admin_forms import CustomerAdminForm
from shop.customers.models import Customer, CustomerTerm
from shop.search.admin import TermAdmin
from shop.web.admin import ShopAdmin

FIELDS = ("name", "phone", "email", "address", "note")


@admin.register(Customer)
class CustomerAdmin(ShopAdmin):
    form = CustomerAdminForm
    list_display = ("name", "phone", "email", "active", "created_at")
    list_filter = ("active", "created_at")
    ordering = ("name_key", "id")
    # Other columns have no index to sort by.
    sortable_by = ("created_at",)
    search_help_text = "Beginnings of words of the name, or the last digits of the phone number."
    readonly_fields = ("external_number", "created_at", "changed_at", "changed_by")
    fieldsets: ClassVar[Any] = [(None, {"fields": [*FIELDS, "active", "seen_version", *readonly_fields]})]
    add_fieldsets: ClassVar[Any] = [(None, {"fields": FIELDS})]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def find(self, rows: Any, typed: str) -> models.QuerySet[Customer]:
        """As the pages search."""
        found: models.QuerySet[Customer] = rows.search(typed)
        return found

    def save_model(self, request: HttpRequest, obj: Customer, form: Any, change: bool) -> None:
        values, staff_id = {field: form.cleaned_data[field] for field in FIELDS}, request.user.pk
        if not change:
            obj.pk = customers.create_customer.inside(**values, staff_id=staff_id).pk
            return
        seen = form.cleaned_data["seen_version"]
        customers.update_customer.inside(customer_id=obj.pk, seen_version=seen, staff_id=staff_id, **values)
        customers.set_customer_active.inside(
            customer_id=obj.pk, active=form.cleaned_data["active"], staff_id=staff_id
        )

    def delete_model(self, request: HttpRequest, obj: Customer) -> None:
        customers.delete_customer.inside(customer_id=obj.pk)


admin.site.register(CustomerTerm, TermAdmin)

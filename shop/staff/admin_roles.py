"""The limits of roles in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.staff import accounts
from shop.staff.models import RoleLimit
from shop.web.admin import ShopAdmin


@admin.register(RoleLimit)
class RoleLimitAdmin(ShopAdmin):
    """Only the limits change here: migrations make the roles."""

    actions = ()
    fields = ("role", "discount_percent", "cash_refund")
    readonly_fields = ("role",)
    list_display = fields
    list_select_related = ("role",)
    ordering = ("role",)
    sortable_by = ()
    search_help_text = "The whole name of a role."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[RoleLimit]:
        named: models.QuerySet[RoleLimit] = rows.filter(role__name=typed)
        return named

    def save_model(self, request: HttpRequest, obj: RoleLimit, form: Any, change: bool) -> None:
        accounts.set_role_limits.inside(
            role_id=obj.pk,
            discount_percent=form.cleaned_data["discount_percent"],
            cash_refund=form.cleaned_data["cash_refund"],
        )

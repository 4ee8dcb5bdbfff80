"""The limits of roles in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.staff.models import RoleLimit
from shop.web.admin import ShopAdmin


@admin.register(RoleLimit)
class RoleLimitAdmin(ShopAdmin):
    """Changes how much the members of a role may take off a price. Each role has one row."""

    actions = ()
    list_display = ("role", "discount_percent")
    readonly_fields = ("role",)
    ordering = ("role__name",)
    sortable_by = ()
    search_help_text = "A part of the role's name."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[RoleLimit]:
        matches: models.QuerySet[RoleLimit] = rows.filter(role__name__icontains=typed)
        return matches

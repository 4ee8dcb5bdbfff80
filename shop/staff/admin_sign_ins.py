"""Failed sign-ins in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models

from shop.staff.models import FailedSignIn
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyMixin


@admin.register(FailedSignIn)
class FailedSignInAdmin(ReadOnlyMixin, ShopAdmin):
    """Shows how many sign-ins failed. The keys are hashes, so accounts and addresses cannot be read."""

    actions = ()
    list_display = ("key", "failures", "changed_at")
    list_filter = ("changed_at",)
    ordering = ("-changed_at",)
    sortable_by = ("changed_at",)
    search_help_text = "The whole key."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[FailedSignIn]:
        matches: models.QuerySet[FailedSignIn] = rows.filter(pk=typed)
        return matches

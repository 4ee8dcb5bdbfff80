"""Idempotency keys in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models

from shop.db.models import IdempotencyKey
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyMixin


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    list_display = ("key", "object_id", "created_at")
    list_filter = ("created_at",)
    ordering = ("-created_at",)
    sortable_by = ("created_at",)
    search_help_text = "The whole key."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[IdempotencyKey]:
        matches: models.QuerySet[IdempotencyKey] = rows.filter(pk=typed)
        return matches

"""Payments in the admin, read-only. Mistakes are reversed or refunded on the order's pages."""

from typing import Any

from django.contrib import admin
from django.db import models

from shop.payments.models import Payment
from shop.products.admin import match_order
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyMixin


@admin.register(Payment)
class PaymentAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    list_display = ("created_at", "order", "method", "amount", "cash", "rounding", "author", "reference")
    list_select_related = ("order", "author")
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "The reference or the external number of an order."
    fields = readonly_fields = (
        *("order", "method", "amount", "tendered", "change", "cash", "rounding", "currency"),
        *("session", "refund_of", "reverses", "pair", "reference", "reason"),
        *("business_day", "author", "confirmed_by", "created_at"),
    )

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Payment]:
        matches: models.QuerySet[Payment] = rows.filter(match_order(typed))
        return matches

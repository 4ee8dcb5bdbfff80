"""Tax classes and their rates in the admin: shown, and set by `manage.py set_tax_rate` only."""

from typing import Any

from django.contrib import admin
from django.db import models

from shop.taxes.models import TaxClass, TaxRate
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyInline, ReadOnlyMixin


class RateInline(ReadOnlyInline):
    model = TaxRate
    fields = readonly_fields = ("valid_from", "percent")
    ordering = ("-valid_from",)


@admin.register(TaxClass)
class TaxClassAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = ("code", "name")
    list_display = fields
    inlines = (RateInline,)
    ordering = ("code",)
    sortable_by = ()
    search_help_text = "The whole code."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[TaxClass]:
        named: models.QuerySet[TaxClass] = rows.filter(pk=typed)
        return named


@admin.register(TaxRate)
class TaxRateAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = ("tax_class", "valid_from", "percent")
    list_display = fields
    list_select_related = ("tax_class",)
    ordering = ("tax_class", "-valid_from")
    sortable_by = ()
    search_help_text = "The whole code of a class."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[TaxRate]:
        named: models.QuerySet[TaxRate] = rows.filter(tax_class=typed)
        return named

"""Documents in the admin: shown only, because nothing changes one."""

from typing import Any

from django.contrib import admin
from django.db import models

from shop.documents.models import Document, DocumentTax
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyInline, ReadOnlyMixin


class TaxInline(ReadOnlyInline):
    model = DocumentTax
    fields = readonly_fields = ("code", "percent", "gross", "net", "tax")
    ordering = ("id",)


@admin.register(Document)
class DocumentAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = (
        *("number", "kind", "order", "corrects", "counts_tax", "issued_at", "issued_by"),
        *("currency", "gross", "net", "tax", "body", "previous_hash", "hash"),
    )
    list_display = ("number", "kind", "order", "gross", "tax", "issued_at", "issued_by")
    list_filter = ("kind", "issued_at")
    list_select_related = ("order", "issued_by")
    inlines = (TaxInline,)
    ordering = ("-issued_at", "-id")
    sortable_by = ("issued_at",)
    search_help_text = "A number, with or without its zeros, or an order's reference."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Document]:
        found: models.QuerySet[Document] = rows.with_number(typed)
        return found


@admin.register(DocumentTax)
class DocumentTaxAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = ("document", "code", "percent", "gross", "net", "tax")
    list_display = fields
    list_select_related = ("document",)
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "The number of a document."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[DocumentTax]:
        named: models.QuerySet[DocumentTax] = rows.filter(document__in=Document.objects.with_number(typed))
        return named

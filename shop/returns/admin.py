"""Returns in the admin: shown, never changed."""

from typing import Any

from django.contrib import admin
from django.db import models

from shop.orders.models import Order
from shop.products.admin import MAX_NAMED_ROWS, match_order, match_product
from shop.returns.models import Return, ReturnLine
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import MAX_INLINE_ROWS, ReadOnlyInline, ReadOnlyMixin


class ReturnLineInline(ReadOnlyInline):
    model = ReturnLine
    verbose_name_plural = f"lines, {MAX_INLINE_ROWS} at most"
    fields = readonly_fields = ("product", "name", "quantity", "gross", "net", "tax", "restock")
    related = ("product",)


@admin.register(Return)
class ReturnAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = (
        "created_at",
        "business_day",
        "kind",
        "order",
        "external_number",
        "customer",
        "reason",
        "gross",
        "net",
        "tax",
        "author",
    )
    list_display = ("__str__", "kind", "order", "external_number", "reason", "business_day", "author")
    list_filter = ("kind", "business_day")
    list_select_related = ("order", "author")
    inlines = (ReturnLineInline,)
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "An order's reference or external number, or a credit note's number."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Return]:
        found: models.QuerySet[Return] = rows.filter(match_order(typed) | models.Q(external_number=typed))
        return found


@admin.register(ReturnLine)
class ReturnLineAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = (
        "of_return",
        "product",
        "name",
        "quantity",
        "gross",
        "net",
        "tax",
        "tax_code",
        "tax_percent",
        "restock",
    )
    list_display = ("__str__", "of_return", "product", "gross", "restock")
    list_select_related = ("of_return", "product")
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "An order's reference or external number, or a product's SKU or barcode."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[ReturnLine]:
        orders = Order.objects.with_number(typed).values_list("pk", flat=True)[:MAX_NAMED_ROWS]
        of_orders = models.Q(of_return__order__in=list(orders))
        lines: models.QuerySet[ReturnLine] = rows.filter(of_orders | match_product(typed))
        return lines

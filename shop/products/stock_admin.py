"""Stock movements in the admin: entries are added, and stay."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from shop.orders.admin import of_order, of_product
from shop.products import stock
from shop.products.admin_forms import MovementForm
from shop.products.models import StockMovement
from shop.web.admin import ShopAdmin


@admin.register(StockMovement)
class StockMovementAdmin(ShopAdmin):
    form = MovementForm
    actions = ()
    list_display = ("created_at", "product", "quantity", "reason", "order", "author", "note")
    list_filter = ("reason",)
    list_select_related = ("product", "order", "author")
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "An order's reference or external number, or a product's SKU or barcode."
    autocomplete_fields = ("product",)
    fields = ("product", "quantity", "reason", "note")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "order", "author", "created_at") if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A wrong entry is put right by another one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def find(self, rows: Any, typed: str) -> models.QuerySet[StockMovement]:
        found: models.QuerySet[StockMovement] = rows.filter(of_order(typed) | of_product(typed))
        return found

    def save_model(self, request: HttpRequest, obj: StockMovement, form: Any, change: bool) -> None:
        """Makes the entry; `obj` stays without an id when the count was what is known already."""
        note, staff_id = form.cleaned_data["note"], request.user.pk
        if not form.is_count:
            obj.pk = stock.adjust_stock.inside(
                product_id=obj.product_id,
                quantity=obj.quantity,
                reason=obj.reason,
                note=note,
                staff_id=staff_id,
                once=None,
            ).pk
            return
        entries = obj.product.movements.order_by("-id")
        before = entries.values_list("pk", flat=True).first()
        stock.count_stock.inside(
            product_id=obj.product_id, counted=obj.quantity, note=note, staff_id=staff_id
        )
        entry = entries.first()
        if entry and entry.pk != before:
            obj.pk, obj.quantity = entry.pk, entry.quantity

    def log_addition(self, request: HttpRequest, obj: StockMovement, message: Any) -> Any:
        """A count that found what is known is noted at the product."""
        if not obj.pk:
            return self.log_change(request, obj.product, f"Stock counted: {obj.quantity}.")
        return super().log_addition(request, obj, message)

    def response_add(
        self, request: HttpRequest, obj: StockMovement, post_url_continue: str | None = None
    ) -> HttpResponse:
        if not obj.pk:
            self.message_user(
                request, f"{obj.product}: {obj.quantity} counted. No entry was needed.", messages.SUCCESS
            )
            return redirect("admin:shop_stockmovement_changelist")
        return super().response_add(request, obj, post_url_continue)

"""Orders, their lines and timelines in the admin. Every change goes through a service."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.orders.admin_forms import CorrectionForm, OrderAdminForm
from shop.orders.events import describe_event
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.services import placed_orders
from shop.products.admin import match_order, match_product
from shop.products.models import StockMovement
from shop.returns import services as returns
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import MAX_INLINE_ROWS, ReadOnlyInline, ReadOnlyMixin


class LineInline(ReadOnlyInline):
    model = OrderLine
    verbose_name_plural = f"order lines, {MAX_INLINE_ROWS} at most"
    fields = readonly_fields = ("product", "quantity", "unit_price", "subtotal")
    related = ("product",)
    show_change_link = True


class EventInline(ReadOnlyInline):
    model = OrderEvent
    verbose_name_plural = f"timeline, {MAX_INLINE_ROWS} entries at most"
    fields = readonly_fields = ("created_at", "kind", "author", "detail")
    related = ("author",)

    def detail(self, event: OrderEvent) -> str:
        return describe_event(event)


class MovementInline(ReadOnlyInline):
    model = StockMovement
    verbose_name_plural = f"stock movements, {MAX_INLINE_ROWS} at most"
    fields = readonly_fields = ("created_at", "product", "quantity", "reason", "author")
    related = ("product", "author")
    ordering = ("id",)


@admin.register(Order)
class OrderAdmin(ShopAdmin):
    form = OrderAdminForm
    actions = ("fulfil", "cancel")
    inlines = (LineInline, EventInline, MovementInline)
    list_display = ("reference", "status", "customer", "subtotal", "dated_at", "placed_by", "external_number")
    list_filter = ("status", "dated_at")
    list_select_related = ("customer", "placed_by")
    ordering = ("-dated_at", "-id")
    sortable_by = ("dated_at", "subtotal")
    search_help_text = "A reference, an external number, or beginnings of words of the customer's name."
    readonly_fields = (
        "reference",
        "status",
        "customer",
        "subtotal",
        "dated_at",
        "placed_at",
        "parked_at",
        "created_by",
        "placed_by",
        "changed_at",
        "changed_by",
        "external_number",
    )
    fields = (*readonly_fields, "note", "seen_version")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Returns False: orders are made at the desk."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Returns False: an order is cancelled, never deleted."""
        return False

    def has_place_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("shop.place_order")

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Order]:
        """Returns the order with this number or, if there is none, the orders of customers who match."""
        # Two queries, because each uses an index; one query with both conditions would use none.
        numbered = rows.with_number(typed)
        orders: models.QuerySet[Order] = numbered if numbered.exists() else rows.matching_customer(typed)
        return orders

    def save_model(self, request: HttpRequest, obj: Order, form: Any, change: bool) -> None:
        placed_orders.change_note.inside(
            reference=obj.reference,
            note=form.cleaned_data["note"],
            seen_version=form.cleaned_data["seen_version"],
            staff_id=request.user.pk,
        )

    @admin.action(permissions=["place"], description="Fulfil selected orders")
    def fulfil(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> None:
        def fulfil(order: Order) -> None:
            placed_orders.fulfil_order.inside(reference=order.reference, staff_id=request.user.pk)
            self.log_change(request, order, "Fulfilled.")

        self.run_action(request, queryset, "fulfilled", fulfil)

    @admin.action(permissions=["place"], description="Cancel selected orders, and return their stock")
    def cancel(self, request: HttpRequest, queryset: models.QuerySet[Order]) -> None:
        any_status = request.user.has_perm("shop.cancel_fulfilled_order")

        def cancel(order: Order) -> None:
            returns.cancel_order.inside(
                reference=order.reference, staff_id=request.user.pk, allow_fulfilled=any_status
            )
            self.log_change(request, order, "Cancelled.")

        self.run_action(request, queryset, "cancelled", cancel)


@admin.register(OrderLine)
class OrderLineAdmin(ShopAdmin):
    """Changing a line corrects a placed order: subtotal, stock and timeline follow."""

    form = CorrectionForm
    actions = ()
    list_display = ("__str__", "order", "product", "unit_price", "subtotal")
    list_filter = ("order__status",)
    list_select_related = ("order", "product")
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "An order's reference or external number, or a product's SKU or barcode."
    readonly_fields = ("order", "position", "product", "name", "subtotal")
    fields = (*readonly_fields, "quantity", "unit_price", "reason", "seen_version")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[OrderLine]:
        lines: models.QuerySet[OrderLine] = rows.filter(match_order(typed) | match_product(typed))
        return lines

    def save_model(self, request: HttpRequest, obj: OrderLine, form: Any, change: bool) -> None:
        placed_orders.correct_line.inside(
            line_id=obj.pk,
            quantity=form.cleaned_data["quantity"],
            unit_price=form.cleaned_data["unit_price"],
            reason=form.cleaned_data["reason"],
            seen_version=form.cleaned_data["seen_version"],
            staff_id=request.user.pk,
        )


@admin.register(OrderEvent)
class OrderEventAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = ("created_at", "order", "kind", "author", "detail")
    list_display = fields
    list_filter = ("kind",)
    list_select_related = ("order", "author")
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "An order's reference or external number."

    def detail(self, event: OrderEvent) -> str:
        return describe_event(event)

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[OrderEvent]:
        events: models.QuerySet[OrderEvent] = rows.filter(match_order(typed))
        return events

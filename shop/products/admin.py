"""Products and stock movements in the admin. Stock changes only by adding a movement."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin, messages
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from shop.products import services as products
from shop.products import stock
from shop.products.forms import NewProductForm, ProductForm, StockForm
from shop.products.models import Product, ProductTerm, StockMovement
from shop.search.admin import TermAdmin
from shop.web.admin import RetirableAdmin, ShopAdmin
from shop.web.admin_forms import AdminForm, VersionedForm

#: Orders or products that one search can stand for.
MAX_NAMED_ROWS = 50


class ProductAdminForm(VersionedForm, ProductForm):
    class Meta:
        model = Product
        fields = (*Product.FIELDS, "active")


class NewProductAdminForm(AdminForm, NewProductForm):
    class Meta:
        model = Product
        fields = Product.FIELDS


@admin.register(Product)
class ProductAdmin(RetirableAdmin):
    form = ProductAdminForm
    list_display = ("name", "sku", "unit_price", "stock", "active")
    list_filter = ("active", ("stock", admin.EmptyFieldListFilter))
    ordering = ("name_key", "id")
    sortable_by = ("unit_price", "sku")
    search_help_text = "Beginnings of words of the name, the SKU or the barcode."
    readonly_fields = ("stock", "created_at", "changed_at", "changed_by")
    fieldsets: ClassVar[Any] = [
        (None, {"fields": [*Product.FIELDS, "active", "seen_version", *readonly_fields]})
    ]
    add_fieldsets: ClassVar[Any] = [(None, {"fields": [*Product.FIELDS, "stock"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewProductAdminForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        data, staff_id = form.cleaned_data, request.user.pk
        fields = {name: data[name] for name in Product.FIELDS}
        if not change:
            product = products.create_product.inside(
                **fields, stock=data["stock"], staff_id=staff_id, once=None
            )
            obj.pk, obj.sku = product.pk, product.sku
            return
        products.update_product.inside(
            product_id=obj.pk, seen_version=data["seen_version"], staff_id=staff_id, **fields
        )
        products.set_product_active.inside(product_id=obj.pk, active=data["active"], staff_id=staff_id)

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        products.delete_product.inside(product_id=obj.pk)


admin.site.register(ProductTerm, TermAdmin)


def match_product(typed: str) -> Q:
    """Matches rows of the product with this SKU or barcode."""
    named = Product.objects.with_code(typed)
    return Q(product__in=list(named.values_list("pk", flat=True)[:MAX_NAMED_ROWS]))


def match_order(typed: str) -> Q:
    """Matches rows of the order with this reference or external number."""
    # Orders know products; products do not import orders.
    named = apps.get_model("shop", "Order").objects.with_number(typed)
    return Q(order__in=list(named.values_list("pk", flat=True)[:MAX_NAMED_ROWS]))


class MovementForm(AdminForm, StockForm):
    """Moves or counts the stock of a product."""

    class Meta:
        model = StockMovement
        fields = ("product", "quantity", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The product is the first field here, and gets the focus.
        self.fields["quantity"].widget.attrs.pop("autofocus", None)


@admin.register(StockMovement)
class StockMovementAdmin(ShopAdmin):
    """Adds stock movements. Nobody changes or deletes one: another movement corrects it."""

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
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[StockMovement]:
        matches: models.QuerySet[StockMovement] = rows.filter(match_order(typed) | match_product(typed))
        return matches

    def save_model(self, request: HttpRequest, obj: StockMovement, form: Any, change: bool) -> None:
        """Adds the movement. `obj` stays without an id when a count finds the stock that is known already."""
        if form.is_count:
            self._count_stock(request, obj)
            return
        obj.pk = stock.adjust_stock.inside(
            product_id=obj.product_id,
            quantity=obj.quantity,
            reason=obj.reason,
            note=obj.note,
            staff_id=request.user.pk,
            once=None,
        ).pk

    def _count_stock(self, request: HttpRequest, obj: StockMovement) -> None:
        movements = obj.product.movements.order_by("-id")
        last_id = movements.values_list("pk", flat=True).first()
        stock.count_stock.inside(
            product_id=obj.product_id,
            counted=obj.quantity,
            note=obj.note,
            staff_id=request.user.pk,
            once=None,
        )
        movement = movements.first()
        if movement and movement.pk != last_id:
            obj.pk, obj.quantity = movement.pk, movement.quantity

    def log_addition(self, request: HttpRequest, obj: StockMovement, message: Any) -> Any:
        """Logs a count that added no movement as a change of the product."""
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

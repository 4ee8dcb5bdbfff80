"""Products in the admin. Their stock is moved by adding a stock movement."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.products import services as products
from shop.products.admin_forms import NewProductAdminForm, ProductAdminForm
from shop.products.models import Product, ProductTerm
from shop.search.admin import TermAdmin
from shop.web.admin import ShopAdmin

FIELDS = ("name", "sku", "unit_price", "barcode")


@admin.register(Product)
class ProductAdmin(ShopAdmin):
    form = ProductAdminForm
    list_display = ("name", "sku", "unit_price", "stock", "active")
    list_filter = ("active", ("stock", admin.EmptyFieldListFilter))
    ordering = ("name_key", "id")
    sortable_by = ("unit_price", "sku")
    search_help_text = "Beginnings of words of the name, the SKU or the barcode."
    readonly_fields = ("stock", "created_at", "changed_at", "changed_by")
    fieldsets: ClassVar[Any] = [(None, {"fields": [*FIELDS, "active", "seen_version", *readonly_fields]})]
    add_fieldsets: ClassVar[Any] = [(None, {"fields": [*FIELDS, "stock"]})]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewProductAdminForm
        return super().get_form(request, obj, change=change, **kwargs)

    def find(self, rows: Any, typed: str) -> models.QuerySet[Product]:
        """As the pages search."""
        found: models.QuerySet[Product] = rows.search(typed)
        return found

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        values, staff_id = {field: form.cleaned_data[field] for field in FIELDS}, request.user.pk
        if not change:
            stock = form.cleaned_data["stock"]
            made = products.create_product.inside(**values, stock=stock, staff_id=staff_id)
            obj.pk, obj.sku = made.pk, made.sku
            return
        seen = form.cleaned_data["seen_version"]
        products.update_product.inside(product_id=obj.pk, seen_version=seen, staff_id=staff_id, **values)
        products.set_product_active.inside(
            product_id=obj.pk, active=form.cleaned_data["active"], staff_id=staff_id
        )

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        products.delete_product.inside(product_id=obj.pk)


admin.site.register(ProductTerm, TermAdmin)

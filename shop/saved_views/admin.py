"""Saved views in the admin, which shows and deletes them. They are made on the lists' pages."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.saved_views import services as saved_views
from shop.saved_views.models import SavedView
from shop.web.admin import ShopAdmin


@admin.register(SavedView)
class SavedViewAdmin(ShopAdmin):
    list_display = ("name", "noun", "owner", "query")
    list_filter = ("noun",)
    list_select_related = ("owner",)
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "A part of the view's name."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[SavedView]:
        views: models.QuerySet[SavedView] = rows.filter(name__icontains=typed)
        return views

    def delete_model(self, request: HttpRequest, obj: SavedView) -> None:
        saved_views.delete_view.inside(view_id=obj.pk, owner_id=obj.owner_id)

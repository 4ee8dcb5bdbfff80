"""What the services keep for themselves: looked at when something is odd, never edited."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop import text
from shop.admin.base import ReadOnly, ShopAdmin
from shop.models import CustomerTerm, FailedSignIn, IdempotencyKey, ProductTerm, SearchTerm


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnly, ShopAdmin):
    actions = ()
    list_display = ("key", "object_id", "created_at")
    list_filter = ("created_at",)
    ordering = ("-created_at",)
    sortable_by = ("created_at",)
    search_help_text = "The whole key."

    def find(self, rows: Any, typed: str) -> models.QuerySet[IdempotencyKey]:
        found: models.QuerySet[IdempotencyKey] = rows.filter(pk=typed)
        return found


@admin.register(FailedSignIn)
class FailedSignInAdmin(ReadOnly, ShopAdmin):
    """Nothing in it can be read back; it is here to see how many there are."""

    actions = ()
    list_display = ("key", "failures", "changed_at")
    list_filter = ("changed_at",)
    ordering = ("-changed_at",)
    sortable_by = ("changed_at",)
    search_help_text = "The whole key."

    def find(self, rows: Any, typed: str) -> models.QuerySet[FailedSignIn]:
        found: models.QuerySet[FailedSignIn] = rows.filter(pk=typed)
        return found


class TermAdmin(ReadOnly, ShopAdmin):
    """Follows its row whenever a service saves that; shown to see why a search finds it."""

    actions = ()
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "The whole word."

    def get_list_display(self, request: HttpRequest) -> tuple[str, str]:
        return ("word", self._owner)

    def get_list_select_related(self, request: HttpRequest) -> tuple[str]:
        return (self._owner,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, str]:
        return ("word", self._owner)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str]:
        return ("word",)

    @property
    def _owner(self) -> str:
        return "customer" if self.model is CustomerTerm else "product"

    @admin.display(description="word")
    def word(self, term: SearchTerm) -> str:
        return bytes(term.term).decode()

    def find(self, rows: Any, typed: str) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = rows.filter(term=text.fold(typed).encode())
        return found


admin.site.register([CustomerTerm, ProductTerm], TermAdmin)

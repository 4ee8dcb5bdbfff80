"""Registers, sessions, counts and cash movements in the admin, where only names and prefixes change."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.till import services
from shop.till.admin_forms import RegisterForm
from shop.till.models import CashMovement, Register, TillCount, TillSession
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyInline, ReadOnlyMixin


@admin.register(Register)
class RegisterAdmin(ShopAdmin):
    """A new prefix is for the next documents only."""

    form = RegisterForm
    actions = ()
    list_display = ("name", "prefix", "purpose", "open_session", "opens_itself", "active")
    list_select_related = ("open_session",)
    ordering = ("id",)
    sortable_by = ()
    search_help_text = "The whole prefix."
    readonly_fields = ("purpose", "opens_itself", "active", "open_session", "next_number", "chain")
    fields = ("name", "prefix", *readonly_fields)

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Register]:
        matches: models.QuerySet[Register] = rows.filter(prefix=typed)
        return matches

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Register, form: Any, change: bool) -> None:
        services.rename_register.inside(register_id=obj.pk, **form.cleaned_data)


class CountInline(ReadOnlyInline):
    model = TillCount
    fields = readonly_fields = ("moment", "denomination", "pieces")
    ordering = ("moment", "-denomination")


class MovementInline(ReadOnlyInline):
    model = CashMovement
    fields = readonly_fields = ("created_at", "kind", "amount", "reason", "author")
    related = ("author",)
    ordering = ("id",)


@admin.register(TillSession)
class TillSessionAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    list_display = ("opened_at", "register", "number", "opened_by", "closed_at", "closed_by", "difference")
    list_select_related = ("register", "opened_by", "closed_by")
    inlines = (CountInline, MovementInline)
    ordering = ("-opened_at", "-id")
    sortable_by = ()
    search_help_text = "The whole prefix of a register."
    fields = readonly_fields = (
        *("register", "number", "opened_by", "opened_at", "float_expected", "opening_float"),
        *("closed_by", "closed_at", "expected", "counted", "difference", "banked", "note"),
        "drawer_openings",
    )

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[TillSession]:
        matches: models.QuerySet[TillSession] = rows.filter(register__prefix=typed)
        return matches


@admin.register(TillCount)
class TillCountAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = ("session", "moment", "denomination", "pieces")
    list_display = fields
    list_select_related = ("session",)
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "The whole prefix of a register."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[TillCount]:
        matches: models.QuerySet[TillCount] = rows.filter(session__register__prefix=typed)
        return matches


@admin.register(CashMovement)
class CashMovementAdmin(ReadOnlyMixin, ShopAdmin):
    actions = ()
    fields = readonly_fields = ("session", "kind", "amount", "reason", "author", "created_at")
    list_display = fields
    list_select_related = ("session", "author")
    ordering = ("-id",)
    sortable_by = ()
    search_help_text = "The whole prefix of a register."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[CashMovement]:
        matches: models.QuerySet[CashMovement] = rows.filter(session__register__prefix=typed)
        return matches

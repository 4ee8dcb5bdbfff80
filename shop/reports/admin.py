"""Sealed days and their sums in the admin: shown only. `manage.py seal_days` makes them."""

import datetime
from typing import Any

from django.contrib import admin
from django.db import models

from shop.reports.models import SealedDay
from shop.reports.rollups import ROLLUPS
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyMixin


class DayAdmin(ReadOnlyMixin, ShopAdmin):
    """Any table of days, the latest first."""

    actions = ()
    ordering = ("-day",)
    sortable_by = ()
    search_help_text = "A day, as in 2026-11-26."

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Any]:
        try:
            day = datetime.date.fromisoformat(typed)
        except ValueError:
            nothing: models.QuerySet[Any] = rows.none()
            return nothing
        found: models.QuerySet[Any] = rows.filter(day=day)
        return found


@admin.register(SealedDay)
class SealedDayAdmin(DayAdmin):
    fields = readonly_fields = ("day", "version", "sealed_at")
    list_display = ("day", "sealed_at")


def _register(model: type[models.Model]) -> None:
    names = tuple(field.name for field in model._meta.concrete_fields if field.name != "id")
    made = type(f"{model.__name__}Admin", (DayAdmin,), {"fields": names, "list_display": names})
    made.readonly_fields = names  # type: ignore[attr-defined]  # made here
    made.ordering = ("-day", "-id")  # type: ignore[attr-defined]
    admin.site.register(model, made)


for _rollup in ROLLUPS:
    for _model in (_rollup.day, _rollup.month, _rollup.year):
        if _model:
            _register(_model)

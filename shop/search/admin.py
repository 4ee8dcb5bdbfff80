"""Search terms in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shop.search import text
from shop.search.models import SearchTerm
from shop.web.admin import ShopAdmin
from shop.web.read_only_admin import ReadOnlyMixin


class TermAdmin(ReadOnlyMixin, ShopAdmin):
    """Shows the words of rows, so that people can see why a search finds a row."""

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
        return str(self.model._meta.model_name).removesuffix("term")

    @admin.display(description="word")
    def word(self, term: SearchTerm) -> str:
        return bytes(term.term).decode()

    def search_rows(self, rows: Any, typed: str) -> models.QuerySet[Any]:
        matches: models.QuerySet[Any] = rows.filter(term=text.fold(typed).encode())
        return matches

"""Base classes for admins and inlines that show rows and never change them."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    TabularInline = admin.TabularInline
    InlineFormSet = BaseInlineFormSet

#: Rows of one model on the page of the row that they belong to.
MAX_INLINE_ROWS = 200


class ReadOnlyMixin(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Makes an admin or an inline one that nobody adds, changes or deletes rows with."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyFormSet(InlineFormSet):
    """Shows the first rows that belong to another one. It ignores whatever a browser sends."""

    def __init__(self, data: Any = None, files: Any = None, save_as_new: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []

    def get_queryset(self) -> Any:
        if not hasattr(self, "_rows"):
            self._rows = super().get_queryset()[:MAX_INLINE_ROWS]
        return self._rows

    def is_valid(self) -> bool:
        return True

    def save(self, commit: bool = True) -> list[Any]:
        return []


class ReadOnlyInline(ReadOnlyMixin, TabularInline):
    """Shows rows on the page of the row that they belong to."""

    formset = ReadOnlyFormSet
    extra = 0
    max_num = 0
    can_delete = False
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)

"""Checks the lookups in addresses of the admin, and the ids in its forms and actions.

Django accepts any lookup of the model's fields, regular expressions too, and passes invalid values to the
database.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter, helpers
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse

from shop.db.ids import is_id

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

#: Years that a date of a filter may have: none that becomes another one in some time zone.
FIRST_YEAR, LAST_YEAR = 1900, 9998


def is_filter_lookup(model: type[models.Model], list_filter: Iterable[Any], lookup: str, value: str) -> bool:
    """Whether one of the list's filters has a link with this lookup, and could have this value."""
    for entry in list_filter:
        path, kind = entry if isinstance(entry, tuple) else (entry, None)
        field: Any = get_fields_from_path(model, path)[-1]
        target = f"{path}__{field.target_field.name}" if field.is_relation else path
        if kind is EmptyFieldListFilter:
            yes_or_no, exact = {f"{path}__isempty"}, set()
        elif isinstance(field, models.DateField):
            yes_or_no, exact = {f"{path}__isnull"}, {f"{path}__gte", f"{path}__lt"}
        else:
            yes_or_no, exact = {f"{path}__isnull"}, {f"{target}__exact"}
        if lookup in yes_or_no:
            return value in {"0", "1", "True", "False"}
        if lookup in exact:
            return _can_hold(field.target_field if field.is_relation else field, value)
    return False


def _can_hold(field: Any, value: str) -> bool:
    """Whether a column of this kind could hold the value."""
    if field.choices:
        return value in {str(choice) for choice, _ in field.choices}
    if isinstance(field, models.AutoField):
        return is_id(value)
    try:
        typed = field.to_python(value)
    except (ValidationError, ValueError, OverflowError):
        return False
    return not isinstance(field, models.DateField) or (
        typed is not None and FIRST_YEAR <= typed.year <= LAST_YEAR
    )


class RowSelect(AutocompleteSelect):
    """Does not look up ids that no row could have; Django's widget would, to show them again."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [pk for pk in value if is_id(str(pk))] or [""], attr)


class RowsField(ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Refuses ids that are too large for the database; Django's field would look them up."""

    def clean(self, value: Any) -> Any:
        for pk in value or ():
            if not is_id(str(pk)):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(pk)[:50]},
                )
        return super().clean(value)


class StrictLookupsAdmin(ModelAdmin):
    """Refuses lookups, fields and ids that none of its pages sends."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:  # type: ignore[override]
        """Allows only the lookups of the list's filters: no other column, no regular expression."""
        return is_filter_lookup(self.model, self.get_list_filter(request), lookup, value)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Allows only ids to name rows."""
        return to_field == self.opts.pk.name

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        """Leaves out ids that no row could have."""
        chosen = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
        fields: Any = request.POST.copy()
        fields.setlist(helpers.ACTION_CHECKBOX_NAME, [pk for pk in chosen if is_id(pk)])
        request.POST = fields
        return super().response_action(request, queryset)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **{"form_class": RowsField, **kwargs})

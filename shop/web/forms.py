"""Base classes of the forms. A form cleans values; it never saves, and never queries the database."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from shop.db.errors import InvalidFields, ShopError
from shop.search import text


def build_helper(*, labels: bool = True) -> FormHelper:
    """Builds a crispy helper that leaves the form tag, its token and its buttons to the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_labels = labels
    return helper


class ErrorsMixin(forms.BaseForm):
    """Refuses hidden text, and takes a service's refusal as if the form had found it."""

    #: Fields whose text is looked up or compared, and never kept.
    not_kept: ClassVar[frozenset[str]] = frozenset()
    #: Fields of several lines, besides those that are drawn so.
    with_lines: ClassVar[frozenset[str]] = frozenset()

    def clean(self) -> dict[str, Any]:
        """Refuses text that cannot be seen or hides what it is, where it is kept."""
        data: dict[str, Any] = super().clean() or {}
        for name, field in self.fields.items():
            if not isinstance(field, forms.CharField) or name in self.not_kept:
                continue
            has_lines = isinstance(field.widget, forms.Textarea) or name in self.with_lines
            problem = text.find_problem(data.get(name) or "", lines=has_lines)
            if problem:
                self.add_error(name, problem)
        return data

    def add_refusal(self, refusal: ShopError) -> None:
        """Adds each sentence to its field; what belongs to no field goes above the form."""
        if not isinstance(refusal, InvalidFields):
            self.add_error(None, refusal.detail)
            return
        for field, sentence in refusal.fields.items():
            self.add_error(field if field in self.fields else None, sentence)

    def sentences(self) -> dict[str, str]:
        """Returns the errors of each field as one text; "__all__" holds those of the form itself."""
        return {field: " ".join(str(error) for error in errors) for field, errors in self.errors.items()}


class ShopForm(ErrorsMixin, forms.Form):
    """A form without a model."""


class ShopModelForm(ErrorsMixin, forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Takes types, lengths and labels from the model.

    The services check uniqueness and constraints, inside the transaction.
    """

    def validate_unique(self) -> None:
        """Does nothing: the services check."""


def mark_invalid(form: forms.BaseForm) -> None:
    """Moves the focus to the first field with an error."""
    for name in form.fields:
        form.fields[name].widget.attrs.pop("autofocus", None)
    first = next((name for name in form.fields if name in form.errors), None)
    if first:
        form.fields[first].widget.attrs["autofocus"] = True

"""Base classes of the forms. A form cleans values and never saves. It reads rows as choices only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from shop.db.errors import InvalidFields, ShopError, list_errors
from shop.search import text
from shop.web.wording import word_error


def build_helper(*, labels: bool = True) -> FormHelper:
    """Builds a crispy helper that leaves the form tag, its token and its buttons to the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_labels = labels
    return helper


def find_field(error: ShopError, field_of: Mapping[type[ShopError], str]) -> str | None:
    """Returns the field for the class of an error or a base class; None when there is none."""
    return next((field for kind, field in field_of.items() if isinstance(error, kind)), None)


class ErrorsMixin(forms.BaseForm):
    """Refuses hidden characters, and shows errors of services like those of the form."""

    #: Fields whose text is only compared or searched for, never stored.
    not_kept: ClassVar[frozenset[str]] = frozenset()
    #: Fields that allow several lines, besides those with a Textarea.
    with_lines: ClassVar[frozenset[str]] = frozenset()
    #: The field for each class of error; other errors belong to the whole form.
    field_of: ClassVar[Mapping[type[ShopError], str]] = {}

    def clean(self) -> dict[str, Any]:
        """Refuses invisible or misleading text in fields that are stored."""
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
        """Adds each sentence to its field, or to the form when there is no such field."""
        for error in list_errors(refusal):
            sentences = [(find_field(error, self.field_of), self.word(error))]
            if isinstance(error, InvalidFields):
                sentences = [*error.fields.items()]
            for field, sentence in sentences:
                self.add_error(field if field in self.fields else None, sentence)

    def word(self, error: ShopError) -> str:
        """Returns the sentence for an error. A form may override it."""
        return word_error(error)

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


def focus_first_error(form: forms.BaseForm) -> None:
    """Moves the focus to the first field with an error."""
    for name in form.fields:
        form.fields[name].widget.attrs.pop("autofocus", None)
    first = next((name for name in form.fields if name in form.errors), None)
    if first:
        form.fields[first].widget.attrs["autofocus"] = True

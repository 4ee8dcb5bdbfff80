"""What the forms share. A form cleans; it never saves and never asks the database."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms

from shop.db.errors import InvalidFields, ShopError
from shop.search import text


def helper(*, labels: bool = True) -> FormHelper:
    """A crispy helper that leaves the form tag, its token and its buttons to the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.form_show_labels = labels
    return made


class ErrorsMixin(forms.BaseForm):
    """Refuses hidden text, and takes a service's refusal as if the form had found it."""

    #: Fields whose text is looked up or compared, and never kept.
    not_kept: ClassVar[frozenset[str]] = frozenset()
    #: Fields of several lines, besides those that are drawn so.
    with_lines: ClassVar[frozenset[str]] = frozenset()

    def clean(self) -> dict[str, Any]:
        """Every text that is kept can be seen, and hides nothing."""
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
        """Puts each sentence at its field, and what belongs to no field above the form."""
        if not isinstance(refusal, InvalidFields):
            self.add_error(None, refusal.detail)
            return
        for field, sentence in refusal.fields.items():
            self.add_error(field if field in self.fields else None, sentence)

    def sentences(self) -> dict[str, str]:
        """Every error by field, as the JSON API sends them; "__all__" for the form's own."""
        return {field: " ".join(str(error) for error in errors) for field, errors in self.errors.items()}


class ShopForm(ErrorsMixin, forms.Form):
    """A form of its own."""


class ShopModelForm(ErrorsMixin, forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Takes types, lengths and labels from the model.

    Uniqueness and constraints are the services' to look at, inside the transaction.
    """

    def validate_unique(self) -> None:
        """Left to the services."""


def mark_invalid(form: forms.BaseForm) -> None:
    """Moves the focus to the first field with an error."""
    for name in form.fields:
        form.fields[name].widget.attrs.pop("autofocus", None)
    first = next((name for name in form.fields if name in form.errors), None)
    if first:
        form.fields[first].widget.attrs["autofocus"] = True

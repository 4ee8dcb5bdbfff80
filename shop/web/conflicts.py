"""The panel that shows what somebody else changed meanwhile: on forms, at the desk, before placing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.text import Truncator

from shop.db.errors import Change, Difference, Stale
from shop.staff import changes
from shop.staff.changes import format_value
from shop.web.forms import ShopModelForm
from shop.web.requests import StaffRequest
from shop.web.snapshots import FormSeen
from shop.web.wording import WordedDifference, word_difference, word_error

#: A longer text is cut where a screen reader reads it aloud. The panel shows all of it.
MAX_SPOKEN_CHARACTERS = 80
UNREADABLE_SNAPSHOT = (
    "It cannot be told what this page showed. Nothing of yours was saved yet. Please compare."
)


@dataclass(frozen=True)
class Conflict:
    """What the panel shows. `change` is the one change that all rows come from, or None."""

    title: str
    rows: list[WordedDifference]
    change: Change | None

    @cached_property
    def has_wanted_value(self) -> bool:
        """Whether the clerk wanted to save another value in any row."""
        return any(row.wanted for row in self.rows)

    @property
    def spoken_text(self) -> str:
        """The panel as sentences, for screen readers."""
        sentences = [self.title]
        for row in self.rows:
            values = [("was", row.was), ("is now", row.now), ("yours is", row.wanted)]
            text = ", ".join(
                f"{verb} {Truncator(value).chars(MAX_SPOKEN_CHARACTERS)}" for verb, value in values if value
            )
            sentences.append(f"{row.what}: {text}.")
        return " ".join(
            [*sentences, changes.write_change_sentence(self.change) if self.change else ""]
        ).strip()


def build_conflict(request: StaffRequest, title: str, differences: Iterable[Difference]) -> Conflict:
    """Builds the panel for these differences. Reads the names of those who changed them."""
    rows = [
        replace(row, change=replace(row.change, by="you"))
        if row.change and row.change.by_id == request.user.pk
        else row
        for row in changes.name_changers(differences)
    ]
    return Conflict(title, [word_difference(row) for row in rows], changes.find_common_change(rows))


# --- Forms. A form carries the texts that its fields held when it was shown. There are three values of a
# field then: seen, stored now, and sent. Comparing them tells who changed what.


def read_form_texts(form: ShopModelForm) -> dict[str, str]:
    """Returns the texts in the fields of a form that shows a row, and whether the row is retired."""
    texts = {name: _normalise_text(form[name].value()) for name in form.fields}
    return texts | {"retired": format_value(not form.instance.active)}


def build_form_conflict(request: StaffRequest, form: ShopModelForm, stale: Stale, seen: FormSeen) -> Conflict:
    """Builds the panel of a form. A field that the clerk did not change gets the stored value."""
    now = read_form_texts(type(form)(instance=stale.now))
    unequal = _find_unequal_fields(form, stale.now)
    change = changes.get_last_change(stale.now)
    data = cast(QueryDict, form.data).copy()
    rows = []
    for name, text in now.items():
        was, typed = seen.fields.get(name), _normalise_text(form.data.get(name))
        if was == text or (was is None and name not in unequal):
            continue
        wanted = _format_field_text(form, name, typed)
        if name not in form.fields or was == typed:
            wanted = "not changed"
            data[name] = text
        before = "not known" if was is None else _format_field_text(form, name, was)
        rows.append(
            Difference(
                _get_label(form, name), before, _format_field_text(form, name, text), wanted, change=change
            )
        )
    form.data = data
    return build_conflict(request, word_error(stale) if seen.version else UNREADABLE_SNAPSHOT, rows)


def _find_unequal_fields(form: ShopModelForm, row: models.Model) -> set[str]:
    """Returns the names of the fields whose sent value is not that of the row."""
    return {name for name, value in form.cleaned_data.items() if getattr(row, name) != value}


def _normalise_text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")


def _get_label(form: ShopModelForm, name: str) -> str:
    return str(form[name].label) if name in form.fields else name.capitalize()


def _format_field_text(form: ShopModelForm, name: str, text: str) -> str:
    """Formats the text of a field for people: amounts with their currency."""
    field = form.fields.get(name)
    if text and isinstance(field, forms.DecimalField):
        try:
            return format_value(field.clean(text))
        except ValidationError:
            return text
    return format_value(text)

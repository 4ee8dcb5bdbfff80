"""The panel that says what somebody else changed meanwhile: on forms, at the desk, before placing."""

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
from shop.staff import changes as authors
from shop.staff.changes import format_value
from shop.web.forms import ShopModelForm
from shop.web.requests import StaffRequest
from shop.web.snapshots import FormSeen
from shop.web.wording import WordedDifference, word_difference, word_error

#: Of a long text so much is said aloud; the panel shows all of it.
SAID = 80
NOT_KNOWN = "It cannot be told what this page showed. Nothing of yours was saved yet. Please compare."


@dataclass(frozen=True)
class Conflict:
    """What differs. `change` is who made all of it; None where each row has its own."""

    title: str
    rows: list[WordedDifference]
    change: Change | None

    @cached_property
    def has_mine(self) -> bool:
        """Whether the clerk wants something else than what is there, and not just to know it."""
        return any(row.mine for row in self.rows)

    @property
    def whole(self) -> str:
        """All of it in sentences, to be said aloud."""
        said = [self.title]
        for row in self.rows:
            values = [("was", row.was), ("is now", row.now), ("yours is", row.mine)]
            told = ", ".join(f"{verb} {Truncator(value).chars(SAID)}" for verb, value in values if value)
            said.append(f"{row.what}: {told}.")
        return " ".join([*said, authors.write_change_sentence(self.change) if self.change else ""]).strip()


def build_conflict(request: StaffRequest, title: str, differences: Iterable[Difference]) -> Conflict:
    """The panel for these differences, with the names of those who made them."""
    rows = [
        replace(row, change=replace(row.change, by="you"))
        if row.change and row.change.by_id == request.user.pk
        else row
        for row in authors.name_changers(differences)
    ]
    return Conflict(title, [word_difference(row) for row in rows], authors.find_common_change(rows))


# --- Forms. They carry what their fields held when they were shown, so that of three values (seen,
# there now, typed) it can be told who changed what.


def read_form_texts(form: ShopModelForm) -> dict[str, str]:
    """What the fields of this form, made from a row and not sent yet, show; and whether that is retired."""
    texts = {name: _text(form[name].value()) for name in form.fields}
    return texts | {"retired": format_value(not form.instance.active)}


def build_form_conflict(request: StaffRequest, form: ShopModelForm, stale: Stale, seen: FormSeen) -> Conflict:
    """What differs between the three. A field that the clerk left alone gets what is there now."""
    now = read_form_texts(type(form)(instance=stale.now))
    wanted = _different(form, stale.now)
    change = authors.get_last_change(stale.now)
    data = cast(QueryDict, form.data).copy()
    rows = []
    for name, text in now.items():
        was, typed = seen.fields.get(name), _text(form.data.get(name))
        if was == text or (was is None and name not in wanted):
            continue
        mine = _readable(form, name, typed)
        if name not in form.fields or was == typed:
            mine, data[name] = "not changed", text
        before = "not known" if was is None else _readable(form, name, was)
        rows.append(Difference(_label(form, name), before, _readable(form, name, text), mine, change=change))
    form.data = data
    return build_conflict(request, word_error(stale) if seen.version else NOT_KNOWN, rows)


def _different(form: ShopModelForm, row: models.Model) -> set[str]:
    """The fields in which what was sent is not what the row holds."""
    return {name for name, value in form.cleaned_data.items() if getattr(row, name) != value}


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")


def _label(form: ShopModelForm, name: str) -> str:
    return str(form[name].label) if name in form.fields else name.capitalize()


def _readable(form: ShopModelForm, name: str, text: str) -> str:
    """A field's text as people read it: amounts with their currency."""
    field = form.fields.get(name)
    if text and isinstance(field, forms.DecimalField):
        try:
            return format_value(field.clean(text))
        except ValidationError:
            return text
    return format_value(text)

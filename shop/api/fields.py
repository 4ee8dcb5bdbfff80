"""Reads the fields of a JSON object. Where a page has a form for them, the form checks them."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeGuard

from django import forms
from django.db import models

from shop.db.errors import InvalidFields
from shop.money.amounts import format_amount
from shop.web.forms import ShopModelForm

#: Form field names that have another name in JSON.
JSON_NAMES = {"unit_price": "price"}
NOT_AN_AMOUNT = "Send an amount: a number, or text such as “12.50”."


def clean_values(
    form_class: type[ShopModelForm], body: Mapping[str, Any], present: models.Model | None = None
) -> dict[str, Any]:
    """Returns the cleaned values of `body`, by the names of the form's fields.

    A field that is missing in `body` gets the value of `present`, the row that is changed. Null
    empties a field. Raises InvalidFields, with the names of the JSON.
    """
    values: dict[str, Any] = {}
    mistaken: dict[str, str] = {}
    for name, field in form_class.base_fields.items():
        value = body.get(JSON_NAMES.get(name, name), _read_present(present, name))
        sentence = _find_type_problem(field, value)
        if sentence:
            mistaken[name] = sentence
        else:
            values[name] = value
    form = form_class(values)
    # The form did not get values of a wrong type, so its message "required" would be misleading.
    problems = form.sentences() | mistaken
    if problems:
        raise InvalidFields({JSON_NAMES.get(name, name): text for name, text in problems.items()})
    return form.cleaned_data


def read_fields(body: Mapping[str, Any], **readers: Callable[[Any], Any]) -> dict[str, Any]:
    """Returns what each reader makes of its field; None is the value of a field that is missing.

    A reader raises ValueError with a sentence. Raises InvalidFields with all of them.
    """
    values, problems = {}, {}
    for field, read in readers.items():
        try:
            values[field] = read(body.get(field))
        except ValueError as error:
            problems[field] = str(error)
    if problems:
        raise InvalidFields(problems)
    return values


def _read_present(present: models.Model | None, name: str) -> Any:
    """The value of a field as a form takes it: a row that is referred to by its key."""
    return None if present is None else present.serializable_value(name)


def write_fields(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Returns these fields of a row by their JSON names; amounts are text, other rows are keys."""
    values = {name: row.serializable_value(name) for name in names}
    return {
        JSON_NAMES.get(name, name): format_amount(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether a JSON value is a whole number. In Python, True and False are ints too."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_amount(value: Any) -> bool:
    """Whether a JSON value is a number, or text that may be one."""
    return is_whole(value) or isinstance(value, str | Decimal)


def _find_type_problem(field: forms.Field, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(field, forms.DecimalField):
        return "" if is_amount(value) else NOT_AN_AMOUNT
    if isinstance(field, forms.IntegerField):
        return "" if is_whole(value) else "Send a whole number."
    return "" if isinstance(value, str) else "Send text."

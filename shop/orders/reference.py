"""References of orders, such as K7M-2QX4. Only this module knows their format."""

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField

from django.urls.converters import StringConverter

from shop.db.ids import CODE_ALPHABET

#: Letters and digits of a reference, without its dash.
REFERENCE_LENGTH = 7
#: The dash stands after so many of them.
_HEAD = 3
# Also accepts letters that no reference has; no order is found for those.
_PATTERN = f"[0-9A-Za-z]{{{_HEAD}}}-[0-9A-Za-z]{{{REFERENCE_LENGTH - _HEAD}}}"
_REFERENCE = re.compile(_PATTERN)


def new_reference() -> str:
    """Returns a random reference, one of 2·10¹⁰; the database keeps it unique."""
    letters = [secrets.choice(CODE_ALPHABET) for _ in range(REFERENCE_LENGTH)]
    letters.insert(_HEAD, "-")
    return "".join(letters)


def format_reference(letters: str) -> str:
    """Returns the reference of these letters and digits."""
    return f"{letters[:_HEAD]}-{letters[_HEAD:]}"


def parse_reference(typed: str) -> str | None:
    """Returns the reference for text in any case, with or without its dash; None if it is no reference."""
    letters = _read_letters(typed)
    return format_reference(letters) if len(letters) == REFERENCE_LENGTH else None


def find_references(typed: Iterable[str]) -> list[str]:
    """Returns the texts that are references, in capitals, in their order and without repeats."""
    references = [text.upper() for text in typed if _REFERENCE.fullmatch(text)]
    return list(dict.fromkeys(references))


def find_range(typed: str) -> tuple[str, str] | None:
    """Returns the first and the last reference that begin as typed; None where none can.

    All references have the same length, so a range uses the index under every collation.
    """
    letters = _read_letters(typed)
    if not letters.isascii() or not 0 < len(letters) <= REFERENCE_LENGTH:
        return None
    first, last = CODE_ALPHABET[0], CODE_ALPHABET[-1]
    return (
        format_reference(letters.ljust(REFERENCE_LENGTH, first)),
        format_reference(letters.ljust(REFERENCE_LENGTH, last)),
    )


def _read_letters(typed: str) -> str:
    return "".join(char for char in typed.upper() if char.isalnum())


class ReferenceConverter(StringConverter):
    """Reads a reference, typed in any case, from an address."""

    regex = _PATTERN

    def to_python(self, value: str) -> str:
        return value.upper()


class ReferenceField(CharField):
    """A text column that gets a random reference when a row without one is first stored.

    Migrations see a plain text column, so that none of them imports this module.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        reference: str = getattr(model_instance, self.attname)
        if add and not reference:
            reference = new_reference()
            setattr(model_instance, self.attname, reference)
        return reference

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options

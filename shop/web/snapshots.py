"""Snapshots: a signed hidden field with the values that a page showed.

A view writes a snapshot when it draws a form, and reads it when the form comes back. The signature
binds it to the kind of page, to the row that the page is about, and to the user.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing

from shop.db.errors import ShopError
from shop.db.ids import MAX_ID
from shop.staff.models import User
from shop.web.requests import StaffRequest
from shop.web.wording import word_error

#: The hidden field, and its name in every form.
FIELD = "snapshot"
#: Characters of a snapshot: room for MAX_LINES lines with long names. A longer one is refused unread.
MAX_LENGTH = 150_000

ValueT = TypeVar("ValueT")


@dataclass(eq=False)
class SnapshotRefused(ShopError):
    """The snapshot is missing, too long, forged, or was made for another page, row or person.

    `advice` says to the reader what to do.
    """

    code = "snapshot_refused"
    http_status = 422

    advice: str

    def values(self) -> dict[str, Any]:
        return {}


@word_error.register
def _(error: SnapshotRefused) -> str:
    return error.advice


@dataclass(frozen=True)
class Snapshot(Generic[ValueT]):
    """One kind of page: how what it knows is written as JSON and read again.

    `decode` raises ValueError, TypeError or ArithmeticError for what no page of ours shows;
    `refusal` says then what to do.
    """

    kind: str
    refusal: str
    encode: Callable[[ValueT], object]
    decode: Callable[[Any], ValueT]

    def write(self, user: User, row: str, value: ValueT) -> str:
        """Returns the value of the hidden field for this row and user. Equal values give equal texts."""
        text = json.dumps(self.encode(value), ensure_ascii=False, separators=(",", ":"))
        return self._signer(user, row).sign(text)

    def read(self, request: StaffRequest, row: str) -> ValueT:
        """Returns the value that the page of the sent form had. Raises SnapshotRefused."""
        text = request.POST.get(FIELD, "")
        try:
            if len(text) > MAX_LENGTH:
                raise ValueError("longer than any page's")
            return self.decode(json.loads(self._signer(request.user, row).unsign(text)))
        except (signing.BadSignature, ValueError, TypeError, ArithmeticError) as error:
            raise SnapshotRefused(self.refusal) from error

    def _signer(self, user: User, row: str) -> signing.Signer:
        return signing.Signer(salt=f"shop.snapshot.{self.kind}.{user.pk}.{row}")


def name_form_row(row: Any) -> str:
    """Names a row for the snapshot of its form."""
    return f"{row._meta.model_name} {row.pk}"


@dataclass(frozen=True)
class FormSeen:
    """The version of a row, and the texts in the fields of its form."""

    version: int
    fields: dict[str, str]


def check_whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"no whole number between {least} and {most}")
    return value


def check_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def check_id_or_none(value: Any) -> int | None:
    return None if value is None else check_whole(value, 1, MAX_ID)


def _decode_form(value: Any) -> FormSeen:
    version, fields = value
    texts = {check_text(name): check_text(text) for name, text in dict(fields).items()}
    return FormSeen(check_whole(version, 1, MAX_ID), texts)


LOAD_PAGE_ANEW = "Please load this page again: it cannot be told what it showed. Nothing was changed."

#: The form of a customer or product; its row is `name_form_row`.
FORM = Snapshot[FormSeen]("form", LOAD_PAGE_ANEW, lambda seen: [seen.version, seen.fields], _decode_form)

"""What a page knew when it was drawn: one signed hidden field, whatever the page.

A view writes a snapshot when it draws a form, and reads it when the form comes back. The signature
binds it to the kind of page, to the row that the page is about, and to whoever looked at it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core import signing

from shop.errors import ShopError
from shop.models import MAX_AMOUNT, MAX_QUANTITY, Customer, Product, User
from shop.services.drafts import MAX_LINES
from shop.services.placing import Seen, SeenLine
from shop.views.requests import StaffRequest

#: The hidden field, and its name in every form.
FIELD = "snapshot"
#: Characters of a snapshot: room for MAX_LINES lines with long names. A longer one is not even unsigned.
MAX_LENGTH = 150_000
#: Of a line's name so much is kept: it is only said of a line that was removed.
MAX_NAME = 80
MAX_ID = 2**63 - 1

ValueT = TypeVar("ValueT")


class SnapshotRefused(ShopError):
    """The snapshot is missing, too long, forged, or was made for another page, row or person."""

    code = "snapshot_refused"
    status = 422


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
        """The hidden field's value on a page about `row` that `user` looks at. The same again is the same."""
        text = json.dumps(self.encode(value), ensure_ascii=False, separators=(",", ":"))
        return self._signer(user, row).sign(text)

    def read(self, request: StaffRequest, row: str) -> ValueT:
        """What the page knew that this form comes from. Raises SnapshotRefused."""
        text = request.POST.get(FIELD, "")
        try:
            if len(text) > MAX_LENGTH:
                raise ValueError("longer than any page's")
            return self.decode(json.loads(self._signer(request.user, row).unsign(text)))
        except (signing.BadSignature, ValueError, TypeError, ArithmeticError) as error:
            raise SnapshotRefused(self.refusal) from error

    def _signer(self, user: User, row: str) -> signing.Signer:
        return signing.Signer(salt=f"shop.snapshot.{self.kind}.{user.pk}.{row}")


def line_row(reference: str, line_id: int) -> str:
    """Names a line for its snapshot; orders are named by their reference."""
    return f"{reference} {line_id}"


def form_row(row: Customer | Product) -> str:
    """Names a customer or product for the snapshot of its form."""
    return f"{row._meta.model_name} {row.pk}"


# --- What the kinds of pages know.


@dataclass(frozen=True)
class LineSeen:
    """A line's quantity, 0 where it is gone, and its product."""

    quantity: int
    product_id: int


@dataclass(frozen=True)
class ReviewSeen:
    """The order that a review shows, and what accepting was said to make of it."""

    seen: Seen
    offered: Seen


@dataclass(frozen=True)
class FormSeen:
    """The version of a customer or product, and the texts in the fields of its form."""

    version: int
    fields: dict[str, str]


def _check_whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"no whole number between {least} and {most}")
    return value


def _check_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _check_price(text: Any) -> Decimal:
    price = Decimal(_check_text(text))
    if not 0 <= price <= MAX_AMOUNT:
        raise ValueError("no price")
    return price


def _check_id_or_none(value: Any) -> int | None:
    return None if value is None else _check_whole(value, 1, MAX_ID)


def _decode_line(value: Any) -> LineSeen:
    quantity, product_id = value
    return LineSeen(_check_whole(quantity, 0, MAX_QUANTITY), _check_whole(product_id, 1, MAX_ID))


def _encode_order(seen: Seen, longest_name: int) -> object:
    lines = [
        [line.line_id, line.quantity, str(line.unit_price), line.name[:longest_name]] for line in seen.lines
    ]
    return [seen.customer_id, lines]


def _decode_order(value: Any) -> Seen:
    customer_id, lines = value
    if len(lines) > MAX_LINES:
        raise ValueError("more lines than an order has")
    return Seen(_check_id_or_none(customer_id), tuple(_decode_order_line(*line) for line in lines))


def _decode_order_line(line_id: Any, quantity: Any, price: Any, name: Any) -> SeenLine:
    return SeenLine(
        _check_whole(line_id, 1, MAX_ID),
        _check_whole(quantity, 1, MAX_QUANTITY),
        _check_price(price),
        _check_text(name),
    )


def _decode_review(value: Any) -> ReviewSeen:
    seen, offered = value
    return ReviewSeen(_decode_order(seen), _decode_order(offered))


def _decode_form(value: Any) -> FormSeen:
    version, fields = value
    texts = {_check_text(name): _check_text(text) for name, text in dict(fields).items()}
    return FormSeen(_check_whole(version, 1, MAX_ID), texts)


LOAD_AGAIN = "Please load this page again: it cannot be told what it showed. Nothing was changed."
REVIEW_AGAIN = "Please review the order again before placing it."

#: A line's quantity at the desk; its row is `line_row`.
LINE = Snapshot[LineSeen]("line", LOAD_AGAIN, lambda seen: [seen.quantity, seen.product_id], _decode_line)
#: The customer of a draft (None: a walk-in) at the desk.
CUSTOMER = Snapshot[int | None]("customer", LOAD_AGAIN, lambda seen: seen, _check_id_or_none)
#: The note of a draft at the desk.
NOTE = Snapshot[str]("note", LOAD_AGAIN, lambda seen: seen, _check_text)
#: The review of a draft, from which it is placed, or changes are accepted.
REVIEW = Snapshot[ReviewSeen](
    "review",
    REVIEW_AGAIN,
    lambda seen: [_encode_order(seen.seen, MAX_NAME), _encode_order(seen.offered, 0)],
    _decode_review,
)
#: The form of a customer or product; its row is `form_row`.
FORM = Snapshot[FormSeen]("form", LOAD_AGAIN, lambda seen: [seen.version, seen.fields], _decode_form)

"""Parses rows of the Online Retail data set: each becomes a RetailLine, or a Reject with a reason.

Nothing is rounded and no row is dropped.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.orders.queries import FIRST_DAY, LAST_DAY
from shop.search import text

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
DATE_FORMAT = "%Y-%m-%d %H:%M:%S"

#: Lengths of the columns that hold these texts.
MAX_CODE, MAX_DESCRIPTION, MAX_COUNTRY = 40, 200, 200

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
_CUSTOMER = re.compile(r"([0-9A-Za-z][0-9A-Za-z-]*)(?:\.0*)?")
_UNDECODABLE = re.compile("[\udc80-\udcff]")


class Reason(StrEnum):
    """Why a row was not stored as a line of an order or of a credit note."""

    CREDIT_QUANTITY = "credit_quantity"
    ADJUSTMENT = "adjustment"
    NEGATIVE_PRICE = "negative_price"
    INEXACT_PRICE = "inexact_price"
    UNREADABLE = "unreadable"
    BAD_ENCODING = "bad_encoding"
    OTHER_CUSTOMER = "other_customer"
    INVOICE_TOO_LARGE = "invoice_too_large"
    INVOICE_CONTINUED = "invoice_continued"
    ALREADY_IMPORTED = "already_imported"


@dataclass(frozen=True, slots=True)
class Source:
    """The place of a row in its file, and its text. Bytes that are not UTF-8 are kept as surrogates."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is not stored, and why."""

    source: Source
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class RetailLine:
    """A row that was sold or, on a credit note, given back: exact price, quantity of at least 1.

    `sku` is the StockCode in capitals, since the same code comes in both cases; `description`
    and `customer` may be empty.
    """

    source: Source
    invoice: str
    sku: str
    description: str
    quantity: int
    dated_at: datetime
    unit_price: Decimal
    customer: str
    country: str

    @property
    def total(self) -> Decimal:
        """Quantity × unit price, exact."""
        return self.quantity * self.unit_price


def is_credit_note(number: str) -> bool:
    """Whether this is the number of a credit note, which gives back what was sold."""
    return number.upper().startswith("C")


class _RowRefused(Exception):
    """The row is not a RetailLine; parse_row makes a Reject of this."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def parse_row(source: Source, fields: list[str] | None) -> RetailLine | Reject:
    """Returns the row as a RetailLine or a Reject. `fields` is None when the row could not be split."""
    try:
        return _parse_line(source, fields)
    except _RowRefused as refused:
        return Reject(source, refused.reason, refused.detail)


def _parse_line(source: Source, fields: list[str] | None) -> RetailLine:
    """Returns the row as a RetailLine. Raises _RowRefused.

    Reports an adjustment before other problems, which do not matter then.
    """
    if fields is None or len(fields) != len(COLUMNS):
        raise _make_unreadable_error(f"{len(COLUMNS)} columns are expected.")
    if _UNDECODABLE.search(source.text):
        raise _RowRefused(Reason.BAD_ENCODING, "The text is not UTF-8.")
    if "\0" in source.text:
        raise _make_unreadable_error("The row holds a NUL character.")
    invoice, code, description, quantity, date, price, customer, country = (
        " ".join(field.splitlines()).strip() for field in fields
    )
    if not invoice:
        raise _make_unreadable_error("InvoiceNo is missing.")
    return RetailLine(
        source=source,
        invoice=_check_text("InvoiceNo", invoice, MAX_CODE),
        quantity=_parse_quantity(quantity, is_credit_note(invoice)),
        sku=_parse_code(code),
        description=_check_text("Description", description, MAX_DESCRIPTION),
        dated_at=_parse_date(date),
        unit_price=_parse_price(price),
        customer=_parse_customer(customer),
        country=_check_text("Country", country, MAX_COUNTRY),
    )


def _make_unreadable_error(detail: str) -> _RowRefused:
    return _RowRefused(Reason.UNREADABLE, detail)


def _check_text(column: str, value: str, length: int) -> str:
    """Returns the value. Raises _RowRefused when it is too long or has invisible characters."""
    if len(value) > length:
        raise _make_unreadable_error(f"{column} is longer than {length} characters.")
    if problem := text.find_problem(value):
        raise _make_unreadable_error(f"{column}: {problem}")
    return value


def _parse_code(value: str) -> str:
    if not value:
        raise _make_unreadable_error("StockCode is missing.")
    return _check_text("StockCode", value.upper(), MAX_CODE)


def _parse_quantity(value: str, is_credit: bool) -> int:
    """Returns the quantity; that of a credit note, which is below 0 in the file, as units that came back."""
    if not _INTEGER.fullmatch(value):
        raise _make_unreadable_error("Quantity is not a whole number.")
    quantity = -int(value) if is_credit else int(value)
    if quantity <= 0 and is_credit:
        raise _RowRefused(Reason.CREDIT_QUANTITY, "A credit note has quantities below 0.")
    if quantity <= 0:
        raise _RowRefused(Reason.ADJUSTMENT, "A quantity of 0 or less is a correction of stock, not a sale.")
    if quantity > MAX_QUANTITY:
        raise _make_unreadable_error(f"Quantity is above {MAX_QUANTITY}.")
    return quantity


def _parse_price(value: str) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise _make_unreadable_error("UnitPrice is not a number.")
    price = Decimal(value)
    if price < 0:
        raise _RowRefused(Reason.NEGATIVE_PRICE, "UnitPrice is below 0.")
    if price > MAX_AMOUNT:
        raise _make_unreadable_error(f"UnitPrice is above {MAX_AMOUNT}.")
    decimals: int = settings.SHOP_DECIMALS
    exact = round(price, decimals)
    if exact != price:
        raise _RowRefused(Reason.INEXACT_PRICE, f"UnitPrice has more than {decimals} decimals.")
    return abs(exact)


@lru_cache(maxsize=256)  # the rows of an invoice share their date
def _parse_date(value: str) -> datetime:
    try:
        dated_at = datetime.strptime(value, DATE_FORMAT).replace(tzinfo=timezone.get_default_timezone())
    except ValueError:
        raise _make_unreadable_error(
            "InvoiceDate is not a date and time such as 2010-12-01 08:26:00."
        ) from None
    if not FIRST_DAY <= dated_at.date() <= LAST_DAY:
        # The filters of the lists take no other dates, so nobody could find the order by its date.
        raise _make_unreadable_error(f"InvoiceDate is not between {FIRST_DAY} and {LAST_DAY}.")
    return dated_at


def _parse_customer(value: str) -> str:
    """Returns the customer's number. Accepts 17850.0 for 17850, since spreadsheets write it so."""
    if not value:
        return ""
    match = _CUSTOMER.fullmatch(value)
    if match is None:
        raise _make_unreadable_error("CustomerID is not a number.")
    return _check_text("CustomerID", match[1], MAX_CODE)

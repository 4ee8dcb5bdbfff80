"""Reads of documents."""

from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q

from shop.db.querysets import ShopQuerySet
from shop.orders.reference import parse_reference

if TYPE_CHECKING:
    from shop.documents.models import Document  # noqa: F401

#: The kinds that say what was sold.
SALE_KINDS = ("receipt", "invoice")
#: Digits of a sequence that the column can hold.
MAX_DIGITS = 9


class DocumentQuerySet(ShopQuerySet["Document"]):
    def for_list(self) -> Self:
        """Reads the order and the clerk too, which a row of a list shows."""
        return self.select_related("order", "issued_by").defer("body")

    def valid_sales(self) -> Self:
        """Receipts and invoices that no credit note has withdrawn as a whole."""
        withdrawn = self.model._default_manager.filter(corrects=OuterRef("pk"), of_return=None)
        return self.filter(~Exists(withdrawn), kind__in=SALE_KINDS)

    def with_number(self, typed: str) -> Self:
        """Documents with this number, also without its zeros or its beginning, or of the order named."""
        text = typed.strip().upper()
        prefix, dash, digits = text.rpartition("-")
        named = Q(order__reference=parse_reference(text) or "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
            return self.filter(named | Q(register__prefix=text))
        if dash:
            return self.filter(named | Q(number=format_number(prefix, int(digits))))
        return self.filter(named | Q(sequence=int(digits)))


def format_number(prefix: str, sequence: int) -> str:
    """The number of a document, as in T1-000012."""
    return f"{prefix}-{sequence:06d}"

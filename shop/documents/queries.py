"""Reads of documents."""

from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q

from shop.db.querysets import ShopQuerySet
from shop.orders.models import Order
from shop.orders.reference import parse_reference
from shop.till.models import Register

if TYPE_CHECKING:
    from shop.documents.models import Document  # noqa: F401

#: The kinds that say what was sold.
SALE_KINDS = ("receipt", "invoice")
#: A number of so many digits always fits into the column of sequences.
SAFE_DIGITS = 9


class DocumentQuerySet(ShopQuerySet["Document"]):
    def for_list(self) -> Self:
        """Reads the order and the clerk too, which a row of a list shows."""
        return self.select_related("order", "issued_by").defer("body")

    def valid_sales(self) -> Self:
        """Receipts and invoices that no credit note has withdrawn as a whole."""
        withdrawn = self.model._default_manager.filter(corrects=OuterRef("pk"), of_return=None)
        return self.filter(~Exists(withdrawn), kind__in=SALE_KINDS)

    def with_number(self, typed: str) -> Self:
        """Documents with this number, also without its zeros or its beginning.

        A reference finds those of its order, and a prefix those of its register.

        It reads the order and the registers that are named before: one index serves each condition then, and
        none a condition on a joined table beside another one.
        """
        text = typed.strip().upper()
        prefix, dash, digits = text.rpartition("-")
        named = Q(order__in=_find_order(text))
        if not (digits.isascii() and digits.isdigit() and len(digits) <= SAFE_DIGITS):
            return self.filter(named | Q(register__in=_list_registers(prefix=text)))
        if dash:
            return self.filter(named | Q(number=format_number(prefix, int(digits))))
        return self.filter(named | Q(register__in=_list_registers(), sequence=int(digits)))


def _find_order(text: str) -> list[int]:
    """Returns the id of the order whose reference this text is, if there is one."""
    reference = parse_reference(text)
    return list(Order.objects.filter(reference=reference).values_list("pk", flat=True)) if reference else []


def _list_registers(**wanted: str) -> list[int]:
    """Returns the ids of all registers, or of those wanted; the index on series begins with the register."""
    return list(Register.objects.filter(**wanted).values_list("pk", flat=True))


def format_number(prefix: str, sequence: int) -> str:
    """The number of a document, as in T1-000012."""
    return f"{prefix}-{sequence:06d}"

"""Reads of documents."""

from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef

from shop.db.querysets import ShopQuerySet

if TYPE_CHECKING:
    from shop.documents.models import Document  # noqa: F401

#: The kinds that say what was sold.
SALE_KINDS = ("receipt", "invoice")


class DocumentQuerySet(ShopQuerySet["Document"]):
    def for_list(self) -> Self:
        """Reads the order and the clerk too, which a row of a list shows."""
        return self.select_related("order", "issued_by").defer("body")

    def valid_sales(self) -> Self:
        """Receipts and invoices that no credit note has withdrawn as a whole."""
        withdrawn = self.model._default_manager.filter(corrects=OuterRef("pk"), of_return=None)
        return self.filter(~Exists(withdrawn), kind__in=SALE_KINDS)

    def with_number(self, typed: str) -> Self:
        """Documents whose number begins as typed, in any case."""
        text = typed.strip().upper()
        return self.filter(number__gte=text, number__lt=text + "\uffff") if text else self

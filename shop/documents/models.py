"""The tables of documents: numbered without gaps, never changed, each holding all that is printed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from shop.db.constraints import is_zero
from shop.documents.queries import DocumentQuerySet
from shop.money.fields import AmountField, PercentField
from shop.orders.models import Order
from shop.staff.models import User
from shop.till.models import Register, TillSession


class Document(models.Model):
    """A receipt, slip, invoice, credit note or Z-report. Paper is always drawn from `body`.

    The documents of a register are its series: `sequence` counts from 1, and each hash covers the body
    and the hash before it, so that a document that was changed or taken out is found.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        SLIP = "slip", "Payment slip"
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note", "Credit note"
        Z_REPORT = "z_report", "Z-report"

    register = models.ForeignKey(Register, models.PROTECT, related_name="documents", db_index=False)
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="documents", db_index=False
    )
    #: What the document is about: the return of a credit note, the payment of a slip, a Z-report's session.
    of_return = models.ForeignKey(
        "shop.Return", models.PROTECT, null=True, blank=True, related_name="documents", db_index=False
    )
    payment = models.ForeignKey(
        "shop.Payment", models.PROTECT, null=True, blank=True, related_name="documents", db_index=False
    )
    session = models.ForeignKey(
        TillSession, models.PROTECT, null=True, blank=True, related_name="documents", db_index=False
    )
    #: The invoice or receipt that a credit note corrects.
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", db_index=False
    )
    #: Whether its sums count as tax: those of a slip, a Z-report and an invoice after a receipt do not, nor
    #: those of what withdraws such an invoice.
    counts_tax = models.BooleanField(default=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    body = models.JSONField()
    gross = AmountField()
    net = AmountField()
    tax = AmountField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "add")
        constraints: ClassVar = [
            # The series, in its order.
            models.UniqueConstraint(fields=["register", "sequence"], name="document_sequence_once"),
            # People search for it.
            models.UniqueConstraint(fields=["number"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["of_return"], condition=Q(of_return__isnull=False), name="document_return_once"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(payment__isnull=False), name="document_payment_once"
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(session__isnull=False), name="document_session_once"
            ),
            # A credit note without a return withdraws a whole invoice.
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False, of_return=None),
                name="document_withdrawn_once",
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="document_counts_from_one"),
            models.CheckConstraint(
                condition=is_zero(F("net") + F("tax") - F("gross")), name="document_money_adds_up"
            ),
        ]
        indexes: ClassVar = [
            # The documents of an order.
            models.Index(fields=["order", "id"], condition=Q(order__isnull=False), name="document_by_order"),
            # The list, newest first.
            models.Index(fields=["issued_at", "id"], name="document_by_date"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("document-detail", args=[self.number])


class DocumentTax(models.Model):
    """The sums of a document for one tax code and percentage."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="taxes", db_index=False)
    code = models.CharField(max_length=20, null=True, blank=True)  # noqa: DJ001 (None: not recorded)
    percent = PercentField()
    gross = AmountField()
    net = AmountField()
    tax = AmountField()

    class Meta:
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=is_zero(F("net") + F("tax") - F("gross")), name="document_tax_adds_up"
            ),
        ]
        # The sums of a document.
        indexes: ClassVar = [models.Index(fields=["document", "id"], name="document_tax_by_document")]

    def __str__(self) -> str:
        return f"{self.percent} % {self.tax}"

"""The table of payments. Its rows never change: a mistake gets an entry that reverses it."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.db.constraints import is_zero
from shop.money.fields import AmountField
from shop.orders.models import Order
from shop.payments.queries import PaymentQuerySet
from shop.staff.models import User
from shop.till.models import TillSession

_CASH = Q(method="cash")


class Payment(models.Model):
    """An entry of an order's account. `amount` lowers the balance; a refund's is negative.

    `cash` is what went into the drawer, negative for what came out. In cash, `cash` + `rounding` = `amount`;
    by other methods both are zero.
    """

    class Method(models.TextChoices):
        CASH = "cash"
        CARD = "card"
        TRANSFER = "transfer"
        VOUCHER = "voucher"
        EXCHANGE = "exchange"

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", db_index=False)
    method = models.CharField(max_length=10, choices=Method.choices)
    amount = AmountField()
    tendered = AmountField(default=Decimal(0))
    change = AmountField(default=Decimal(0))
    cash = AmountField(default=Decimal(0))
    rounding = AmountField(default=Decimal(0))
    session = models.ForeignKey(
        TillSession, models.PROTECT, null=True, blank=True, related_name="payments", db_index=False
    )
    refund_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="refunds", db_index=False
    )
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", db_index=False
    )
    #: The other half of an exchange: the entry of the other order.
    pair = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    #: The number of a slip or a transfer, never that of a card.
    reference = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    business_day = models.DateField()
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    #: Who let the author give back more cash than the author's role may.
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("refund_payment", "Can give money back"),
            ("reverse_payment", "Can reverse payments of an open session"),
            ("exceed_refund_limit", "Can give back any amount in cash, and confirm one for others"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_not_zero"),
            models.CheckConstraint(
                condition=(
                    _CASH & Q(session__isnull=False) & is_zero(F("cash") + F("rounding") - F("amount"))
                )
                | (~_CASH & Q(tendered=0, change=0, cash=0, rounding=0)),
                name="payment_cash_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(cash__lte=0, tendered=0, change=0)
                | (
                    Q(cash__gt=0, change__gte=0, amount__gt=0)
                    & is_zero(F("tendered") - F("change") - F("cash"))
                ),
                name="payment_change_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(refund_of=None) | Q(amount__lt=0), name="payment_refund_is_negative"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | ~Q(reason=""), name="payment_reversal_has_reason"
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="payment_reversed_once"
            ),
        ]
        indexes: ClassVar = [
            # The payments of an order.
            models.Index(fields=["order", "id"], name="payment_by_order"),
            # What went through a till.
            models.Index(
                fields=["session", "id"], condition=Q(session__isnull=False), name="payment_by_session"
            ),
            # What was refunded of a payment.
            models.Index(
                fields=["refund_of"], condition=Q(refund_of__isnull=False), name="payment_by_refunded"
            ),
            # The payments of some days, for reports.
            models.Index(fields=["business_day", "id"], name="payment_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.method}"

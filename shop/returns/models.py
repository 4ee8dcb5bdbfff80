"""The tables of returns: what came back, what was taken off a price, what was cancelled."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.customers.models import Customer
from shop.db.constraints import is_zero
from shop.money.fields import AmountField, PercentField
from shop.orders.models import Order, OrderLine
from shop.products.models import Product
from shop.returns.queries import ReturnLineQuerySet, ReturnQuerySet
from shop.staff.models import User


class Return(models.Model):
    """An entry that lowers what an order was sold for. It is never changed.

    One without an order is an imported credit note: it has an external number and perhaps a customer.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", "Goods returned"
        ALLOWANCE = "allowance", "Price lowered"
        CANCELLATION = "cancellation", "Cancelled"

    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="returns", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(max_length=200)
    gross = AmountField()
    net = AmountField()
    tax = AmountField()
    business_day = models.DateField()
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="credit_notes", db_index=False
    )
    external_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(external_number__isnull=False),
                name="return_has_order_or_number",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="return_has_reason"),
            models.CheckConstraint(
                condition=Q(gross__gte=0, net__gte=0, tax__gte=0) & is_zero(F("net") + F("tax") - F("gross")),
                name="return_money_adds_up",
            ),
            models.UniqueConstraint(
                fields=["external_number"],
                condition=Q(external_number__isnull=False),
                name="return_external_number_once",
            ),
        ]
        indexes: ClassVar = [
            # The returns of an order, in their order.
            models.Index(fields=["order", "id"], condition=Q(order__isnull=False), name="return_by_order"),
            # The returns of some days, for reports.
            models.Index(fields=["business_day", "id"], name="return_by_day"),
            # A customer's imported credit notes.
            models.Index(fields=["customer"], condition=Q(customer__isnull=False), name="return_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gross}"


class ReturnLine(models.Model):
    """Units of a line that came back, or an amount off it (its quantity is 0).

    Only a line of an imported credit note has no `line`.
    """

    of_return = models.ForeignKey(Return, models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="return_lines", db_index=False
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="return_lines", db_index=False)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    gross = AmountField()
    net = AmountField()
    tax = AmountField()
    tax_code = models.CharField(max_length=20, null=True, blank=True)  # noqa: DJ001 (None: not recorded)
    tax_percent = PercentField(default=0)
    #: Whether the units went back into stock, which only those of tracked products do.
    restock = models.BooleanField(default=False)

    objects = ReturnLineQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(gross__gte=0, net__gte=0, tax__gte=0) & is_zero(F("net") + F("tax") - F("gross")),
                name="return_line_money_adds_up",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="return_line_quantity_not_negative"),
            models.CheckConstraint(
                condition=Q(restock=False) | Q(quantity__gt=0), name="return_line_restocks_units"
            ),
            # The lines of a return too. A credit note may have several without a line.
            models.UniqueConstraint(fields=["of_return", "line"], name="return_line_once"),
        ]
        indexes: ClassVar = [
            # What came back of a line.
            models.Index(fields=["line"], condition=Q(line__isnull=False), name="return_line_by_line"),
            # A product's page and its reports.
            models.Index(fields=["product", "id"], name="return_line_by_product"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

"""What an order and its lines say about money, and the constraints that hold for it."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F, Func, Q
from django.db.models.functions import Coalesce

from shop.db.constraints import is_zero
from shop.money.amounts import MAX_AMOUNT
from shop.money.fields import AmountField, PercentField


class OrderMoney(models.Model):
    """The money of an order. `total` and `tax` are None until it is placed; then corrections change them.

    `balance` is total − returned − paid: above 0 to pay, below 0 to refund. It is None while no money is
    kept for the order, as for one that was imported or that nobody has paid for here.
    """

    #: These two are those of the shop when the order was placed; a draft follows the settings.
    prices_include_tax = models.BooleanField(default=True)
    currency = models.CharField(max_length=3, blank=True)
    #: The order's own discount. A draft with a percentage has it here when it is placed.
    discount = AmountField(default=Decimal(0))
    discount_percent = PercentField(null=True, blank=True)
    discount_reason = models.CharField(max_length=200, blank=True)
    total = AmountField(null=True, blank=True)
    #: What lists show and sort by: the total, or the subtotal where there is none yet. The database
    #: computes it, so an order in memory has it as it was when it was read.
    amount = models.GeneratedField(
        expression=Coalesce("total", "subtotal"), output_field=AmountField(), db_persist=True
    )
    tax = AmountField(null=True, blank=True)
    returned = AmountField(default=Decimal(0))
    paid = AmountField(default=Decimal(0))
    balance = AmountField(null=True, blank=True)
    #: The day of the sale in the shop's time zone, as it was when the order was placed.
    business_day = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    #: A column of the order itself.
    status: Any

    class Meta:
        abstract = True

    @property
    def is_sold(self) -> bool:
        """Whether it was placed and is not cancelled, so that goods can come back."""
        return self.status in ("placed", "fulfilled")


class LineMoney(models.Model):
    """The money of a line. `gross`, `net` and `tax` are None until its order is placed.

    `share` is its part of the order's discount. `tax_code` is None where no tax was recorded.
    """

    discount = AmountField(default=Decimal(0))
    discount_percent = PercentField(null=True, blank=True)
    discount_reason = models.CharField(max_length=200, blank=True)
    share = AmountField(default=Decimal(0))
    tax_code = models.CharField(max_length=20, null=True, blank=True)  # noqa: DJ001 (None: not recorded)
    tax_percent = PercentField(default=Decimal(0))
    gross = AmountField(null=True, blank=True)
    net = AmountField(null=True, blank=True)
    tax = AmountField(null=True, blank=True)
    #: What one unit cost the shop when it was sold, if that was known.
    unit_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)

    quantity: Any
    unit_price: Any

    class Meta:
        abstract = True

    @property
    def subtotal(self) -> Decimal:
        """Quantity × unit price, before any discount."""
        subtotal: Decimal = self.quantity * self.unit_price
        return subtotal

    @property
    def amount(self) -> Decimal:
        """What a sold line costs after its own discount, before its share of the order's."""
        amount: Decimal = self.subtotal - self.discount
        return amount


#: There is something to pay or to refund. A query needs the same condition to use the index for it. SQLite
#: recognises it only without parameters, which the numbers of other conditions are.
OPEN_BALANCE = Q(Func(F("balance"), template="%(expressions)s <> 0", output_field=models.BooleanField()))

# A CHECK lets NULL pass, so each condition says which columns are not NULL.
ORDER_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(total=None, tax=None, business_day=None)
        | Q(total__isnull=False, tax__isnull=False, business_day__isnull=False)
        & Q(total__gte=0, total__lte=MAX_AMOUNT, tax__gte=0),
        name="order_total_in_range",
    ),
    models.CheckConstraint(
        condition=Q(placed_at=None) | (Q(total__isnull=False) & ~Q(currency="")),
        name="order_total_when_placed",
    ),
    models.CheckConstraint(
        condition=Q(discount__gte=0, returned__gte=0, paid__gte=0), name="order_money_not_negative"
    ),
    models.CheckConstraint(
        condition=Q(discount_percent=None) | Q(discount_percent__gte=0, discount_percent__lte=100),
        name="order_discount_percent_in_range",
    ),
    models.CheckConstraint(
        condition=Q(total=None, returned=0) | Q(total__isnull=False, returned__lte=F("total")),
        name="order_returned_in_range",
    ),
    models.CheckConstraint(
        condition=Q(balance=None, paid=0)
        | (
            Q(balance__isnull=False, total__isnull=False)
            & is_zero(F("total") - F("returned") - F("paid") - F("balance"))
        ),
        name="order_balance_adds_up",
    ),
]

_BASE = ExpressionWrapper(
    F("quantity") * F("unit_price"), output_field=DecimalField(max_digits=18, decimal_places=2)
)
LINE_CONSTRAINTS = [
    models.CheckConstraint(condition=Q(discount__gte=0, share__gte=0), name="line_discounts_not_negative"),
    models.CheckConstraint(
        condition=Q(discount_percent=None) | Q(discount_percent__gte=0, discount_percent__lte=100),
        name="line_discount_percent_in_range",
    ),
    models.CheckConstraint(
        condition=Q(tax_percent__gte=0, tax_percent__lt=100), name="line_tax_percent_in_range"
    ),
    models.CheckConstraint(condition=Q(unit_cost=None) | Q(unit_cost__gte=0), name="line_cost_not_negative"),
    models.CheckConstraint(
        condition=Q(gross=None, net=None, tax=None)
        | (
            Q(gross__isnull=False, net__isnull=False, tax__isnull=False)
            & Q(gross__gte=0, net__gte=0, tax__gte=0)
            & is_zero(F("net") + F("tax") - F("gross"))
            & (
                is_zero(_BASE - F("discount") - F("share") - F("gross"))
                | is_zero(_BASE - F("discount") - F("share") - F("net"))
            )
        ),
        name="line_money_adds_up",
    ),
]

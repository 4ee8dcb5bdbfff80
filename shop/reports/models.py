"""The tables of sealed days: sums over the facts of a day that is over.

They can be computed again from orders, returns and payments at any time. Amounts are whole minor units
(cents), so that sums are exact on every database; `cost` is in ten-thousandths, as `OrderLine.unit_cost` is.
Staff, products and customers are plain numbers here: a foreign key would be checked for each stored row.
"""

from typing import ClassVar

from django.db import models

from shop.reports.sum_columns import MARGIN, NET, SumField, index_largest, index_sold


class SealedDay(models.Model):
    """A day whose sums are stored. Who writes a fact of that day deletes the row, in the same transaction."""

    day = models.DateField(primary_key=True)
    #: A random number: a day that was sealed anew has another one. No report reads it; the admin shows it.
    version = models.BigIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class DayTotal(models.Model):
    """Sales and returns of an hour of a day and of a clerk. The day has its weekday beside it (1 is Monday).

    No report reads `sales_tax`, `returns_tax` and `return_count`: they are for the admin and the audit.
    """

    day = models.DateField()
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    clerk = models.BigIntegerField(null=True)
    orders = SumField()
    sales = SumField()
    sales_tax = SumField()
    discount = SumField()
    return_count = SumField()
    returns = SumField()
    returns_tax = SumField()

    class Meta:
        default_permissions = ("view",)
        # The rows of some days.
        indexes: ClassVar = [models.Index(fields=["day"], name="day_total_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.hour:02}"


class DayReturn(models.Model):
    """Returns of a day by their kind and reason."""

    day = models.DateField()
    kind = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    return_count = SumField()
    returns = SumField()

    class Meta:
        default_permissions = ("view",)
        # The rows of some days.
        indexes: ClassVar = [models.Index(fields=["day"], name="day_return_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.reason}"


class DayTax(models.Model):
    """Sales and returns of a day by tax rate. They are few, and add up to those of all products."""

    day = models.DateField()
    code = models.CharField(max_length=20, null=True)  # noqa: DJ001 (None: not recorded)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    quantity = SumField()
    cost = SumField()
    costed_net = SumField()
    sales = SumField()
    sales_net = SumField()
    sales_tax = SumField()
    returns = SumField()
    returns_net = SumField()
    returns_tax = SumField()

    class Meta:
        default_permissions = ("view",)
        # The rows of some days.
        indexes: ClassVar = [models.Index(fields=["day"], name="day_tax_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.code}"


class DayMethod(models.Model):
    """Payments and refunds of a day by method and register; those outside of a till have no register."""

    day = models.DateField()
    method = models.CharField(max_length=10)
    register = models.BigIntegerField(null=True)
    payments = SumField()
    paid = SumField()
    refunds = SumField()
    refunded = SumField()
    rounding = SumField()

    class Meta:
        default_permissions = ("view",)
        # The rows of some days.
        indexes: ClassVar = [models.Index(fields=["day"], name="day_method_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.method}"


class ProductSums(models.Model):
    """What was sold and returned of a product in a period that begins on `day`.

    No report reads `discount` and `returned_quantity`: they are for the admin and the audit.
    """

    day = models.DateField()
    product = models.BigIntegerField()
    quantity = SumField()
    sales = SumField()
    sales_net = SumField()
    discount = SumField()
    returned_quantity = SumField()
    returns = SumField()
    returns_net = SumField()
    #: Of what was sold and not returned, where it was known; `costed_net` is what that was sold for.
    cost = SumField()
    costed_net = SumField()

    class Meta:
        abstract = True
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.product}"


class DayProduct(ProductSums):
    """The sums of a day."""

    class Meta(ProductSums.Meta):
        abstract = False
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "product"], name="day_product_once")]


class MonthProduct(ProductSums):
    """The sums of the sealed days of a month."""

    class Meta(ProductSums.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "product"], name="month_product_once")
        ]
        indexes: ClassVar = [
            index_sold("month_product_sold"),
            index_largest(NET, "product", "month_product_by_net"),
            index_largest(MARGIN, "product", "month_product_by_margin"),
        ]


class YearProduct(ProductSums):
    """The sums of the sealed days of a year."""

    class Meta(ProductSums.Meta):
        abstract = False
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "product"], name="year_product_once")]
        indexes: ClassVar = [
            index_sold("year_product_sold"),
            index_largest(NET, "product", "year_product_by_net"),
            index_largest(MARGIN, "product", "year_product_by_margin"),
        ]


class CustomerSums(models.Model):
    """What a customer bought and returned in a period that begins on `day`; walk-ins are number 0."""

    day = models.DateField()
    customer = models.BigIntegerField()
    orders = SumField()
    sales = SumField()
    #: No report reads it: it is for the admin and the audit.
    return_count = SumField()
    returns = SumField()

    class Meta:
        abstract = True
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.customer}"


class DayCustomer(CustomerSums):
    """The sums of a day."""

    class Meta(CustomerSums.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="day_customer_once")
        ]


class MonthCustomer(CustomerSums):
    """The sums of the sealed days of a month."""

    class Meta(CustomerSums.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="month_customer_once")
        ]
        indexes: ClassVar = [index_largest(NET, "customer", "month_customer_by_net")]


class YearCustomer(CustomerSums):
    """The sums of the sealed days of a year."""

    class Meta(CustomerSums.Meta):
        abstract = False
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "customer"], name="year_customer_once")
        ]
        indexes: ClassVar = [index_largest(NET, "customer", "year_customer_by_net")]

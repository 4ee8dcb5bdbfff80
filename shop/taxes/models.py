"""The tables of tax classes and their dated rates."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class TaxClass(models.Model):
    """What products are taxed alike. Its code never changes: products, and later sold lines, hold it."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)

    class Meta:
        verbose_name_plural = "tax classes"
        # As they are offered in the form of a product.
        ordering = ("code",)
        # `manage.py set_tax_rate` makes them; nobody does so in the browser.
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="tax_class_has_code_and_name"),
        ]

    def __str__(self) -> str:
        return self.code if self.name == self.code else f"{self.name} ({self.code})"


class TaxRate(models.Model):
    """The percentage of a class from a day on, until its next rate begins."""

    tax_class = models.ForeignKey(TaxClass, models.PROTECT, related_name="rates", db_index=False)
    valid_from = models.DateField()
    percent = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lt=100), name="tax_rate_in_range"),
            # The rates of a class by day: the one that is valid today.
            models.UniqueConstraint(fields=["tax_class", "valid_from"], name="tax_rate_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.tax_class_id} from {self.valid_from}"

"""The tables of products and their stock."""

from decimal import Decimal
from typing import ClassVar, Required, TypedDict

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone

from shop.money.amounts import MAX_AMOUNT
from shop.products.queries import ProductQuerySet
from shop.search import text
from shop.search.models import SearchTerm
from shop.staff.models import Retirable, User
from shop.taxes.models import TaxClass

MAX_STOCK = 1_000_000_000
#: With this much stock or less, a product is nearly sold out.
LOW_STOCK = 5


class ProductFields(TypedDict, total=False):
    """The fields that people fill in: forms, services, the admin and the JSON API all take them from here."""

    name: Required[str]
    sku: str
    unit_price: Required[Decimal]
    barcode: str | None
    tax_class: TaxClass | None
    cost: Decimal | None


class Product(Retirable):
    """A product. `stock` is the sum of its movements; None if its stock is not tracked."""

    FIELDS = tuple(ProductFields.__annotations__)

    sku = models.CharField("SKU", max_length=40)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    barcode = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)
    unit_price = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT)],
    )
    #: Without one it is sold at the rate 0. Nobody looks for the products of a class, so it has no index.
    tax_class = models.ForeignKey(
        TaxClass, models.PROTECT, null=True, blank=True, related_name="products", db_index=False
    )
    #: What one unit costs the shop. A sale copies it to its line, for reports of the margin.
    cost = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT)],
    )
    #: When its name or price last changed. An import does not overwrite them with those of an older row.
    priced_at = models.DateTimeField(default=timezone.now, editable=False)
    stock = models.BigIntegerField(null=True, blank=True)
    #: The stock if it is low, else None. Indexed instead of `stock`: a sale of a product with
    #: much stock then changes no indexed column, and PostgreSQL need not rewrite the index entries.
    low_stock = models.GeneratedField(
        expression=Case(When(stock__lte=LOW_STOCK, then=F("stock")), default=None),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    #: Only there after `ProductQuerySet.with_percent_today`.
    percent_today: Decimal | None

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(sku="") & ~Q(name=""), name="product_has_sku_and_name"),
            models.CheckConstraint(condition=~Q(barcode=""), name="product_barcode_not_empty"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, unit_price__lte=MAX_AMOUNT), name="product_price_in_range"
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0, cost__lte=MAX_AMOUNT), name="product_cost_in_range"
            ),
            models.CheckConstraint(condition=Q(stock__gte=0), name="product_stock_not_negative"),
            # Staff find products by it, and the list sorts by SKU. No `unique=True`: see Order.
            models.UniqueConstraint(fields=["sku"], name="product_sku_once"),
            models.UniqueConstraint(
                fields=["barcode"], condition=Q(barcode__isnull=False), name="product_barcode_once"
            ),
        ]
        # Every index makes each write slower, on every replica, so each is here for the query in its comment.
        indexes: ClassVar = [
            # The list, by name in both directions.
            models.Index(fields=["name_key", "id"], name="product_by_name"),
            # The list, cheapest and dearest first.
            models.Index(fields=["unit_price", "id"], name="product_by_price"),
            # Products that are nearly sold out: on the home page, and a filter of the list.
            models.Index(
                fields=["low_stock", "id"],
                condition=Q(active=True, low_stock__isnull=False),
                name="product_low_stock",
            ),
            # The list of retired products, which are few.
            models.Index(fields=["name_key", "id"], condition=Q(active=False), name="product_retired"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"

    def get_absolute_url(self) -> str:
        return reverse("product-detail", args=[self.pk])

    @property
    def is_tracked(self) -> bool:
        """Whether stock is counted for this product."""
        return self.stock is not None

    def search_terms(self) -> set[str]:
        """Returns the normalised words by which search finds this product."""
        return text.make_terms(self.name) | text.make_terms(self.sku) | text.make_terms(self.barcode or "")


class ProductTerm(SearchTerm):
    """A word of a product."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="terms", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "term"], name="product_term_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["term", "product", "beginnings"], name="product_by_beginning")
        ]


class StockMovement(models.Model):
    """A signed change of a product's stock. The entries of a tracked product add up to its stock."""

    class Reason(models.TextChoices):
        RECEIVED = "received"
        COUNTED = "counted", "Counted"
        DAMAGED = "damaged", "Damaged or lost"
        SOLD = "sold"
        RETURNED = "returned"
        #: A line of a placed order was corrected.
        CORRECTED = "corrected"
        UNTRACKED = "untracked", "No longer tracked"

    product = models.ForeignKey(Product, models.PROTECT, related_name="movements", db_index=False)
    quantity = models.BigIntegerField(help_text="Positive: came in. Negative: went out.")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    order = models.ForeignKey(
        "shop.Order", models.PROTECT, null=True, blank=True, related_name="movements", db_index=False
    )
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="movements", db_index=False
    )
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves"),
            models.CheckConstraint(
                condition=~Q(reason__in=["sold", "returned", "corrected"]) | Q(order__isnull=False),
                name="movement_of_sale_has_order",
            ),
        ]
        indexes: ClassVar = [
            # The latest entries on a product's page.
            models.Index(fields=["product", "created_at", "id"], name="movement_by_product"),
            # What an order took from stock, when it is cancelled or corrected.
            models.Index(fields=["order"], name="movement_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.get_reason_display()}"

"""Tables, their constraints, and arithmetic on loaded rows. Writes are services."""

import secrets
from decimal import Decimal
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from shop import queries, text

#: Letters and digits that cannot be mistaken for each other, read out or in print.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: The largest amount of money. Fifteen digits are what SQLite keeps exactly; the columns hold more.
MAX_AMOUNT = Decimal("9999999999999.99")
MAX_QUANTITY = 1_000_000
MAX_STOCK = 1_000_000_000


def new_reference() -> str:
    """A random order reference such as K7M-2QX4, one of 2·10¹⁰; the database keeps it unique."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(queries.REFERENCE_LENGTH))
    return f"{letters[:3]}-{letters[3:]}"


class User(AbstractUser):
    """A member of staff."""


class Session(AbstractBaseSession):
    """A sign-in. It names its user, so that both are read in one statement (shop/sessions.py)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user"], name="session_by_user")]


class Signed(models.Model):
    """A row that says who changed it last, and when. Nobody: a program did, or it is older than this."""

    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Customer(Signed):
    """Somebody who orders. A retired customer keeps its orders and is offered no more."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(max_length=1000, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    external_number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = queries.CustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            models.Index(fields=["created_at", "id"], name="customer_by_age"),
            # The few among the many.
            models.Index(fields=["name_key", "id"], condition=Q(active=False), name="customer_retired"),
            models.Index(fields=["changed_by"], name="customer_by_changer"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customer-detail", args=[self.pk])

    def search_terms(self) -> set[str]:
        """The folded words by which search finds this customer."""
        return text.terms(self.name) | text.phone_terms(self.phone)


class Product(Signed):
    """Something sold. `stock` is the running sum of its movements, or None when not tracked."""

    sku = models.CharField("SKU", max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    barcode = models.CharField(max_length=40, null=True, blank=True, unique=True)
    unit_price = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT)],
    )
    #: Since when its name and price are what they are: what an import of older rows leaves alone.
    priced_at = models.DateTimeField(default=timezone.now, editable=False)
    stock = models.BigIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = queries.ProductQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(sku="") & ~Q(name=""), name="product_has_sku_and_name"),
            models.CheckConstraint(condition=~Q(barcode=""), name="product_barcode_not_empty"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, unit_price__lte=MAX_AMOUNT), name="product_price_in_range"
            ),
            models.CheckConstraint(condition=Q(stock__gte=0), name="product_stock_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="product_by_name"),
            models.Index(fields=["unit_price", "id"], name="product_by_price"),
            models.Index(fields=["active", "stock", "id"], name="product_by_stock"),
            models.Index(fields=["name_key", "id"], condition=Q(active=False), name="product_retired"),
            models.Index(fields=["changed_by"], name="product_by_changer"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"

    def get_absolute_url(self) -> str:
        return reverse("product-detail", args=[self.pk])

    @property
    def tracked(self) -> bool:
        """Whether stock is counted for this product."""
        return self.stock is not None

    def search_terms(self) -> set[str]:
        """The folded words by which search finds this product."""
        return text.terms(self.name) | text.terms(self.sku) | text.terms(self.barcode or "")


class SearchTerm(models.Model):
    """A folded word by which a row is found.

    The word is kept as UTF-8 bytes, whose order is the same on every database whatever its
    collation, so that "begins with" is one range of the index.
    """

    term = models.BinaryField(max_length=4 * text.TERM_LENGTH + 1)
    #: `text.beginnings` of all words of its row, so that the index on the words tells which rows
    #: cannot have the other words that were typed. Where nobody has set it, every bit is: it may.
    beginnings = models.BigIntegerField(db_default=-1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return bytes(self.term).decode()


class CustomerTerm(SearchTerm):
    """A word of a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="terms", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "term"], name="customer_term_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["term", "customer", "beginnings"], name="customer_by_beginning")
        ]


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


class Order(Signed):
    """A customer's order, from the first key at the desk to the parcel."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PLACED = "placed"
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="orders", db_index=False
    )
    subtotal = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    note = models.TextField(max_length=2000, blank=True)
    #: When it was placed or, while a draft, opened: what lists are sorted and filtered by.
    dated_at = models.DateTimeField(default=timezone.now)
    placed_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="orders_created", db_index=False
    )
    placed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="orders_placed", db_index=False
    )
    external_number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    #: What `queries.OrderQuerySet.naming` found.
    named_product: int | None

    objects = queries.OrderQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("place_order", "Can place and fulfil orders, and cancel placed ones"),
            ("cancel_fulfilled_order", "Can cancel fulfilled orders"),
            ("import_orders", "Can import orders"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(subtotal__gte=0, subtotal__lte=MAX_AMOUNT), name="order_subtotal_in_range"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", placed_at=None)
                | Q(status__in=["placed", "fulfilled"], placed_at__isnull=False)
                | Q(status="cancelled"),
                name="order_status_fits_placed_at",
            ),
            models.CheckConstraint(
                condition=Q(placed_at=None) | Q(dated_at=F("placed_at")), name="order_dated_when_placed"
            ),
            models.CheckConstraint(
                condition=Q(parked_at=None) | Q(placed_at=None), name="order_parked_only_unplaced"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["dated_at", "id"], name="order_by_date"),
            models.Index(fields=["status", "dated_at", "id"], name="order_by_status"),
            models.Index(fields=["customer", "dated_at", "id"], name="order_by_customer"),
            models.Index(fields=["created_by", "dated_at", "id"], name="order_by_creator"),
            # The one who placed it or, while nobody has, who opened it.
            models.Index(Coalesce("placed_by", "created_by"), "dated_at", "id", name="order_by_clerk"),
            models.Index(fields=["subtotal", "id"], name="order_by_subtotal"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("order-detail", args=[self.reference])

    @cached_property
    def line_list(self) -> "list[OrderLine]":
        """The lines with their products, read once; a service that changes them keeps it true."""
        return list(self.lines.select_related("product"))

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def who(self) -> str:
        """The customer's name, or what an order without one is called."""
        return self.customer.name if self.customer else "Walk-in"


class OrderLine(models.Model):
    """So many of one product; name and unit price as the clerk saw, then as sold."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines", db_index=False)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=2)
    #: The key of the last "add" that this line took: the same key again adds nothing.
    added_with = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="line_quantity_in_range"
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, unit_price__lte=MAX_AMOUNT), name="line_price_in_range"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["order", "position", "id"], name="line_by_order"),
            models.Index(fields=["product", "order"], name="line_by_product"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def short(self) -> int | None:
        """What is left of the product where that is less than ordered, else None."""
        left = self.product.stock
        return left if left is not None and left < self.quantity else None

    @property
    def total(self) -> Decimal:
        """Quantity × unit price, exact."""
        return self.quantity * self.unit_price


class StockMovement(models.Model):
    """A signed change of a product's stock; the entries of a tracked product add up to its stock."""

    class Reason(models.TextChoices):
        RECEIVED = "received"
        COUNTED = "counted", "Counted"
        DAMAGED = "damaged", "Damaged or lost"
        SOLD = "sold"
        RETURNED = "returned"
        UNTRACKED = "untracked", "No longer tracked"

    product = models.ForeignKey(Product, models.PROTECT, related_name="movements", db_index=False)
    quantity = models.BigIntegerField(help_text="Positive: came in. Negative: went out.")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="movements", db_index=False
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
                condition=~Q(reason__in=["sold", "returned"]) | Q(order__isnull=False),
                name="movement_of_sale_has_order",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "created_at", "id"], name="movement_by_product"),
            models.Index(fields=["order"], name="movement_by_order"),
            models.Index(fields=["author"], name="movement_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.get_reason_display()}"


class OrderEvent(models.Model):
    """One entry of an order's timeline."""

    class Kind(models.TextChoices):
        OPENED = "opened"
        PLACED = "placed"
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"
        DISCARDED = "discarded"
        REOPENED = "reopened"
        CORRECTED = "corrected"
        IMPORTED = "imported"

    order = models.ForeignKey(Order, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="events", db_index=False
    )
    detail = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["order", "created_at", "id"], name="event_by_order"),
            models.Index(fields=["author"], name="event_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class SavedView(models.Model):
    """Filters and sort of a list under a name; everybody's where it has no owner."""

    class Noun(models.TextChoices):
        ORDER = "order", "Orders"
        CUSTOMER = "customer", "Customers"
        PRODUCT = "product", "Products"

    owner = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="saved_views", db_index=False
    )
    noun = models.CharField("list", max_length=10, choices=Noun.choices)
    name = models.CharField(max_length=60)
    #: A query string, as the list's address has it; never a page's cursor.
    query = models.TextField(max_length=2000)

    objects = queries.SavedViewQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [("share_savedview", "Can share saved views with everybody")]
        constraints: ClassVar = [
            # Also the index by which a list finds its views.
            models.UniqueConstraint(fields=["owner", "noun", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["noun", "name"], condition=Q(owner=None), name="shared_view_name_once"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="view_has_name_and_query"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None


class IdempotencyKey(models.Model):
    """A write that was done once, so that the same key and payload find what it made."""

    key = models.CharField(max_length=300, primary_key=True)
    payload_hash = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="key_by_age")]

    def __str__(self) -> str:
        return self.key


class ApiToken(models.Model):
    """A bearer token of the JSON API; only its SHA-256 is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", db_index=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API token"
        indexes: ClassVar = [models.Index(fields=["user"], name="token_by_user")]

    def __str__(self) -> str:
        return f"{self.user}'s token of {self.created_at:%Y-%m-%d}"

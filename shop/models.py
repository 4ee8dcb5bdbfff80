"""Tables, their constraints, and arithmetic on loaded rows. Writes are services."""

import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
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
#: With this much stock or less, a product is nearly sold out.
LOW_STOCK = 5


def new_reference() -> str:
    """A random order reference such as K7M-2QX4, one of 2·10¹⁰; the database keeps it unique."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(queries.REFERENCE_LENGTH))
    return f"{letters[:3]}-{letters[3:]}"


class User(AbstractUser):
    """A member of staff."""

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Django's own, and names that can be seen: its pattern takes a Hangul filler for a letter."""
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for name in {"username", "first_name", "last_name"} - set(exclude or ()) - set(errors):
            if problem := text.find_problem(getattr(self, name)):
                errors[name] = [ValidationError(problem)]
        if errors:
            raise ValidationError(errors)


class Session(AbstractBaseSession):
    """A sign-in. It names its user, so that both are read in one statement (shop/sessions.py)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", db_index=False)

    class Meta:
        # Ends all sessions of a user: `sessions.end_sessions`.
        indexes: ClassVar = [models.Index(fields=["user"], name="session_by_user")]


class FailedSignIn(models.Model):
    """Failed sign-ins of an account, from an address, or of both together; or that the pair is known.

    `key` is a hash of which of these it is: nobody reads here who works from where.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        # The old ones, when they are cleaned up.
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="failed_sign_in_by_age")]

    def __str__(self) -> str:
        return f"{self.failures} failures"


class Signed(models.Model):
    """A row that says who changed it last, and when. Nobody: a program did, or it is older than this."""

    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Left to the services, which look inside the transaction, and to the database."""


class Customer(Signed):
    """Somebody who orders. A retired customer keeps its orders and is offered no more."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(max_length=1000, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    external_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = queries.CustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            # An import finds its customers by it. No `unique=True`: see Order.
            models.UniqueConstraint(
                fields=["external_number"],
                condition=Q(external_number__isnull=False),
                name="customer_external_number_once",
            ),
        ]
        # Each is written with every customer, on every replica: it is here for the query that it names.
        indexes: ClassVar = [
            # The list, by name in both directions.
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            # The list, newest and oldest first.
            models.Index(fields=["created_at", "id"], name="customer_by_age"),
            # The list of the retired ones: the few among the many.
            models.Index(fields=["name_key", "id"], condition=Q(active=False), name="customer_retired"),
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

    sku = models.CharField("SKU", max_length=40)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    barcode = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)
    unit_price = models.DecimalField(
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MAX_AMOUNT)],
    )
    #: Since when its name and price are what they are: what an import of older rows leaves alone.
    priced_at = models.DateTimeField(default=timezone.now, editable=False)
    stock = models.BigIntegerField(null=True, blank=True)
    #: The stock where there is little of it, else None. It stands in the index that `stock` stood in: a sale
    #: out of plenty changes no indexed column, so PostgreSQL need not write all index entries anew.
    low_stock = models.GeneratedField(
        expression=Case(When(stock__lte=LOW_STOCK, then=F("stock")), default=None),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
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
            # What is typed or scanned at the desk; the list by SKU. No `unique=True`: see Order.
            models.UniqueConstraint(fields=["sku"], name="product_sku_once"),
            models.UniqueConstraint(
                fields=["barcode"], condition=Q(barcode__isnull=False), name="product_barcode_once"
            ),
        ]
        # Each is written with every product, on every replica: it is here for the query that it names.
        indexes: ClassVar = [
            # The list, by name in both directions.
            models.Index(fields=["name_key", "id"], name="product_by_name"),
            # The list, cheapest and dearest first.
            models.Index(fields=["unit_price", "id"], name="product_by_price"),
            # What is nearly sold out, on the home page and as a filter of the list.
            models.Index(
                fields=["low_stock", "id"],
                condition=Q(active=True, low_stock__isnull=False),
                name="product_low_stock",
            ),
            # The list of the retired ones: the few among the many.
            models.Index(fields=["name_key", "id"], condition=Q(active=False), name="product_retired"),
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

    reference = models.CharField(max_length=12, default=new_reference, editable=False)
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
    external_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)
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
            # Every page of an order, and the beginning of a reference in the list. With `unique=True`
            # PostgreSQL would get a second index, for LIKE, which no query of ours uses.
            models.UniqueConstraint(fields=["reference"], name="order_reference_once"),
            # An import finds by it what it stored before; the desk's own orders have none.
            models.UniqueConstraint(
                fields=["external_number"],
                condition=Q(external_number__isnull=False),
                name="order_external_number_once",
            ),
        ]
        # Each is written with every order, on every replica: it is here for the query that it names.
        # None for changed_by: staff are deactivated, never deleted, so nobody asks for their rows.
        indexes: ClassVar = [
            # The list, newest and oldest first; the orders of some days.
            models.Index(fields=["dated_at", "id"], name="order_by_date"),
            # The list by status; open drafts and today's sales on the home page.
            models.Index(fields=["status", "dated_at", "id"], name="order_by_status"),
            # The customer's page, and the list by customer. Walk-ins have none.
            models.Index(
                fields=["customer", "dated_at", "id"],
                condition=Q(customer__isnull=False),
                name="order_by_customer",
            ),
            # One's untouched draft, which the next new order takes: there are few.
            models.Index(
                fields=["created_by", "dated_at"],
                condition=Q(status="draft", version=1),
                name="order_untouched",
            ),
            # The list by clerk: who placed it or, while nobody has, who opened it.
            models.Index(Coalesce("placed_by", "created_by"), "dated_at", "id", name="order_by_clerk"),
            # The list, largest and smallest first.
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
            # The lines of an order.
            models.Index(fields=["order", "position", "id"], name="line_by_order"),
            # The latest orders of a product on its page, the list of orders by product.
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
            # The latest entries on a product's page.
            models.Index(fields=["product", "created_at", "id"], name="movement_by_product"),
            # What an order took from stock, when it is cancelled or corrected.
            models.Index(fields=["order"], name="movement_by_order"),
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
        # The timeline of an order.
        indexes: ClassVar = [models.Index(fields=["order", "created_at", "id"], name="event_by_order")]

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


class BulkResult(models.Model):
    """What a bulk action on orders did, for the page that shows it, under an address nobody guesses.

    Small and cleaned up soon, so no index helps. No right of its own: who sees orders sees it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField(max_length=10)
    #: The query string of the list that the orders were selected in.
    list_query = models.TextField(max_length=1000, blank=True)
    #: For each order its reference and why it was refused, which is empty where it was done.
    outcomes = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} {len(self.outcomes)} orders"


class IdempotencyKey(models.Model):
    """A write that was done once, so that the same key and payload find what it made."""

    key = models.CharField(max_length=300, primary_key=True)
    payload_hash = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # The old ones, when they are cleaned up.
        indexes: ClassVar = [models.Index(fields=["created_at"], name="key_by_age")]

    def __str__(self) -> str:
        return self.key


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens."""

    def of_user(self, user_id: int | None) -> Self:
        """The live ones of one account, newest first."""
        return self.live().filter(user=user_id).order_by("-pk")

    def live(self) -> Self:
        """Those that were not revoked and whose time is not up."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """A bearer token of the JSON API; only its SHA-256 is stored."""

    USE_STEP = timedelta(hours=1)

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", db_index=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    #: Stored when none was for USE_STEP, or since the token was made: most requests write nothing.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        # One's own tokens, on the page of the account.
        indexes: ClassVar = [models.Index(fields=["user"], name="token_by_user")]

    def __str__(self) -> str:
        return f"{self.user}'s token of {self.created_at:%Y-%m-%d}"

"""Tables of orders."""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from shop.customers.models import Customer
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.orders.money_columns import LINE_CONSTRAINTS, OPEN_BALANCE, ORDER_CONSTRAINTS, LineMoney, OrderMoney
from shop.orders.queries import OrderLineQuerySet, OrderQuerySet
from shop.orders.reference import ReferenceField
from shop.products.models import Product
from shop.staff.models import User, Versioned


class Order(OrderMoney, Versioned):
    """A customer's order: a draft first, then placed, then fulfilled or cancelled."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PLACED = "placed"
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"

    reference = ReferenceField(max_length=12, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="orders", db_index=False
    )
    subtotal = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    note = models.TextField(max_length=2000, blank=True)
    #: When the order was placed or, while it is a draft, opened. Lists sort and filter by this.
    dated_at = models.DateTimeField(default=timezone.now)
    placed_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    #: The latest requests that added to this draft: the key of each, and the id of its product.
    additions = models.JSONField(default=list, blank=True, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="orders_created", db_index=False
    )
    placed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="orders_placed", db_index=False
    )
    external_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)

    #: Only there after `OrderQuerySet.annotate_product_id` and `annotate_line_count`.
    product_id_of_code: int | None
    line_count: int

    objects = OrderQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("place_order", "Can place and fulfil orders, and cancel placed ones"),
            ("cancel_fulfilled_order", "Can cancel fulfilled orders"),
            ("exceed_discount_limit", "Can give any discount, and confirm one for others"),
            ("view_money_audit", "Can see whether all money adds up"),
            ("view_reports", "Can see reports"),
        ]
        constraints: ClassVar = [
            *ORDER_CONSTRAINTS,
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
            # Every page of an order reads by its reference, and the list by the beginning of one. With
            # `unique=True` PostgreSQL would get a second index, for LIKE, which no query here uses.
            models.UniqueConstraint(fields=["reference"], name="order_reference_once"),
            # An import finds the orders that it stored before. Orders that staff take have none.
            models.UniqueConstraint(
                fields=["external_number"],
                condition=Q(external_number__isnull=False),
                name="order_external_number_once",
            ),
        ]
        # Every index makes each write slower, on every replica, so each is here for the query in its comment.
        # There is none for changed_by: staff are deactivated, never deleted, so no query reads by it.
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
            # A clerk's untouched draft, which the clerk's next new order uses again. There are few.
            models.Index(
                fields=["created_by", "dated_at"],
                condition=Q(status="draft", version=1),
                name="order_untouched",
            ),
            # The list by clerk: the one who placed the order or, for a draft, who opened it.
            models.Index(Coalesce("placed_by", "created_by"), "dated_at", "id", name="order_by_clerk"),
            # The list, largest and smallest first.
            models.Index(fields=["amount", "id"], name="order_by_amount"),
            # The few orders with something to pay or to refund: their list, and their sum without their rows.
            models.Index(
                fields=["dated_at", "id", "business_day", "balance"],
                condition=OPEN_BALANCE,
                name="order_by_open_balance",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("order-detail", args=[self.reference])

    @cached_property
    def line_list(self) -> "list[OrderLine]":
        """The lines with their products, read once. A service that changes lines updates this list too."""
        return list(self.lines.with_products())

    @property
    def left_out(self) -> list[str]:
        """Names of the products that were not copied to this order, because they are no longer sold."""
        opened = self.events.filter(kind="opened").first()
        return list(opened.parameters.get("left_out", ())) if opened else []

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def customer_name(self) -> str:
        """The customer's name; "Walk-in" where there is none."""
        return self.customer.name if self.customer else "Walk-in"


class OrderLine(LineMoney):
    """A quantity of one product. Placing fixes its name and its unit price."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines", db_index=False)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=2)

    #: Only there after `OrderLineQuerySet.with_products`.
    percent_today: Decimal | None
    #: Units that came back; counted only by `prefetch_sold_lines`, else 0.
    returned_quantity: int = 0

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            *LINE_CONSTRAINTS,
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
    def insufficient_stock(self) -> int | None:
        """The product's stock if it is less than ordered, else None."""
        left = self.product.stock
        return left if left is not None and left < self.quantity else None


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
        RETURNED = "returned"
        ALLOWANCE = "allowance", "Price lowered"
        IMPORTED = "imported"
        DISCOUNTED = "discounted"

    order = models.ForeignKey(Order, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="events", db_index=False
    )
    #: What happened, as data: events.py lists them by kind, and words them.
    parameters = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        # The timeline of an order.
        indexes: ClassVar = [models.Index(fields=["order", "created_at", "id"], name="event_by_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class BulkResult(models.Model):
    """The outcome of a bulk action on orders. Its page has an address that cannot be guessed.

    There are few rows, deleted after some days, so they need no index. Everybody who may view orders may
    view them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField(max_length=10)
    #: The query string of the list that the orders were selected in.
    list_query = models.TextField(max_length=1000, blank=True)
    #: One pair for each order: its reference, and the reason why it was refused (empty if it was not).
    outcomes = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} {len(self.outcomes)} orders"

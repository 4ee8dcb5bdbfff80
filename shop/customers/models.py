"""The tables of customers."""

from typing import ClassVar, Required, TypedDict

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from shop.customers.queries import CustomerQuerySet
from shop.search import text
from shop.search.models import SearchTerm
from shop.staff.models import Retirable


class CustomerFields(TypedDict, total=False):
    """The fields that people fill in: forms, services, the admin and the JSON API all take them from here."""

    name: Required[str]
    phone: str
    email: str
    address: str
    note: str


class Customer(Retirable):
    """Somebody who orders. A retired customer keeps its orders, and is no longer suggested."""

    FIELDS = tuple(CustomerFields.__annotations__)

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(max_length=1000, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    external_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 (unique where there is one)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CustomerQuerySet.as_manager()

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
        # Every index makes each write slower, on every replica, so each is here for the query in its comment.
        indexes: ClassVar = [
            # The list, by name in both directions.
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            # The list, newest and oldest first.
            models.Index(fields=["created_at", "id"], name="customer_by_age"),
            # The list of retired customers, which are few.
            models.Index(fields=["name_key", "id"], condition=Q(active=False), name="customer_retired"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customer-detail", args=[self.pk])

    def search_terms(self) -> set[str]:
        """Returns the normalised words by which search finds this customer."""
        return text.make_terms(self.name) | text.make_phone_terms(self.phone)


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

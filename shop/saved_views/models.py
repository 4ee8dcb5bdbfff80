"""Tables of saved views."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shop.saved_views.queries import SavedViewQuerySet
from shop.staff.models import User


class SavedView(models.Model):
    """Filters and sort of a list, under a name. A view without an owner is shared with everybody."""

    class Noun(models.TextChoices):
        ORDER = "order", "Orders"
        CUSTOMER = "customer", "Customers"
        PRODUCT = "product", "Products"

    owner = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="saved_views", db_index=False
    )
    noun = models.CharField("list", max_length=10, choices=Noun.choices)
    name = models.CharField(max_length=60)
    #: The query string of the list's address, without the cursor of a page.
    query = models.TextField(max_length=2000)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [("share_savedview", "Can share saved views with everybody")]
        constraints: ClassVar = [
            # A list also finds its views by this index.
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

"""Reads of saved views."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from shop.saved_views.models import SavedView  # noqa: F401


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def offered(self, staff_id: int) -> Self:
        """Their own ones and everybody's, by name."""
        return self.filter(Q(owner=staff_id) | Q(owner=None)).order_by("name", "id")

    def on_list(self, noun: str) -> Self:
        """Those of one list."""
        return self.filter(noun=noun)

    def owned(self, owner_id: int | None) -> Self:
        """Those of one member of staff; for None everybody's."""
        return self.filter(owner=owner_id)

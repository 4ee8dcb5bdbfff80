"""Reads of saved views."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from shop.saved_views.models import SavedView


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, staff_id: int) -> Self:
        """Views of this member of staff and shared views, by name."""
        return self.filter(Q(owner=staff_id) | Q(owner=None)).order_by("name", "id")

    def list_visible(self, noun: str, staff_id: int) -> "list[SavedView]":
        """Returns the visible views of one list, own views before shared ones."""
        return sorted(self.visible_to(staff_id).filter(noun=noun), key=lambda view: view.is_shared)

    def of_owner(self, owner_id: int | None) -> Self:
        """Views of this member of staff; the shared views for None."""
        return self.filter(owner=owner_id)
